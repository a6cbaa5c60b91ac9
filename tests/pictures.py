"""Images drawn for tests: no file of anybody's."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

from articles.images.encoding import Encoded, encode


def as_bytes(picture: Image.Image, format: str = "PNG", **how: Any) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, format, **how)
    return file.getvalue()


def drawing(width: int = 240, height: int = 120) -> Image.Image:
    """Lines and bars on white, as a chart has them."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.line([(10, height - 10), (width - 10, 10)], fill="navy", width=3)
    draw.rectangle([20, height // 2, 40, height - 10], fill="teal")
    return picture


def photograph(width: int = 240, height: int = 120) -> Image.Image:
    """Soft colours without an edge, no two pixels alike: what lossless forms cannot hold cheaply."""
    coarse = (width // 4, height // 4)
    soft = Image.linear_gradient("L").resize((width, height))
    bands = [
        Image.blend(soft, Image.effect_noise(coarse, 80).resize((width, height), Image.Resampling.BICUBIC), 0.4)
        for _band in range(3)
    ]
    return Image.merge("RGB", bands)


def kept(width: int = 240, height: int = 120) -> Encoded:
    """A drawing as the site keeps it."""
    return encode(as_bytes(drawing(width, height)))
