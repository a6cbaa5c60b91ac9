"""What a rendering is asked for and what it gives back, and both as JSON for the pipe to the child. No rules here."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, astuple, dataclass, field

from articles.markup.glossary import Term, Use

RENDERER_VERSION = 3
"""Goes into an edition's digest; raised whenever the same source may give other HTML."""

CITE_MARK = re.compile(
    r'<a class="cite" href="#ref-(?P<number>\d+)" id="(?P<id>cite-(?:lead-|plain-)?\d+-\d+)"'
    r' role="doc-noteref" aria-label="Reference \d+">\d+</a>'
)
"""One citation number in finished HTML. Composing a page may put a flag behind it, and change nothing else."""

IMAGE_ADDRESS = re.compile(r"/images/(?P<digest>[0-9a-f]{64})\.(?P<extension>png|jpg)")
IMAGE_MARK = re.compile(
    rf'(?P<before><img alt="[^"]*" height="\d+" loading="lazy" src="){IMAGE_ADDRESS.pattern}(?=" width="\d+">)'
)
"""One image in finished HTML, up to the end of its address. The desk may show it from an address of its own."""

BODY, LEAD, PLAIN_LEAD = "body", "lead", "plain_lead"


@dataclass(frozen=True)
class Picture:
    """An image as the renderer needs it. Its digest and kind are its address."""

    digest: str
    extension: str
    width: int
    height: int
    credit: str = ""

    @property
    def address(self) -> str:
        return f"/images/{self.digest}.{self.extension}"


@dataclass(frozen=True)
class ShownImage:
    """An image as a text shows it: by its name, with the words beside it (the caption without its citations)."""

    name: str
    alternative: str
    caption: str


@dataclass(frozen=True)
class RenderRequest:
    """The three fields of an answer, and the keys that the library knows (`None`: take every key as known).

    `known` leads from a key as it is written to the work's own key: two keys of one work get one number. `terms` are
    those of the glossary that may occur in it, `images` those of the article, by name.
    """

    body: str
    lead: str = ""
    plain_lead: str = ""
    known: dict[str, str] | None = None
    terms: tuple[Term, ...] = ()
    images: dict[str, Picture] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What the author is told: one complete sentence, at a line (from 1) of a field. `blocks` forbids submission."""

    code: str
    message: str
    line: int | None
    field: str
    blocks: bool


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Text:
    """One distinct audience text. `citations` says how often each number is cited in this body."""

    html: str
    words: int
    plain: str
    headings: tuple[Heading, ...]
    citations: dict[int, int]


EMPTY_TEXT = Text("", 0, "", (), {})


@dataclass(frozen=True)
class Rendering:
    """All texts of one answer. `text_of` leads from an audience (or `general`) to its text; `cited[0]` is work 1.

    `terms` leads from PLAIN_LEAD, and from each audience of the plain register, to what became of the glossary's terms.
    `images` are those that some text shows, in the order of the source.
    """

    texts: tuple[Text, ...]
    text_of: dict[str, int]
    lead: str
    plain_lead: str
    cited: tuple[str, ...]
    findings: tuple[Finding, ...] = field(default=())
    has_plain: bool = False
    terms: dict[str, tuple[Use, ...]] = field(default_factory=dict)
    images: tuple[ShownImage, ...] = ()


def request_to_json(request: RenderRequest) -> str:
    return json.dumps(asdict(request), sort_keys=True)


def request_from_json(line: str | bytes) -> RenderRequest:
    asked = json.loads(line)
    terms = tuple(Term(**term | {"spellings": tuple(term["spellings"])}) for term in asked.pop("terms"))
    images = {name: Picture(**picture) for name, picture in asked.pop("images").items()}
    return RenderRequest(**asked, terms=terms, images=images)


def rendering_to_json(rendering: Rendering) -> str:
    return json.dumps(
        {
            "texts": [
                [
                    text.html,
                    text.words,
                    text.plain,
                    [[heading.level, heading.id, heading.text] for heading in text.headings],
                    list(text.citations.items()),
                ]
                for text in rendering.texts
            ],
            "text_of": rendering.text_of,
            "lead": rendering.lead,
            "plain_lead": rendering.plain_lead,
            "cited": rendering.cited,
            "findings": [
                [finding.code, finding.message, finding.line, finding.field, finding.blocks]
                for finding in rendering.findings
            ],
            "has_plain": rendering.has_plain,
            "terms": {where: [[use.id, use.how] for use in uses] for where, uses in rendering.terms.items()},
            "images": [astuple(image) for image in rendering.images],
        }
    )


def rendering_from_json(answer: dict) -> Rendering:
    return Rendering(
        texts=tuple(
            Text(html, words, plain, tuple(Heading(*heading) for heading in headings), dict(citations))
            for html, words, plain, headings, citations in answer["texts"]
        ),
        text_of=answer["text_of"],
        lead=answer["lead"],
        plain_lead=answer["plain_lead"],
        cited=tuple(answer["cited"]),
        findings=tuple(Finding(*finding) for finding in answer["findings"]),
        has_plain=answer["has_plain"],
        terms={where: tuple(Use(*use) for use in uses) for where, uses in answer["terms"].items()},
        images=tuple(ShownImage(*image) for image in answer["images"]),
    )
