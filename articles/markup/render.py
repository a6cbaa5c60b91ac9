"""From the three fields of an answer to its finished texts. Pure; run only inside the rendering child."""

from __future__ import annotations

import re

from articles.audiences import BY_SLUG, GENERAL, PLAIN, register_of
from articles.markup import limits
from articles.markup.audience_blocks import find_parts, has_plain, texts_for_readers, unseen_blocks
from articles.markup.characters import clean
from articles.markup.citations import mark_keys, unmarked
from articles.markup.glossary import Matcher, Use, explain
from articles.markup.guidance import empty_sections, without_guidance
from articles.markup.images import distinct, mark_images
from articles.markup.layout import put_code_back, set_apart, take_out_code
from articles.markup.numbers import bare_keys, cited_ordinals, fill, number_works, unknown_keys
from articles.markup.parser import Parser
from articles.markup.plain import plain_text
from articles.markup.result import (
    BODY,
    EMPTY_TEXT,
    LEAD,
    PLAIN_LEAD,
    Finding,
    Heading,
    Rendering,
    RenderRequest,
    Text,
)
from articles.markup.sanitise import sanitise

PARSER = Parser()
HEADING = re.compile(r"<h(?P<level>[1-6])>(?P<inside>.*?)</h[1-6]>", re.DOTALL)
FINISHED_HEADING = re.compile(r'<h(?P<level>[234]) id="(?P<id>[^"]+)">(?P<inside>.*?)</h[234]>', re.DOTALL)
TOP, DEEPEST = 2, 4
# A number stands close to its word; but not behind a digit or another number, with which it could be read as one.
SPACE_BEFORE_CITATION = re.compile(r'(?<![\s\d])(?<!</sup>)[ \n]+(?=<sup class="cites">)')


def render(request: RenderRequest) -> Rendering:
    """Return the texts of an answer for every reader, numbered and safe, and what its author is told.

    Where a field is too large or too tangled to be parsed, the findings say so and there is one empty text.
    """
    sources: dict[str, str] = {}
    findings: list[Finding] = []
    too_much = False
    for field, source in ((LEAD, request.lead), (PLAIN_LEAD, request.plain_lead), (BODY, request.body)):
        refused = limits.size(source, field)
        if not refused:
            sources[field], found = clean(source, field)
            findings += found
            refused = limits.before_parsing(sources[field], field)
        findings += refused
        too_much = too_much or bool(refused)
    if too_much:
        return refused_rendering(findings)

    PARSER.begin(request.images)
    marked = {
        field: mark_images(mark_keys(source, field, PARSER.uses), field, PARSER.image_uses)
        for field, source in sources.items()
    }
    for field in (LEAD, PLAIN_LEAD):
        kept, found = without_guidance(marked[field].split("\n"), field)
        marked[field] = "\n".join(kept)
        findings += found
    lines, found = without_guidance(marked[BODY].split("\n"), BODY)
    findings += found
    lines, code, found = take_out_code(lines)
    findings += found + empty_sections([unmarked(line) for line in lines])
    parts, found = find_parts(lines)
    findings += found + unseen_blocks(parts)

    markdown_of = texts_for_readers(parts)
    leads = {field: PARSER.inline(marked[field], field, sources[field]) for field in (LEAD, PLAIN_LEAD)}
    unfinished: dict[str, str] = {}
    for markdown in markdown_of.values():
        if markdown not in unfinished:
            unfinished[markdown] = put_code_back(PARSER.blocks(set_apart(markdown), sources[BODY]), code)
    findings += list(dict.fromkeys(PARSER.findings))
    refused = limits.after_parsing(max(unfinished.values(), key=len))
    if refused:
        return refused_rendering(findings + refused)

    ordinals = set().union(*(cited_ordinals(html) for html in (*leads.values(), *unfinished.values())))
    numbers, cited = number_works(ordinals, PARSER.uses, request.known)
    findings += unknown_keys(ordinals, PARSER.uses, numbers)
    findings += bare_keys((*leads.values(), *unfinished.values()), PARSER.uses, request.known)

    shift = heading_shift(unfinished.values())
    matcher = Matcher(request.terms)
    terms: dict[str, tuple[Use, ...]] = {}
    filled = {markdown: fill(html, "", PARSER.uses, numbers) for markdown, html in unfinished.items()}
    # Where a term is explained, plain readers get a copy of their own of what they would share with others.
    explained = {
        markdown_of[reader]: explain(unmarked(filled[markdown_of[reader]][0]), matcher)
        for reader in markdown_of
        if register_of(reader) == PLAIN
    }
    index_of_html: dict[str, int] = {}
    texts: list[Text] = []
    text_of: dict[str, int] = {}
    for reader, markdown in markdown_of.items():
        html, citations = filled[markdown]
        if register_of(reader) == PLAIN:
            html, terms[reader] = explained[markdown]
        html = unmarked(html)
        if html not in index_of_html:
            index_of_html[html] = len(texts)
            texts.append(finish(html, shift, citations))
        text_of[reader] = index_of_html[html]
    plain_lead, terms[PLAIN_LEAD] = explain(fill_lead(leads[PLAIN_LEAD], "plain-", numbers), matcher)
    return Rendering(
        texts=tuple(texts),
        text_of=text_of,
        lead=sanitise(fill_lead(leads[LEAD], "lead-", numbers)),
        plain_lead=sanitise(plain_lead),
        cited=cited,
        findings=tuple(findings),
        has_plain=has_plain(parts),
        terms=terms,
        images=distinct(PARSER.figures.shown),
    )


def refused_rendering(findings: list[Finding]) -> Rendering:
    return Rendering(
        texts=(EMPTY_TEXT,),
        text_of=dict.fromkeys((GENERAL, *BY_SLUG), 0),
        lead="",
        plain_lead="",
        cited=(),
        findings=tuple(findings),
    )


def fill_lead(html: str, prefix: str, numbers: dict[str, int]) -> str:
    html, _ = fill(html, prefix, PARSER.uses, numbers)
    return unmarked(SPACE_BEFORE_CITATION.sub("", html))


def finish(html: str, shift: int, citations: dict[int, int]) -> Text:
    html = place_headings(SPACE_BEFORE_CITATION.sub("", html), shift)
    html = sanitise(html)
    plain = plain_text(html)
    headings = tuple(
        Heading(int(match["level"]), match["id"], plain_text(match["inside"]))
        for match in FINISHED_HEADING.finditer(html)
    )
    return Text(html, len(plain.split()), plain, headings, citations)


def heading_shift(texts) -> int:
    """How far headings move so that the highest level used anywhere in the body becomes h2, under the page's h1."""
    levels = [int(match["level"]) for html in texts for match in HEADING.finditer(html)]
    return TOP - min(levels, default=TOP)


def place_headings(html: str, shift: int) -> str:
    """Give headings their level (relative depth kept, h4 the deepest) and an id from their words, each once."""
    used: dict[str, int] = {}

    def placed(match: re.Match[str]) -> str:
        level = min(int(match["level"]) + shift, DEEPEST)
        words = re.sub(r"[\W_]+", "-", plain_text(match["inside"]).lower()).strip("-")[:60].strip("-") or "section"
        id, count = words, used.get(words, 0)
        while id in used:
            count += 1
            id = f"{words}-{count + 1}"
        used[words] = count
        used.setdefault(id, 0)
        return f'<h{level} id="s-{id}">{match["inside"]}</h{level}>'

    return HEADING.sub(placed, html)
