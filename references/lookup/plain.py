"""Plain text out of the marked-up titles and abstracts of Crossref and DataCite. Pure."""

from __future__ import annotations

import html
import re

from references.folding import tidy_line, tidy_text

_FACE = "i|b|u|em|strong|italic|bold|sub|sup|sc|scp|small|span|tt|underline|ovl|strike|font|a|inf"
_BLOCK = "p|br|div|sec|title|list|list-item|li|ul|ol|label|disp-formula|inline-formula|h[1-6]"
# `p<b` and `a<b>c` are sums, not tags: only what JATS, MathML and HTML know, or what names its namespace, is a tag.
_TAG = re.compile(rf"</?(?:(?:jats|mml|m):[\w.-]+|(?:{_FACE}|{_BLOCK}))(?:\s[^<>]*)?/?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"</?(?:jats:)?(?:{_BLOCK})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_HEADING = re.compile(r"<(?:jats:)?title(?:\s[^<>]*)?>(.*?)</(?:jats:)?title>", re.IGNORECASE | re.DOTALL)
_RAISED = re.compile(r"<(?:jats:)?sup(?:\s[^<>]*)?>\s*([0-9+−-]{1,6})\s*</(?:jats:)?sup>", re.IGNORECASE)
_RAISED_DIGITS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_COLON = "\x00"
"""Stands behind a heading until it is clear where the section's text begins."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def line(text: str) -> str:
    """One line without markup: for titles and names. A raised number stays raised, so that 10⁶ does not become 106."""
    return tidy_line(_without_tags(text))


def paragraphs(text: str) -> str:
    """Text in paragraphs without markup: for abstracts. A section's heading stands before it with a colon."""
    text = _HEADING.sub(_heading, " ".join(_COMMENT.sub("", text).replace(_COLON, " ").split()))
    text = _without_tags(_BLOCK_TAG.sub("\n", text))
    return tidy_text(re.sub(r"\n\s*", "\n", re.sub(rf"{_COLON}\s*", ": ", text)))


def _heading(match: re.Match[str]) -> str:
    words = line(match[1]).rstrip(":")
    if words.casefold() in {"", "abstract", "summary"}:
        return ""
    return f"<p/>{html.escape(words, quote=False)}{_COLON}"


def _without_tags(text: str) -> str:
    """Tags are taken out before and after entities are read: many records escape their markup a second time."""
    for _round in range(2):
        text = _RAISED.sub(lambda match: match[1].translate(_RAISED_DIGITS), _COMMENT.sub("", text))
        text = html.unescape(_TAG.sub("", text))
    return text
