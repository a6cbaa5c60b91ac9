"""The chart of a sample answer: `python -m config.sample_chart` draws it anew into the folder of samples.

Its figures are those of the table above it in the answer. Colours differ in lightness too, so that it reads in grey.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from articles.images.encoding import encode

FILE = (
    Path(__file__).resolve().parents[1]
    / "articles/sample/images/anticoagulant-choice-atrial-fibrillation/stroke-by-trial.png"
)
TITLE = "Stroke or systemic embolism, per cent a year"
SERIES = (("Direct oral anticoagulant", "#1b4a6b"), ("Warfarin", "#c98a2b"))
TRIALS = (
    ("RE-LY, dabigatran 150 mg", "1.11", "1.69"),
    ("ROCKET AF, rivaroxaban", "2.1", "2.4"),
    ("ARISTOTLE, apixaban", "1.27", "1.60"),
    ("ENGAGE AF-TIMI 48, edoxaban", "1.18", "1.50"),
)
WIDTH, LEFT, RIGHT, TOP = 1200, 400, 90, 130
BAR, GAP = 40, 34
INK = "#1d2327"


def chart() -> bytes:
    """Pairs of bars, one pair a trial, each with its figure, as a PNG of the form that is kept."""
    height = TOP + len(TRIALS) * (2 * BAR + GAP) + 20
    picture = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(30), ImageFont.load_default(25)
    draw.text((40, 24), TITLE, INK, large)
    at = 40
    for name, colour in SERIES:
        draw.rectangle([at, 80, at + 24, 104], fill=colour)
        draw.text((at + 36, 76), name, INK, small)
        at += 36 + round(draw.textlength(name, small)) + 48
    scale = (WIDTH - LEFT - RIGHT) / max(float(value) for _name, *values in TRIALS for value in values)
    for row, (name, *values) in enumerate(TRIALS):
        top = TOP + row * (2 * BAR + GAP)
        draw.text((LEFT - 16, top + BAR), name, INK, small, anchor="rm")
        for number, (value, (_series, colour)) in enumerate(zip(values, SERIES, strict=True)):
            y, end = top + number * BAR, LEFT + round(float(value) * scale)
            draw.rectangle([LEFT, y, end, y + BAR - 4], fill=colour)
            draw.text((end + 10, y + BAR / 2 - 2), value, INK, small, anchor="lm")
    draw.line([LEFT, TOP - 8, LEFT, height - 20 - GAP + 8], fill=INK, width=2)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return encode(file.getvalue()).data


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_bytes(chart())
