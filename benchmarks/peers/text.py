"""The texts that both sites are given: one long answer, and an archive's articles as their files say. No Django."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECTIONS, PARAGRAPHS, WORKS = 9, 4, 8
QUESTION = "Does the treatment help?"
HEADING = "Perhaps a little, for some"
LEAD = "Perhaps a little [@bench-0]."
_PARAGRAPH = (
    "In the trials that were pooled, the risk fell from 4 to 3 in 100 over two years, and the interval around the "
    "difference held both a small benefit and none [@bench-{one}; @bench-{two}]. Treatment was stopped for harm in "
    "few people, and round {round} of looking changed nothing.\n\n"
)
_CITATION = re.compile(r"\[(@[^\]\s;]+(?:;\s*@[^\]\s;]+)*)\]")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """One article: what its file says."""

    question: str
    lead: str
    body: str
    works: tuple[dict[str, Any], ...] = ()
    keywords: tuple[str, ...] = field(default=())


def long_body(rounds: int) -> str:
    """A text that comes to a page of about 14 kB, other words for each number."""
    return "".join(
        f"## Section {section}\n\n"
        + "".join(
            _PARAGRAPH.format(one=(section + n) % WORKS, two=(section + n + 3) % WORKS, round=rounds)
            for n in range(PARAGRAPHS)
        )
        for section in range(SECTIONS)
    )


def long_works() -> tuple[dict[str, Any], ...]:
    """The works that it cites."""
    return tuple(
        {"id": f"bench-{number}", "title": f"Trial number {number}", "container-title": "Journal", "year": 2020}
        for number in range(WORKS)
    )


def keys_in(body: str) -> list[str]:
    """The keys of all cited works, in the order in which they come first."""
    every = [key.strip().removeprefix("@") for match in _CITATION.finditer(body) for key in match[1].split(";")]
    return list(dict.fromkeys(every))


def with_links(body: str, numbers: dict[str, int]) -> str:
    """The Markdown with its citations as numbered links into the list of works."""

    def link(match: re.Match[str]) -> str:
        keys = [key.strip().removeprefix("@") for key in match[1].split(";")]
        shown = [f'<a href="#ref-{numbers[key]}">{numbers[key]}</a>' for key in keys if key in numbers]
        return f"<sup>{', '.join(shown)}</sup>" if shown else ""

    return _CITATION.sub(link, body)


def archive(folder: Path) -> list[Text]:
    """All articles of an archive: folders with `articles/*.md` and a `references.json` beside it."""
    import yaml

    found = []
    for collection in sorted(path.parent for path in folder.rglob("references.json")):
        works = {one["id"]: one for one in json.loads((collection / "references.json").read_text())}
        for path in sorted((collection / "articles").glob("*.md")):
            text = path.read_text()
            head = _HEAD.match(text)
            said = yaml.load(head[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if head else {}
            body = text[head.end() :] if head else text
            cited = tuple(works[key] for key in keys_in(body) if key in works)
            found.append(Text(said["title"], said.get("description", ""), body, cited, tuple(said.get("keywords", ()))))
    return found


def copy_archive(source: Path, into: Path, *, most: int, topic: str) -> int:
    """Copy so many articles of each collection, every second one under this topic. How many there are."""
    count = 0
    for references in sorted(source.rglob("references.json")):
        folder = into / references.parent.relative_to(source)
        (folder / "articles").mkdir(parents=True)
        shutil.copy(references, folder)
        for path in sorted((references.parent / "articles").glob("*.md"))[:most]:
            text = path.read_text()
            if count % 2 == 0:
                text = text.replace("---\n", f'---\ntopics: ["{topic}"]\n', 1)
            (folder / "articles" / path.name).write_text(text)
            count += 1
    return count
