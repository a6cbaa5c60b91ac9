"""Collections on disk: where the article files stand, and reading one without leaving the folder."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from articles.interchange.heads import FileError

ARTICLES, REFERENCES, IMAGES = "articles", "references.json", "images"


class PathRefused(Exception):
    """A path that cannot be imported from or exported to; its text is a sentence for the operator."""


@dataclass(frozen=True)
class Collection:
    """A folder with `articles/`, `references.json` and `images/`. Its name is part of its articles' identity."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    def files(self) -> list[Path]:
        """The article files in the order of their names; what begins with a dot is none."""
        return sorted(
            path
            for path in (self.folder / ARTICLES).iterdir()
            if path.suffix.lower() == ".md" and not path.name.startswith(".")
        )

    @property
    def references(self) -> Path | None:
        """The file of the cited works, if there is one."""
        path = self.folder / REFERENCES
        return path if os.path.lexists(path) else None

    def image(self, file: str) -> Path:
        """The place of an image by what a head says; `read` refuses one that leads out of the folder."""
        return self.folder / IMAGES / file

    def read(self, path: Path, *, most: int) -> bytes:
        """The bytes of a file of this collection. FileError where it leads elsewhere, is too large or unreadable."""
        try:
            target = path.resolve(strict=True)
            if not target.is_relative_to(self.folder):
                raise FileError(None, _("This is a link that leads out of the folder."))
            about = target.stat()
            if not stat.S_ISREG(about.st_mode):
                raise FileError(None, _("This is not a file."))
            if about.st_size > most:
                raise FileError(
                    None,
                    _("The file has %(size).1f MB; at most %(most)d MB are read.")
                    % {"size": about.st_size / 1_000_000, "most": most // 1_000_000},
                )
            return target.read_bytes()
        except (OSError, RuntimeError) as error:
            # RuntimeError: a link that leads to itself, in Python before 3.13.
            reason = getattr(error, "strerror", None) or _("it is a link that leads to itself")
            raise FileError(None, _("The file cannot be read: %(reason)s.") % {"reason": reason}) from None


def collections_at(path: Path) -> list[Collection]:
    """The collection at `path`, or those in its folders. Raises PathRefused where there is none."""
    if not path.exists():
        raise PathRefused(_("There is no folder %(path)s.") % {"path": path})
    if not path.is_dir():
        raise PathRefused(
            _("%(path)s is a file. Name the folder that holds articles/ and references.json.") % {"path": path}
        )
    folder = path.resolve()
    if (folder / ARTICLES).is_dir():
        return [Collection(folder)]
    found = [Collection(each) for each in sorted(folder.iterdir()) if (each / ARTICLES).is_dir()]
    if found:
        return found
    raise PathRefused(_("%(path)s holds no folder articles/, nor do the folders in it.") % {"path": path})
