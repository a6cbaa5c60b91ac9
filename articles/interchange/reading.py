"""From the bytes of one article file to a draft. Pure: no database, no folder.

Keys of the head, all optional but `title`: `title` (the question), `description` (the bottom line's lead, where there
is no `bottom_line`), `bottom_line` and `plain_bottom_line` (each `heading` and `lead`), `plain_title`, `keywords`,
`topics`, `byline` (each `name`, `credentials`, `orcid`, `email`), `images` (each `name`, `file`, `alt`, `caption`,
`credit`), `searched` (a day), `lang`, `id`, `slug`, `sample`, `kind` (the slug of a kind of answer).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from articles.interchange.heads import FileError, Node, read_head
from articles.markup.characters import normal
from articles.markup.images import NAME
from references.folding import quoted
from references.identity import identifiers

__all__ = ["LARGEST_FILE", "Author", "Draft", "DraftImage", "FileError", "parse_article"]

LARGEST_FILE = 1_000_000
"""Bytes. Five times the largest text that can be laid out: what is larger is no article."""
LONGEST_SLUG = 100
LONGEST_ID = 200
LONGEST_TOPIC = 120
LONGEST_LANGUAGE = 12
LONGEST_IMAGE_NAME = 60
LONGEST_WORDS = {"alt": 500, "caption": 1000, "credit": 300}
"""What is said of an image."""
LONGEST_KIND = 60

KEYS = frozenset(
    {
        "title",
        "description",
        "bottom_line",
        "plain_title",
        "plain_bottom_line",
        "keywords",
        "topics",
        "byline",
        "images",
        "searched",
        "lang",
        "id",
        "slug",
        "sample",
        "kind",
    }
)
_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*")
_YES, _NO = {"true", "yes", "on"}, {"false", "no", "off", ""}


@dataclass(frozen=True)
class Author:
    """One name of a byline. `email` may lead to an account and is never published."""

    name: str
    credentials: str = ""
    orcid: str = ""
    email: str = ""


@dataclass(frozen=True)
class DraftImage:
    """An image of an article: its name in the text, its file below `images/`, and what is said of it."""

    name: str
    file: str
    alternative: str
    caption: str = ""
    credit: str = ""
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Draft:
    """What a file says. `notes` are sentences for the report; `lines` leads from a head's key to its line."""

    question: str
    plain_question: str = ""
    heading: str = ""
    lead: str = ""
    plain_heading: str = ""
    plain_lead: str = ""
    body: str = ""
    keywords: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    byline: tuple[Author, ...] = ()
    searched_on: datetime.date | None = None
    language: str = "en"
    source_id: str = ""
    slug: str = ""
    is_sample: bool = False
    images: tuple[DraftImage, ...] = ()
    kind: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    body_line: int = field(default=1, compare=False)


def parse_article(data: bytes) -> Draft:
    """Return the draft that the bytes of an article file hold. Raises FileError with the line and the reason."""
    text = _decoded(data)
    head_text, body, body_line = _parted(text)
    head = read_head(head_text, first_line=2)
    question = _text(head, "title")
    if not question:
        raise FileError(head["title"].line if "title" in head else 1, _("The head has no title: it is the question."))
    heading, lead = _bottom_line(head, "bottom_line")
    plain_heading, plain_lead = _bottom_line(head, "plain_bottom_line")
    return Draft(
        question=question,
        plain_question=_text(head, "plain_title"),
        heading=heading,
        lead=lead if "bottom_line" in head else _text(head, "description"),
        plain_heading=plain_heading,
        plain_lead=plain_lead,
        body=normal(body).strip("\n"),
        keywords=_list(head, "keywords"),
        topics=_list(head, "topics", longest=LONGEST_TOPIC),
        byline=_byline(head),
        searched_on=_day(head, "searched"),
        language=_text(head, "lang", longest=LONGEST_LANGUAGE) or "en",
        source_id=_text(head, "id", longest=LONGEST_ID),
        slug=_text(head, "slug", longest=LONGEST_SLUG),
        is_sample=_flag(head, "sample"),
        images=_images(head),
        kind=_text(head, "kind", longest=LONGEST_KIND),
        notes=tuple(
            _("The key %(key)s is not known and was left aside.") % {"key": quoted(key)}
            for key in head
            if key not in KEYS
        ),
        lines={key: node.line for key, node in head.items()},
        body_line=body_line,
    )


def _decoded(data: bytes) -> str:
    """The file's text with `\\n` line ends: UTF-8, or UTF-16 where a byte order mark says so."""
    if len(data) > LARGEST_FILE:
        raise FileError(
            None,
            _("The file has %(size).1f MB; an article has at most %(most)d MB.")
            % {"size": len(data) / 1_000_000, "most": LARGEST_FILE // 1_000_000},
        )
    if not data.strip():
        raise FileError(None, _("The file is empty."))
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\x00" in data:
            raise FileError(None, _("The file is not a text: it holds binary data.")) from None
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            line,
            _("The file is not in UTF-8: it holds the byte %(byte)02X. Save it as UTF-8.")
            % {"byte": data[error.start]},
        ) from None
    if "\x00" in text:
        raise FileError(
            text.count("\n", 0, text.index("\x00")) + 1, _("The file is not a text: it holds a null character.")
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parted(text: str) -> tuple[str, str, int]:
    """The head between its two fences, the body, and the file's line on which the body begins."""
    lines = text.split("\n")
    if not lines[0].startswith("---") or not _FENCE.fullmatch(lines[0]):
        raise FileError(1, _("The file has no head: it must begin with a line of three hyphens (---)."))
    for number, line in enumerate(lines[1:], start=1):
        if _FENCE.fullmatch(line):
            body = "\n".join(lines[number + 1 :])
            blank = len(body) - len(body.lstrip("\n"))
            return "\n".join(lines[1:number]), body, number + 2 + blank
    raise FileError(1, _("The head is not closed: end it with a line of three hyphens (---)."))


def _text(head: dict[str, Node], key: str, *, longest: int | None = None) -> str:
    return _text_of(head[key], key, longest) if key in head else ""


def _text_of(node: Node, name: str, longest: int | None = None) -> str:
    if not isinstance(node.value, str):
        raise FileError(node.line, _("%(key)s must be a text.") % {"key": name})
    text = normal(node.value).strip()
    if longest is not None and len(text) > longest:
        raise FileError(
            node.line,
            _("%(key)s has %(length)d characters; at most %(most)d fit.")
            % {"key": name, "length": len(text), "most": longest},
        )
    return text


def _bottom_line(head: dict[str, Node], key: str) -> tuple[str, str]:
    """Heading and lead; a bare text is the lead."""
    if key not in head:
        return "", ""
    node = head[key]
    if isinstance(node.value, str):
        return "", _text(head, key)
    if not isinstance(node.value, dict):
        raise FileError(node.line, _("%(key)s must have a heading and a lead.") % {"key": key})
    _known(node.value, {"heading", "lead"}, key)
    return _text(node.value, "heading"), _text(node.value, "lead")


def _list(head: dict[str, Node], key: str, *, longest: int | None = None) -> tuple[str, ...]:
    """A list of texts without the empty ones; a bare text is a list of one."""
    if key not in head:
        return ()
    node = head[key]
    if isinstance(node.value, dict):
        raise FileError(node.line, _("%(key)s must be a list of texts.") % {"key": key})
    items = node.value if isinstance(node.value, list) else [node]
    return tuple(text for item in items if (text := _text_of(item, key, longest)))


def _byline(head: dict[str, Node]) -> tuple[Author, ...]:
    node = head.get("byline")
    if node is None or node.value == "":
        return ()
    if not isinstance(node.value, list):
        raise FileError(node.line, _("byline must be a list of people, each with a name."))
    return tuple(_author(item) for item in node.value)


def _author(node: Node) -> Author:
    if isinstance(node.value, str):
        parts = {"name": node}
    elif isinstance(node.value, dict):
        parts = node.value
    else:
        raise FileError(node.line, _("byline must be a list of people, each with a name."))
    _known(parts, {"name", "credentials", "orcid", "email"}, "byline")
    name = _text(parts, "name", longest=LONGEST_TOPIC)
    if not name:
        raise FileError(node.line, _("A person in the byline has no name."))
    try:
        orcid = identifiers.orcid(_text(parts, "orcid")) or ""
    except ValueError as error:
        raise FileError(parts["orcid"].line, str(error)) from None
    return Author(
        name=name,
        credentials=_text(parts, "credentials", longest=LONGEST_TOPIC),
        orcid=orcid,
        email=_text(parts, "email").lower(),
    )


def _images(head: dict[str, Node]) -> tuple[DraftImage, ...]:
    node = head.get("images")
    if node is None or node.value == "":
        return ()
    if not isinstance(node.value, list):
        raise FileError(node.line, _("images must be a list, each with a name, a file and an alt."))
    found = tuple(_image(item) for item in node.value)
    for number, image in enumerate(found):
        if image.name in {before.name for before in found[:number]}:
            raise FileError(image.line, _("Two images have the name %(name)s.") % {"name": image.name})
    return found


def _image(node: Node) -> DraftImage:
    if not isinstance(node.value, dict):
        raise FileError(node.line, _("images must be a list, each with a name, a file and an alt."))
    parts = node.value
    _known(parts, {"name", "file", *LONGEST_WORDS}, "images")
    name, file = _text(parts, "name", longest=LONGEST_IMAGE_NAME), _text(parts, "file", longest=LONGEST_ID)
    if not re.fullmatch(NAME, name):
        raise FileError(node.line, _("An image needs a name of small letters, digits and hyphens."))
    if not file:
        raise FileError(node.line, _("The image %(name)s names no file.") % {"name": name})
    said = {key: " ".join(_text(parts, key, longest=most).split()) for key, most in LONGEST_WORDS.items()}
    if not said["alt"]:
        raise FileError(
            node.line, _("The image %(name)s has no alt: what it says, for those who can't see it.") % {"name": name}
        )
    return DraftImage(name, file, said["alt"], said["caption"], said["credit"], line=node.line)


def _known(parts: dict[str, Node], known: set[str], where: str) -> None:
    for key, node in parts.items():
        if key not in known:
            raise FileError(
                node.line,
                _("%(where)s has the key %(key)s; it may have: %(known)s.")
                % {"where": where, "key": quoted(key), "known": ", ".join(sorted(known))},
            )


def _day(head: dict[str, Node], key: str) -> datetime.date | None:
    written = _text(head, key)
    if not written:
        return None
    try:
        return datetime.date.fromisoformat(written[:10] if re.match(r"[0-9-]{10}[T ]", written) else written)
    except ValueError:
        raise FileError(
            head[key].line,
            _("%(key)s is %(text)s, and must be a day, written as 2025-03-31.") % {"key": key, "text": quoted(written)},
        ) from None


def _flag(head: dict[str, Node], key: str) -> bool:
    written = _text(head, key).lower()
    if written not in _YES | _NO:
        raise FileError(head[key].line, _("%(key)s must be true or false.") % {"key": key})
    return written in _YES
