"""From an article to its file: a YAML head in one stable order, long texts folded to be read, then the text as it is.

Nobody's e-mail address is written. What is written says what `freezing.source_of` says, so that reading it gives the
same source digest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

from articles import slugs
from articles.images.encoding import EXTENSIONS
from articles.models import Article, Image
from references.formats.csl import exported, to_csl
from references.models import Reference

WIDTH = 100
# What YAML may fold at its spaces: one line of plain words with single spaces between them.
_FOLDABLE = re.compile(r"\S+(?: \S+)*")


def write_article(article: Article, *, topics: Iterable[str], images: Iterable[Image] = ()) -> bytes:
    """Return the file of an article as UTF-8. `images` are those that its text may show."""
    head: dict[str, Any] = {"id": identity_of(article), "title": article.question}
    if article.slug_is_set or article.slug != slugs.make(article.question):
        head["slug"] = article.slug
    head["plain_title"] = article.plain_question
    if article.heading:
        head["bottom_line"] = {"heading": article.heading, "lead": article.lead}
    else:
        head["description"] = article.lead
    head["plain_bottom_line"] = _without_empty({"heading": article.plain_heading, "lead": article.plain_lead})
    head["byline"] = [
        _without_empty({name: entry.get(name, "") for name in ("name", "credentials", "orcid")})
        for entry in article.byline
    ]
    head["images"] = [
        _without_empty(
            {
                "name": image.name,
                "file": image_file(article, image),
                "alt": image.alternative,
                "caption": image.caption,
                "credit": image.credit,
            }
        )
        for image in images
    ]
    head["searched"] = article.searched_on
    head["topics"] = sorted(topics)
    head["kind"] = article.kind.slug if article.kind else ""
    head["keywords"] = list(article.keywords)
    head["lang"] = article.language
    head["sample"] = article.is_sample
    text = yaml.dump(
        _without_empty(head), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return f"---\n{text}---\n\n{article.body}\n".encode()


def image_file(article: Article, image: Image) -> str:
    """Where the file of an image stands below the folder of images."""
    return f"{article.slug}/{image.name}.{EXTENSIONS[image.media_type]}"


def write_references(works: Iterable[Reference]) -> bytes:
    """Return `references.json` as UTF-8: CSL-JSON in the order of the keys, our kind and status under `custom`."""
    items = [exported(to_csl(work)) for work in sorted(works, key=lambda work: work.key)]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()


def identity_of(article: Article) -> str:
    """The article's identity in the format: its own, or for one that was written here its number and its birth."""
    return article.source_id or f"article-{article.pk}-{article.created_at:%Y%m%dT%H%M%S}"


def _without_empty(pairs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in pairs.items() if value}


class _Dumper(yaml.SafeDumper):
    """Writes texts only, quoted where they would otherwise be read as something else, folded where they are long."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        # Items of a list stand under their key, two spaces in.
        return super().increase_indent(flow, False)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style: str | None = None
    if "\n" in text:
        style = "|"
    elif len(text) > WIDTH - 20 and _FOLDABLE.fullmatch(text):
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
