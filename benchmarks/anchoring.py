"""How well passages keep their places, and how long it takes: `python -m benchmarks.anchoring`.

A text of 60 kB made of real articles (the shared data beside the repository), which repeat much of each other: passages
are quoted, the text is edited elsewhere or the passage is taken out, and each is followed to the new text.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

from articles.anchoring import Edit, Place, quote

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SIZE, TRIALS, SEED = 60_000, 200, 5
LENGTHS = {"6–20": (6, 20), "40–100": (40, 100), "300–1,000": (300, 1000)}

Case = tuple[str, Place | None]


def whole_text(rnd: random.Random) -> str:
    files = sorted(DATA.rglob("*.md"))
    rnd.shuffle(files)
    text = ""
    for path in files:
        text += path.read_text() + "\n\n"
        if len(text) > SIZE:
            break
    return text


def edited(text: str, place: Place, edits: int, rnd: random.Random) -> Case:
    """The text with so many edits outside the passage, and where the passage is then."""
    start, end = place.start, place.end
    for _edit in range(edits):
        while True:
            low = rnd.randrange(len(text))
            high = min(len(text), low + rnd.choice([0, 0, 5, 30, 200]))
            if high <= start or low >= end:
                break
        new = text[:low] + rnd.choice(["", " some more words ", text[low % 5000 :][:80]]) + text[high:]
        if high <= start:
            start, end = start + len(new) - len(text), end + len(new) - len(text)
        text = new
    return text, Place(start, end, True)


def taken_out(text: str, place: Place, edits: int, rnd: random.Random) -> Case:
    after, now = edited(text, place, edits, rnd)
    assert now
    return after[: now.start] + after[now.end :], None


def trial(
    text: str, between: tuple[int, int], make: Callable[..., Case], edits: int, rnd: random.Random
) -> list[object]:
    right, took = 0, []
    for _trial in range(TRIALS):
        start = rnd.randrange(len(text) - between[1])
        place = Place(start, start + rnd.randint(*between), True)
        after, expected = make(text, place, edits, rnd)
        began = time.process_time()
        found = Edit(text, after).follow(quote(text, place.start, place.end), place)
        took.append(1000 * (time.process_time() - began))
        right += (found.start, found.end) == (expected.start, expected.end) if found and expected else found == expected
    return [f"{right / TRIALS:.1%}", f"{sum(took) / TRIALS:.1f}", f"{max(took):.0f}"]


def main() -> None:
    rnd = random.Random(SEED)  # noqa: S311 - figures that can be made again
    text = whole_text(rnd)
    print("| what | characters | right | ms | longest |\n|---|---|---|---|---|")
    for label, between in LENGTHS.items():
        for what, make, edits in (
            ("one edit elsewhere", edited, 1),
            ("20 edits elsewhere", edited, 20),
            ("taken out", taken_out, 0),
            ("taken out, with 10 edits elsewhere", taken_out, 10),
        ):
            print("|", " | ".join(map(str, [what, label, *trial(text, between, make, edits, rnd)])), "|", flush=True)


if __name__ == "__main__":
    main()
