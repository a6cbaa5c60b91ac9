"""What a check says: one sentence, how grave it is, the place it speaks of; and all of them together. No rules here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from articles.markup import result

BLOCKS, JUSTIFY, WARNS = "blocks", "justify", "warns"
SEVERITIES = (BLOCKS, JUSTIFY, WARNS)
"""What forbids a submission; what asks for a justification that the board sees; what is advice. The gravest first."""


@dataclass(frozen=True)
class Link:
    """Where a finding leads besides its place in the text: an existing answer, say."""

    label: str
    url: str = ""
    article: int | None = None
    """An article of the desk, of which the screen knows the address."""
    is_public: bool = True


@dataclass(frozen=True)
class Finding:
    """One complete sentence for the author. `excerpt` is a piece of the field, exactly as it stands there.

    `work` is the key of the cited work that it speaks of, where it speaks of one.
    """

    code: str
    message: str
    line: int | None = None
    field: str = "body"
    severity: str = WARNS
    excerpt: str = ""
    links: tuple[Link, ...] = ()
    work: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it forbids a submission."""
        return self.severity == BLOCKS

    @property
    def asks(self) -> bool:
        """Whether a submission has to justify it."""
        return self.severity == JUSTIFY


def of_renderer(found: result.Finding) -> Finding:
    """What the renderer told, as one of ours: it knows only what blocks and what does not."""
    return Finding(found.code, found.message, found.line, found.field, BLOCKS if found.blocks else WARNS)


@dataclass(frozen=True)
class Report:
    """All findings on an article, the gravest first, and how many of its claims are cited."""

    findings: tuple[Finding, ...] = ()
    claims: int = 0
    cited: int = 0
    unchecked: int = 0
    """Links of which nobody knows yet whether they answer."""

    @property
    def share(self) -> int | None:
        """The claims that are cited, in per cent; None where there is no claim. Never 100 while one is missing."""
        return self.cited * 100 // self.claims if self.claims else None

    def of(self, severity: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)

    @property
    def counts(self) -> Counter[str]:
        return Counter(finding.severity for finding in self.findings)

    def without(self, codes: Iterable[str]) -> Report:
        """The same without the findings of some checks."""
        left_out = set(codes)
        return replace(self, findings=tuple(one for one in self.findings if one.code not in left_out))

    def as_data(self) -> dict[str, Any]:
        """The same as a review keeps it. What leads to a draft is left out: the board may not open it."""
        return {
            "findings": [
                {
                    "code": one.code,
                    "message": one.message,
                    "line": one.line,
                    "field": one.field,
                    "severity": one.severity,
                    "excerpt": one.excerpt,
                    "links": [[link.label, link.url] for link in one.links],
                    "work": one.work,
                }
                for one in self.findings
                if all(link.is_public for link in one.links)
            ],
            "claims": self.claims,
            "cited": self.cited,
            "unchecked": self.unchecked,
        }


def from_data(data: Mapping[str, Any]) -> Report:
    """A report as a review keeps it."""
    findings = tuple(
        Finding(**{**one, "links": tuple(Link(label, url) for label, url in one["links"])}) for one in data["findings"]
    )
    return Report(findings, data["claims"], data["cited"], data["unchecked"])
