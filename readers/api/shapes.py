"""What the API answers: every field with its meaning, of which the OpenAPI document is made."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from ninja import Field, Schema
from pydantic import ConfigDict

State = Literal["submitted", "under_review", "approved", "retracted", "withdrawn"]
NoticeKind = Literal["minor", "correction", "concern", "retraction"]
Register = Literal["professional", "plain"]


class Shape(Schema):
    """A shape says all that it holds: nothing is answered that the document does not name."""

    model_config = ConfigDict(extra="forbid")


class Notice(Shape):
    """A correction, retraction or expression of concern on an answer."""

    kind: NoticeKind
    label: str = Field(description="The kind in words.")
    text: str
    reason: str
    asked_by: str
    date: datetime.date
    about_edition: int = Field(description="Number of the edition that it speaks of.")
    corrected_in: int | None = Field(description="Number of the edition that put it right, where one did.")


class Reviewer(Shape):
    """Somebody who signed: as they stood and with what they had declared on that day."""

    name: str
    credentials: str
    specialty: str
    interests: str
    on: datetime.date | None


class Review(Shape):
    """What the medical advisory board did for this edition."""

    state: State = Field(description="Of the review; see `state` beside it for what became of the answer since.")
    sentence: str = Field(description="The same in a sentence.")
    submitted_on: datetime.date | None
    under_review_on: datetime.date | None
    approved_on: datetime.date | None
    last_updated: datetime.date | None
    last_reviewed: datetime.date | None
    next_due: datetime.date | None
    is_overdue: bool
    reviewers: list[Reviewer] = Field(description="Who approved these words. Empty until the board has.")
    confirmed_by: list[Reviewer] = Field(description="Who reviewed it again since and found that no change is needed.")


class Withdrawal(Shape):
    on: datetime.date
    explanation: str


class Marks(Shape):
    """What a reader must know before the text. Show all of it wherever you show anything of the answer."""

    state: State = Field(description="Show it beside the question.")
    caution: str | None = Field(description="A sentence for readers while the board has not approved the text.")
    retracted_on: datetime.date | None = Field(description="The text is kept for the record: nobody should act on it.")
    withdrawn: Withdrawal | None
    sample: str | None = Field(description="A sentence for readers where the text only shows the system.")
    notices: list[Notice] = Field(description="The gravest first.")
    review: Review


class Disclaimer(Shape):
    professional: str
    plain: str


class Said(Shape):
    """What goes with every answer text: the disclaimer, and what to do in an emergency."""

    disclaimer: Disclaimer
    emergency: str


class TopicName(Shape):
    slug: str
    name: str


class Named(Shape):
    """An answer by name."""

    slug: str
    url: str = Field(description="Its page, for readers.")
    api_url: str
    question: str = Field(description="In the reader's register.")


class AnswerLine(Marks, Named):
    """An answer in a list."""

    summary: str = Field(description="The bottom line in the reader's register; empty where it was retracted.")
    topics: list[TopicName]
    edition: int
    published_at: datetime.datetime
    changed_at: datetime.datetime = Field(description="When readers last saw another page of it.")


class AnswerList(Said):
    items: list[AnswerLine]
    next: str | None = Field(description="Address of the next page; null on the last.")


class Author(Shape):
    name: str
    credentials: str
    orcid: str


class BottomLine(Shape):
    heading: str
    html: str
    text: str = Field(description="The same without marks and citations.")


class Text(Shape):
    html: str = Field(description="Safe HTML; citation numbers link to #ref-1 and so on.")
    text: str = Field(description="The same without marks and citations.")


class Link(Shape):
    label: str
    url: str


class Reference(Shape):
    """A work that the edition cites, as it then stood, with what is known against it today."""

    number: int
    kind: str = Field(description="For example: Randomised trial.")
    title: str
    authors: str
    source: str
    year: str
    citation: str = Field(description="The full citation in the style of Citing Medicine.")
    links: list[Link]
    status: Literal["current", "corrected", "concern", "retracted", "superseded"]
    caution: str | None = Field(description="What a reader must know of this work today.")


class Work(Reference):
    csl: dict[str, Any] = Field(description="The work as a CSL-JSON item.")


class Answer(Marks, Said, Named):
    """One edition of an answer, for one audience."""

    audience: str = Field(description="As asked for; empty for the general text.")
    written_in: Register = Field(description="The register of its words.")
    edition: int
    is_current: bool = Field(description="Whether the answer's own address shows this edition.")
    permanent_url: str = Field(description="Always shows these same words.")
    digest: str = Field(description="SHA-256 of the edition that the board signed.")
    redacted_on: datetime.date | None = Field(description="When details of a patient were removed from it.")
    question_professional: str
    bottom_line: BottomLine | None = Field(description="Null for plain readers who get the plain one.")
    plain_bottom_line: BottomLine | None = Field(description="Null for professionals, and where there is none.")
    note: str | None = Field(description="A sentence for plain readers where text in plain words is missing.")
    text: Text
    references: list[Reference] = Field(description="The works that this text cites, by their numbers.")
    authors: list[Author]
    topics: list[TopicName]
    keywords: list[str]
    language: str
    searched_on: datetime.date | None = Field(description="The day to which the evidence was searched.")
    published_on: datetime.date | None
    cite_as: str


class EditionLine(Shape):
    """A public edition that can be read."""

    number: int
    is_current: bool
    published_on: datetime.date | None
    note: str = Field(description="What it changed.")
    reviewers: list[Reviewer]
    url: str
    api_url: str


class EditionList(Marks, Said, Named):
    items: list[EditionLine] = Field(description="Newest first.")


class WorkList(Marks, Said, Named):
    edition: int
    items: list[Work]


class Topic(Shape):
    slug: str
    name: str
    description: str
    under: str | None = Field(description="Slug of the topic that it stands under; null at the top.")
    answers: int = Field(description="Under it and under all topics below it.")
    url: str
    api_url: str = Field(description="These answers.")
    feed: str


class TopicList(Shape):
    items: list[Topic]
    next: str | None


class Hit(Marks, Named):
    """A search result."""

    score: float = Field(description="Higher is closer. Only to be compared within one search.")
    passage: str = Field(description="Words of the answer; empty where it was retracted.")


class HitList(Said):
    q: str
    total: int
    items: list[Hit] = Field(description="Best first.")


class NoticeOn(Notice):
    """A notice with the answer that it stands on."""

    at: datetime.datetime
    answer: Named
    answer_state: State


class NoticeList(Said):
    items: list[NoticeOn] = Field(description="Newest first.")
    next: str | None


class Term(Shape):
    begins: datetime.date
    ends: datetime.date | None


class Member(Shape):
    name: str
    credentials: str
    specialty: str
    institution: str
    orcid: str
    interests: str | None = Field(description="As declared; null where nothing was declared yet.")
    declared_on: datetime.date | None
    terms: list[Term]
    answers_reviewed: int
    is_sample: bool


class Former(Shape):
    name: str
    credentials: str
    specialty: str
    terms: list[Term]
    answers_reviewed: int
    is_sample: bool


class Board(Shape):
    members: list[Member]
    former: list[Former]


class Index(Shape):
    name: str
    version: str
    documentation: str
    openapi: str
    addresses: dict[str, str]
    licence: str


class Wrong(Shape):
    parameter: str
    message: str


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Wrong] | None = Field(None, description="422: each parameter that could not be read.")
    question: str | None = Field(None, description="410: of the answer that is gone.")
    withdrawn_on: datetime.date | None = Field(None, description="410: when it was withdrawn.")
    notices: list[Notice] | None = Field(None, description="410: the notices on it.")
    editions: str | None = Field(None, description="410: where its earlier public editions can be read.")
