"""Exporting articles as a collection: a folder that can be read, kept under version control, and imported again."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from pathlib import Path

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from articles.images import keeping
from articles.images.encoding import EXTENSIONS
from articles.interchange.folders import ARTICLES, IMAGES, REFERENCES, PathRefused
from articles.interchange.writing import image_file, write_article, write_references
from articles.markup.citations import possible_keys
from articles.models import Article
from references import library
from references.models import Reference

MARK = "README.md"
FIRST_LINE = "# Exported answers"
"""By this line an earlier export is known, which may be replaced."""
NOTE = f"""{FIRST_LINE}

Each file in `{ARTICLES}/` is one answer as it was last saved: a YAML head and Pandoc Markdown. `{REFERENCES}` holds the
works that they cite, as CSL-JSON, and `{IMAGES}/` the images that they show. `manage.py import_articles` reads this
folder. The next export replaces it: keep what you add to it elsewhere.
"""


def refuse_unfit(folder: Path) -> None:
    """Raise PathRefused where the folder holds something that is not an earlier export."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PathRefused(_("%(path)s is a file. Name a folder to write into.") % {"path": folder})
    mark = folder / MARK
    is_ours = mark.is_file() and mark.read_text("utf-8", "replace").startswith(FIRST_LINE)
    if any(folder.iterdir()) and not is_ours:
        raise PathRefused(
            _("%(path)s is not empty and no earlier export. Nothing was written; name a new or an empty folder.")
            % {"path": folder}
        )


def export(articles: QuerySet[Article], folder: Path) -> Iterator[Path]:
    """Write the articles and the works that they cite, and yield each article's file when it is written.

    An earlier export in the folder is replaced: files of articles and images that are not exported again go. Raises
    PathRefused.
    """
    refuse_unfit(folder)
    (folder / ARTICLES).mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(NOTE, "utf-8")
    cited: set[str] = set()
    written: set[Path] = set()
    for article in articles.order_by("pk").select_related("kind").prefetch_related("topics").iterator(chunk_size=200):
        path = folder / ARTICLES / f"{article.slug}.md"
        images = keeping.named_in(article).values()
        for image in images:
            place = folder / IMAGES / image_file(article, image)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(bytes(image.data))
            written.add(place)
        topics = [topic.name for topic in article.topics.all()]
        path.write_bytes(write_article(article, topics=topics, images=images))
        cited |= possible_keys("\n".join([article.lead, article.plain_lead, article.body]))
        written.add(path)
        yield path
    here = set((folder / ARTICLES).glob("*.md"))
    for extension in EXTENSIONS.values():
        here.update((folder / IMAGES).glob(f"*/*.{extension}"))
    for path in here - written:
        path.unlink()
        if path.suffix != ".md" and not any(path.parent.iterdir()):
            path.parent.rmdir()
    (folder / REFERENCES).write_bytes(write_references(_works(cited)))


def _works(keys: set[str]) -> Iterator[Reference]:
    """The cited works, each under every key by which a text cites it: the texts are written as they are."""
    wanted = sorted(keys)
    for start in range(0, len(wanted), 500):
        for written, work in library.resolve(wanted[start : start + 500]).items():
            entry = copy(work)
            entry.key = written
            yield entry
