"""What is kept of an upload: the picture and nothing else, whatever the file held besides."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from articles.images.encoding import TALLEST, WIDEST, Unfit, encode, is_clean, media_type_of
from tests.pictures import as_bytes, drawing, photograph

SECRET = b"zqsecret"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def exif(orientation: int = 1) -> bytes:
    """EXIF with an orientation, a name and a place."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET.decode()
    tags[0x013B] = SECRET.decode()
    tags[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 29: SECRET.decode()}
    return tags.tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(png: bytes, kind: bytes, body: bytes) -> bytes:
    return png[:33] + chunk(kind, body) + png[33:]


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", SECRET.decode())
    info.add_text("Comment", SECRET.decode(), zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET.decode()}</x:xmpmeta>")
    return info


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SECRET
PNG = as_bytes(drawing())
JPEG = as_bytes(photograph(), "JPEG")
PLANTED = {
    "EXIF with GPS in a JPEG": as_bytes(photograph(), "JPEG", exif=exif()),
    "XMP in a JPEG": as_bytes(photograph(), "JPEG", xmp=SECRET),
    "a comment in a JPEG": as_bytes(photograph(), "JPEG", comment=SECRET),
    "a profile in a JPEG": as_bytes(photograph(), "JPEG", icc_profile=PROFILE),
    "bytes behind a JPEG": JPEG + SECRET,
    "a JPEG behind a JPEG": JPEG + JPEG + SECRET,
    "a segment of an application in a JPEG": JPEG[:2] + b"\xff\xed\x00\x0a" + SECRET + JPEG[2:],
    "EXIF in a PNG": as_bytes(drawing(), exif=exif()),
    "texts in a PNG": as_bytes(drawing(), pnginfo=texts()),
    "a profile in a PNG": as_bytes(drawing(), icc_profile=PROFILE),
    "a time in a PNG": with_chunk(PNG, b"tIME", b"\x07\xe6\x01\x02\x03\x04\x05"),
    "an unknown chunk in a PNG": with_chunk(PNG, b"prVt", SECRET),
    "bytes behind a PNG": PNG + SECRET,
    "a script behind a PNG": PNG + b"<script>alert('zqsecret')</script>",
    "EXIF and XMP in a WebP": as_bytes(photograph(), "WEBP", exif=exif(), xmp=SECRET),
    "bytes behind a WebP": as_bytes(photograph(), "WEBP") + SECRET,
}


@pytest.mark.parametrize("data", PLANTED.values(), ids=PLANTED)
def test_whatever_was_planted_is_gone(data: bytes) -> None:
    assert not is_clean(data)
    made = encode(data)
    assert is_clean(made.data)
    picture = opened(made.data)
    picture.load()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert not picture.getexif()
    assert SECRET not in made.data
    assert b"GPS" not in made.data
    assert made.data.endswith((b"IEND\xaeB`\x82", b"\xff\xd9"))


@pytest.mark.parametrize("name", ["texts in a PNG", "EXIF with GPS in a JPEG"])
def test_what_is_looked_for_was_really_there(name: str) -> None:
    assert SECRET in PLANTED[name]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_the_picture_stands_as_the_camera_was_held(orientation: int, format: str) -> None:
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste("black", (0, 0, 16, 16))
    # What a camera stores that was held so: turned back by the way in which it asks to be turned.
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    how = {"lossless": True} if format == "WEBP" else {}
    made = encode(as_bytes(stored, format, exif=exif(orientation), **how))
    picture = opened(made.data).convert("L")
    assert (made.width, made.height) == picture.size == (64, 32)
    assert picture.getpixel((6, 6)) < 60
    assert picture.getpixel((58, 6)) > 200
    assert picture.getpixel((6, 28)) > 200


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((1600, 900), (1600, 900)),
        ((3200, 1800), (1600, 900)),
        ((4000, 1000), (1600, 400)),
        ((1000, 4800), (500, TALLEST)),
        ((60, 40), (60, 40)),
    ],
)
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_it_is_made_small_enough_and_never_larger(size, kept, format: str) -> None:
    made = encode(as_bytes(drawing(*size), format))
    assert (made.width, made.height) == kept == opened(made.data).size
    assert made.width <= WIDEST


def test_drawings_stay_sharp_and_photographs_small() -> None:
    assert encode(as_bytes(drawing(800, 600))).media_type == "image/png"
    assert encode(as_bytes(drawing(800, 600), "WEBP", lossless=True)).media_type == "image/png"
    made = encode(as_bytes(photograph(800, 600)))
    assert made.media_type == "image/jpeg"
    assert len(made.data) < len(as_bytes(photograph(800, 600))) / 2


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_a_png_becomes_grey_or_colour_on_white(mode: str) -> None:
    if mode == "I;16":
        picture = Image.new("I;16", (32, 32), 65535)
        picture.paste(257 * 100, (0, 0, 16, 32))
    else:
        picture = Image.new("L", (32, 32), 255)
        picture.paste(100 if mode not in {"1"} else 0, (0, 0, 16, 32))
        picture = picture.convert("RGBA" if mode == "RGBA" else mode)
        if mode in {"RGBA", "LA"}:
            picture.putalpha(Image.new("L", (32, 32), 0))
    made = opened(encode(as_bytes(picture)).data)
    assert made.mode in {"L", "RGB"}
    left = made.convert("L").getpixel((4, 4))
    assert left == {"1": 0, "LA": 255, "RGBA": 255}.get(mode, 100)
    assert made.convert("L").getpixel((28, 4)) == 255


def test_a_transparent_palette_and_a_cmyk_photograph_are_read() -> None:
    picture = Image.new("P", (32, 32), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])
    assert opened(encode(as_bytes(picture, transparency=0)).data).convert("L").getpixel((4, 4)) == 255
    cmyk = as_bytes(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "JPEG")
    red = opened(encode(cmyk).data).convert("RGB").getpixel((4, 4))
    assert red[0] > 200
    assert max(red[1:]) < 60


def test_colours_are_those_that_the_profile_means() -> None:
    """A profile that swaps nothing leaves the colours; one of a wider space changes them."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    plain = encode(as_bytes(Image.new("RGB", (32, 32), (180, 90, 40)), icc_profile=PROFILE[: -len(SECRET)]))
    assert opened(plain.data).convert("RGB").getpixel((4, 4)) == (180, 90, 40)
    other = encode(as_bytes(Image.new("RGB", (32, 32), (180, 90, 40)), icc_profile=lab))
    assert opened(other.data).size == (32, 32)


def test_a_broken_profile_is_left_aside() -> None:
    made = encode(as_bytes(drawing(), icc_profile=b"nonsense"))
    assert opened(made.data).convert("RGB").tobytes() == drawing().tobytes()


def moving(format: str) -> bytes:
    frames = [drawing(), Image.new("RGB", (240, 120), "red")]
    return as_bytes(frames[0], format, save_all=True, append_images=frames[1:])


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it is 60,000 by 60,000."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(10_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"just words", "format"),
        (b"", "format"),
        (b"\x89PNG\r\n\x1a\n", "format"),
        (as_bytes(drawing(), "GIF"), "format"),
        (as_bytes(drawing(), "TIFF"), "format"),
        (as_bytes(drawing(), "BMP"), "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (PNG[: len(PNG) // 2], "broken"),
        (JPEG[: len(JPEG) // 2], "broken"),
        (as_bytes(photograph(), "WEBP")[:-200], "broken"),
        (PNG[:60] + b"\0" * 20 + PNG[80:], "broken"),
        (moving("PNG"), "moving"),
        (moving("WEBP"), "moving"),
        (bomb(), "pixels"),
        (as_bytes(Image.new("RGB", (1, 1))), "small"),
        (as_bytes(Image.new("RGB", (800, 15))), "small"),
    ],
)
def test_what_cannot_be_kept_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(Unfit) as caught:
        encode(data)
    assert caught.value.args == (reason,)


def test_the_second_picture_of_a_telephone_is_left_behind() -> None:
    two = as_bytes(photograph(), "MPO", save_all=True, append_images=[drawing()])
    made = encode(two)
    assert made.media_type == "image/jpeg"
    assert is_clean(made.data)


@pytest.mark.parametrize("data", [PNG, JPEG, as_bytes(photograph(2000, 900), "JPEG")])
def test_what_was_kept_is_kept_as_it_is(data: bytes) -> None:
    once = encode(data)
    assert encode(once.data) == once


def test_a_clean_file_that_cannot_be_decoded_is_refused() -> None:
    head = struct.pack(">IIBBBBB", 32, 32, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"zzz") + chunk(b"IEND", b"")
    assert is_clean(data)
    with pytest.raises(Unfit):
        encode(data)


@settings(max_examples=60)
@given(st.binary(max_size=40), st.integers(0, 3000), st.sampled_from([PNG, JPEG]))
def test_any_bytes_are_taken_or_refused_and_never_kept_unclean(planted: bytes, place: int, data: bytes) -> None:
    changed = data[:place] + planted + data[place + len(planted) // 2 :]
    try:
        made = encode(changed)
    except Unfit:
        return
    assert is_clean(made.data)
    assert media_type_of(made.data) == made.media_type
