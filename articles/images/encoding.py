"""From the bytes of an upload to the bytes that are kept. Pure; run only inside the imaging child (see `child.py`).

What is kept is a PNG or a JPEG that this module wrote: turned as EXIF says, in sRGB, on white, at most `WIDEST` by
`TALLEST`, and with nothing in it but the picture. Both formats are read by everything that reads our exports (Pandoc,
Word, LaTeX); of the two the one that suits: PNG for drawings, whose lines it keeps sharp, JPEG for photographs.

Bytes that are of this form already are kept as they are (`is_clean`), so that an export that is imported again has the
same digests.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

from PIL import Image, ImageCms, ImageFile, ImageOps, PngImagePlugin

FORMATS = ("PNG", "JPEG", "WEBP")
WIDEST, TALLEST = 1600, 2400
MOST_PIXELS = 50_000_000
"""Of what is decoded: the photographs of today's telephones. A file that unpacks to more is a mistake or a bomb."""
QUALITY = 85
LOSSLESS_MAY_COST = 1.5
"""How many times the JPEG's bytes a PNG may have and still be kept: drawings have fewer, photographs five and more."""
SMALLEST = 16
"""Pixels on either side: less shows nothing, and is what trackers use."""

PNG_SIGN = b"\x89PNG\r\n\x1a\n"
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}


class Unfit(Exception):
    """An upload that cannot be kept. Its first argument names the reason: see `uploads.SENTENCES`."""


@dataclass(frozen=True)
class Encoded:
    """An image as it is kept."""

    data: bytes
    media_type: str
    width: int
    height: int


def media_type_of(data: bytes) -> str:
    """What kind of kept bytes these are, from how they begin; empty where they are of no kind that is kept."""
    if data.startswith(PNG_SIGN):
        return "image/png"
    return "image/jpeg" if data.startswith(b"\xff\xd8\xff") else ""


def encode(data: bytes) -> Encoded:
    """Return the image as it is kept. Raises Unfit with "format", "broken", "moving", "pixels" or "small"."""
    picture = _opened(data)
    if is_clean(data) and picture.mode in {"L", "RGB"} and picture.width <= WIDEST and picture.height <= TALLEST:
        _load(picture)
        # A photograph that somebody saved as PNG is the exception: as JPEG it is a fraction.
        if picture.format != "PNG" or _written(picture).media_type == "image/png":
            return Encoded(data, media_type_of(data), *picture.size)
    # A JPEG can be decoded at a half, a quarter or an eighth: a large photograph never takes its full memory.
    picture.draft(None, (2 * WIDEST, 2 * TALLEST))
    _load(picture)
    picture = _plain(picture)
    picture.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    # A picture made of nothing but its pixels: what else was read stays behind.
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    return _written(bare)


def _opened(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("pixels") from None
    except Image.UnidentifiedImageError:
        raise Unfit("format") from None
    except Exception:
        raise Unfit("broken") from None
    # Telephones keep a second picture behind a JPEG (MPO); the first is the photograph.
    if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
        raise Unfit("moving")
    if min(picture.size) < SMALLEST:
        raise Unfit("small")
    return picture


def _load(picture: Image.Image) -> None:
    try:
        picture.load()
    except MemoryError:
        raise
    except Exception:
        # Whatever a decoder says of broken bytes: OSError, SyntaxError, ValueError, struct.error, zlib.error …
        raise Unfit("broken") from None


def _plain(picture: Image.Image) -> Image.Image:
    """The picture upright, in sRGB or grey, eight bits deep, on white."""
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16") or picture.mode == "I":
        # Sixteen bits of grey, as scans and X-rays have: converted as they are they would all turn white.
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    picture = _in_srgb(picture, profile)
    if picture.mode == "RGBA":
        # On white, whatever the page is: black lines on nothing cannot be seen on a dark one.
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
        picture = ground
    if picture.mode == "RGB" and _is_grey(picture):
        picture = picture.convert("L")
    return picture


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours that a profile means, as sRGB. One that does not fit the picture is left aside."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = picture.mode if picture.mode == "RGBA" else "RGB"
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _is_grey(picture: Image.Image) -> bool:
    red, green, blue = picture.split()
    return red.tobytes() == green.tobytes() == blue.tobytes()


def _written(bare: Image.Image) -> Encoded:
    png, jpeg = io.BytesIO(), io.BytesIO()
    bare.save(png, "PNG", optimize=True, pnginfo=PngImagePlugin.PngInfo())
    bare.save(jpeg, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    lossless = png.tell() <= LOSSLESS_MAY_COST * jpeg.tell()
    data, media_type = (png.getvalue(), "image/png") if lossless else (jpeg.getvalue(), "image/jpeg")
    if not is_clean(data):
        raise AssertionError("An image that was just written is not of the form that is kept.")
    return Encoded(data, media_type, *bare.size)


# -- The form that is kept --------------------------------------------------------------------------------------


def is_clean(data: bytes) -> bool:
    """Whether the bytes hold a picture and nothing else: no metadata, no profile, no text, nothing behind the end.

    Says nothing of whether the picture can be decoded. PNG: W3C, Portable Network Graphics, section 5; JPEG: ITU-T
    T.81, annex B.
    """
    try:
        if data.startswith(PNG_SIGN):
            return _is_clean_png(data)
        return data.startswith(b"\xff\xd8") and _is_clean_jpeg(data)
    except (IndexError, ValueError, struct.error):
        return False


def _is_clean_png(data: bytes) -> bool:
    place, kinds = len(PNG_SIGN), []
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        kind, end = data[place + 4 : place + 8], place + 12 + length
        (check,) = struct.unpack_from(">I", data, end - 4)
        if zlib.crc32(data[place + 4 : end - 4]) != check:
            return False
        kinds.append(kind)
        # Eight bits of grey or of red, green and blue, not interlaced.
        if kind == b"IHDR" and (data[place + 16], data[place + 17], data[place + 20]) not in {(8, 0, 0), (8, 2, 0)}:
            return False
        place = end
    middle = kinds[1:-1]
    return kinds[:1] == [b"IHDR"] and kinds[-1:] == [b"IEND"] and bool(middle) and set(middle) == {b"IDAT"}


_BARE_SEGMENTS = {0xC0, 0xC2, 0xC4, 0xDB, 0xDD}
"""Frames (baseline, progressive), Huffman and quantisation tables, restart intervals."""


def _is_clean_jpeg(data: bytes) -> bool:
    place, first = 2, True
    while True:
        if data[place] != 0xFF:
            return False
        marker = data[place + 1]
        if marker == 0xD9:
            return place + 2 == len(data)
        (length,) = struct.unpack_from(">H", data, place + 2)
        body = data[place + 4 : place + 2 + length]
        if marker == 0xE0:
            # The one application segment: JFIF without a thumbnail, first of all.
            if not first or len(body) != 14 or not body.startswith(b"JFIF\0") or body[12:] != b"\0\0":
                return False
        elif marker not in _BARE_SEGMENTS | {0xDA}:
            return False
        place, first = place + 2 + length, False
        if marker == 0xDA:
            # A scan ends at the first marker that is neither a stuffed byte nor a restart.
            place = data.index(0xFF, place)
            while data[place + 1] == 0 or 0xD0 <= data[place + 1] <= 0xD7:
                place = data.index(0xFF, place + 2)
