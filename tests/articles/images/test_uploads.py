"""Taking an image in through the imaging child, and the sentences for what cannot be taken."""

from __future__ import annotations

import signal
import subprocess

import pytest

from articles.images import uploads
from articles.images.encoding import encode
from articles.images.uploads import LARGEST, ImageRefused, taken_in
from tests.pictures import as_bytes, drawing


def test_the_child_gives_what_the_encoder_makes() -> None:
    data = as_bytes(drawing())
    assert taken_in(data) == encode(data)


def refusal(data: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        taken_in(data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG" + bytes(LARGEST), "8.0 MB"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"GIF89a...", "GIF"),
        (b"<?xml version='1.0'?>\n<svg onload='alert(1)'/>", "SVG"),
        (b"\n <SVG>", "SVG"),
        (b"\0\0\0\x18ftypheic....", "HEIC"),
    ],
)
def test_known_kinds_are_named_without_being_opened(data: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("a decoder was asked"))
    assert words in refusal(data)


def test_the_childs_reason_becomes_a_sentence() -> None:
    assert refusal(b"just words").startswith("This is no PNG")


@pytest.mark.parametrize(
    "end", [subprocess.CompletedProcess([], -signal.SIGSEGV, b"", b""), subprocess.CompletedProcess([], 1, b"", b"x")]
)
def test_a_child_that_dies_harms_nobody(end, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: end)
    assert "broken" in refusal(as_bytes(drawing()))


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*args: object, **kwargs: object) -> None:
        raise subprocess.TimeoutExpired([], uploads.SECONDS)

    monkeypatch.setattr(subprocess, "run", hang)
    assert "too long" in refusal(as_bytes(drawing()))
