"""A Word document becomes a draft: kept as read, its works compared with the library, then taken in at once.

Preview and draft ask the same functions, so that what is said is what is done.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from articles import drafting
from articles.models import Article, WordDocument
from articles.word import citations, fields, reading
from articles.word.citations import Cited, Cluster
from people.models import User
from references import importing, library
from references.formats import csl
from references.formats.entries import Reading
from references.importing import Fate, Options, Preview

KEPT_FOR = datetime.timedelta(days=30)
"""How long what was read waits; a draft that was made of it stays, of course."""
SHOWN_TYPED = 100


def start(content: bytes, *, by: User, name: str) -> WordDocument:
    """Read a .docx and keep what was read. Raises articles.word.package.Unreadable with a sentence."""
    document = reading.read(content)
    return WordDocument.objects.create(by=by, name=name[:200], document=asdict(document))


def document_of(row: WordDocument) -> reading.Document:
    """What was read of the document, as it was read."""
    kept = row.document
    clusters = [
        Cluster(tuple(Cited(**cited) for cited in cluster["cited"]), cluster["printed"]) for cluster in kept["clusters"]
    ]
    typed = [(written, around) for written, around in kept["typed"]]
    return reading.Document(**{**kept, "clusters": clusters, "typed": typed})


def works_of(row: WordDocument, options: Options) -> Preview:
    """What would become of the document's works, each at its place from 1, as the library stands now."""
    return importing.preview_of(_reading(row.document["items"]), options)


def _reading(items: list[Mapping[str, Any]]) -> Reading:
    """The works as entries. Their ids are numbers or addresses of somebody's own library: no key is made of them."""
    entries = [
        {name: value for name, value in item.items() if name != "id"}
        | ({"id": item["citation-key"]} if isinstance(item.get("citation-key"), str) else {})
        for item in items
    ]
    return csl.read(json.dumps(entries)) if entries else Reading()


def keys_of(preview: Preview) -> dict[int, str]:
    """The key under which each of the document's works is or will be cited, by its place from 0.

    A work that is perhaps here already and is not taken in is cited as the one that it is like.
    """
    entries = {entry.position: entry for entry in preview.entries}
    keys: dict[int, str] = {}
    for position, entry in entries.items():
        if entry.key and entry.fate != Fate.REFUSED:
            keys[position - 1] = entry.key
        elif entry.fate == Fate.LIKELY and entry.near:
            keys[position - 1] = entry.near[0][1]
    return keys


def text_of(document: reading.Document, keys: Mapping[int, str]) -> str:
    """The Markdown with a citation at each mark; as printed where none of its works has a key."""
    clusters = document.clusters

    def written(match: Any) -> str:
        number = int(match[1])
        if number >= len(clusters):
            return ""
        text = citations.in_markdown(clusters[number], keys)
        return f"{_gap(match)}{text}" if text else ""

    def _gap(match: Any) -> str:
        before = match.string[match.start() - 1 : match.start()]
        return "" if not before or before.isspace() or before in "([" else " "

    return fields.MARK.sub(written, document.markdown)


def unresolved(document: reading.Document, keys: Mapping[int, str]) -> list[tuple[str, str]]:
    """Citations that lead to no work: those of reference managers without a readable work, and those typed by hand.

    Each as it is written, and the words around it.
    """
    found = []
    for match in fields.MARK.finditer(document.markdown):
        number = int(match[1])
        if number < len(document.clusters):
            cluster = document.clusters[number]
            if any(cited.work not in keys for cited in cluster.cited):
                words = citations.around(document.markdown, match.start(), match.end())
                found.append((cluster.printed, fields.MARK.sub("", words)))
    typed = [(written, fields.MARK.sub("", words)) for written, words in document.typed]
    return (found + typed)[:SHOWN_TYPED]


def take(row: WordDocument, *, by: User, question: str, options: Options) -> Article:
    """Make the draft: its works into the library, its text with their keys, in one transaction. Once: again gives it.

    Raises ValidationError with sentences by field, such as for a text that is too long; nothing is written then.
    """
    with transaction.atomic():
        locked = WordDocument.objects.select_for_update().get(pk=row.pk)
        if locked.article is not None:
            return locked.article
        document = document_of(locked)
        preview = works_of(locked, options)
        taken = importing.to_take(preview, options)
        outcome = library.add_works(
            [cast(Any, entry.work) for entry in taken],
            by=by,
            comment=_("From the Word document %(name)s") % {"name": locked.name},
            rename_keys=True,
        )
        importing.tell_outcome(preview, taken, outcome, options)
        byline = [drafting.byline_entry(name=by.name, credentials=by.credentials, orcid=by.orcid, user=by)]
        article = Article(question=question, body=text_of(document, keys_of(preview)), owner=by, byline=byline)
        drafting.save(
            article, by=by, base_version=0, comment=_("From the Word document %(name)s") % {"name": locked.name}
        )
        locked.article = article
        # The draft holds it now.
        locked.document = {}
        locked.save(update_fields=["article", "document"])
    return article


def drop_old(*, at: datetime.datetime | None = None) -> int:
    """Forget what was read and left lying for longer than KEPT_FOR; returns how many were forgotten."""
    before = (at or timezone.now()) - KEPT_FOR
    count, _by_model = WordDocument.objects.filter(article=None, at__lt=before).delete()
    return count


_LOST = {
    "picture": ngettext_lazy(
        "%(n)d picture was left out: add it under Images.", "%(n)d pictures were left out: add them under Images.", "n"
    ),
    "embedded object": ngettext_lazy(
        "%(n)d embedded object was left out.", "%(n)d embedded objects were left out.", "n"
    ),
    "formula": ngettext_lazy(
        "%(n)d formula was left out: write it in words.", "%(n)d formulas were left out: write them in words.", "n"
    ),
    "comment": ngettext_lazy("%(n)d comment was left out.", "%(n)d comments were left out.", "n"),
    "tracked insertion": ngettext_lazy(
        "%(n)d tracked insertion was taken as accepted.", "%(n)d tracked insertions were taken as accepted.", "n"
    ),
    "tracked deletion": ngettext_lazy(
        "%(n)d tracked deletion was taken as accepted.", "%(n)d tracked deletions were taken as accepted.", "n"
    ),
    "joined cells": gettext_lazy("Joined cells of a table were parted: look at its rows."),
    "text box": ngettext_lazy(
        "%(n)d text box stands in the running text now.", "%(n)d text boxes stand in the running text now.", "n"
    ),
    "note": ngettext_lazy(
        "%(n)d note stands in brackets in the text now.", "%(n)d notes stand in brackets in the text now.", "n"
    ),
    "bibliography": gettext_lazy("The list of references was left out: it is made of the citations."),
    "endnote citation": ngettext_lazy(
        "%(n)d citation of EndNote was left as it is printed: export its works as RIS, import them, and cite them.",
        "%(n)d citations of EndNote were left as printed: export their works as RIS, import them, and cite them.",
        "n",
    ),
    "unreadable citation": ngettext_lazy(
        "%(n)d citation could not be read and was left as it is printed.",
        "%(n)d citations could not be read and were left as they are printed.",
        "n",
    ),
}


def lost_in_words(lost: Mapping[str, int]) -> list[str]:
    """What could not be kept, a sentence for each kind."""
    return [str(sentence % {"n": lost[name]}) for name, sentence in _LOST.items() if lost.get(name)]
