"""What can go wrong when another service is asked: each error is one plain sentence for a person.

None of them means that the service had nothing to say against a work: a caller that catches one knows only that it
could not ask.
"""

from __future__ import annotations


class WebError(Exception):
    """The question brought no answer. `str()` is the sentence; `status` is the HTTP status where there was one."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class NotFound(WebError):
    """The service answered that it has no such thing (404 or 410)."""


class Unavailable(WebError):
    """No answer: no network, too slow, broken off, or the service itself is in trouble (5xx).

    `may_pass` says whether the same question, asked again in a moment, could fare better.
    """

    def __init__(
        self, sentence: str, *, status: int | None = None, may_pass: bool = True, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence, status=status)
        self.may_pass = may_pass
        self.retry_after = retry_after


class RateLimited(Unavailable):
    """The service was asked too often (429). `retry_after` holds its wish in seconds, where it named one."""


class Busy(WebError):
    """Our own turn at this host is further off than the caller is ready to wait. Nothing was sent."""


class Refused(WebError):
    """An address that this site does not ask: not allowed, not public, or not an address at all. Nothing was sent."""


class BadAnswer(WebError):
    """The answer cannot be used: not in the form that it should have, too large, or a refusal of the question (4xx)."""
