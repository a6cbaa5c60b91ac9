"""What must hold of every template, stylesheet and script: nothing inline, nothing from elsewhere, readable colours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from articles.audiences import AUDIENCES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "script without an address": re.compile(r"<script(?![^>]*\s(src=|type=\"application/ld\+json\"))"),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "safe filter": re.compile(r"\|\s*safe\b|autoescape\s+off"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_holds_what_the_content_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", STYLES + SCRIPTS, ids=name)
def test_no_stylesheet_or_script_fetches_from_elsewhere(path: Path) -> None:
    assert not re.search(r"@import|https?://|url\(|\beval\(|innerHTML", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [p for p in STYLES if p.name not in {"tokens.css", "print.css"}], ids=name)
def test_colours_are_named_in_one_place(path: Path) -> None:
    found = re.findall(r"#[0-9a-f]{3,8}\b(?=[;\s,)])|rgba?\(|hsla?\(", path.read_text(encoding="utf-8"))
    assert found == [], "a colour belongs in tokens.css"


def test_the_script_knows_the_same_audiences_as_the_server() -> None:
    script = (ROOT / "static" / "js" / "audience.js").read_text(encoding="utf-8")
    known = re.search(r"KNOWN = \[([^]]*)\]", script)
    assert known
    assert re.findall(r'"([^"]+)"', known[1]) == [audience.slug for audience in AUDIENCES]


def tokens(scheme: str) -> dict[str, str]:
    """The colours of tokens.css as a reader of this scheme gets them."""
    text = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media (prefers-color-scheme: dark)", 1)
    dark = dark.split("@media", 1)[0]
    parts = [light] if scheme == "light" else [light, dark]
    return {key: value for part in parts for key, value in re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("paper", "surface", "tint", "tint-deep")
STATES = ("neutral", "amber", "green", "red")
TEXT_ON = [(text, ground) for text in ("ink", "ink-soft", "link", "link-visited") for ground in GROUNDS]
TEXT_ON += [(state, ground) for state in STATES for ground in ("paper", "surface", "tint", f"{state}-tint")]
TEXT_ON += [("ink", f"{state}-tint") for state in STATES] + [
    ("brand-ink", "brand"),
    ("focus-on-brand", "brand"),
    ("ink", "mark"),
]
SHAPE_ON = [(f"{state}-edge", ground) for state in STATES for ground in ("paper", "tint")]
SHAPE_ON += [("focus", ground) for ground in GROUNDS] + [("edge", "paper"), ("edge", "surface")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_ON, 4.5), (SHAPE_ON, 3.0)], ids=["text", "shapes"])
def test_every_pair_of_colours_can_be_read(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = tokens(scheme)
    found = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}
