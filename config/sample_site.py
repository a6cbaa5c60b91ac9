"""The sample site: accounts and eight answers of our own writing, taken through the same moves as people would take."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings
from django.db import transaction

from articles import drafting, glossary, site
from articles.images import keeping
from articles.images.uploads import taken_in
from articles.interchange.reading import Draft, parse_article
from articles.models import AnswerKind, Article, Edition
from config.sample_terms import TERMS
from config.samples import ADMINISTRATOR, AUTHOR, EDITOR, FIRST_MEMBER, PASSWORD, PEOPLE, SECOND_MEMBER
from people import interests
from people.models import Appointment, User
from references.formats.csl import parse_csl
from references.library import add_works
from reviews import workflow
from reviews.models import Verdict

FOLDER = Path(settings.BASE_DIR) / "articles" / "sample"
CORRECTED = ("| Heart rate | 100 beats a minute or less |", "| Heart rate | 110 beats a minute or less |")
"""What the corrected sample says, and what its first edition said."""


class SampleSite:
    """Loads everything in one transaction: all of it, or nothing."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {}
        self.images = {
            str(path.relative_to(FOLDER / "images")): taken_in(path.read_bytes())
            for path in sorted((FOLDER / "images").rglob("*.png"))
        }

    def load(self) -> list[Article]:
        """Make accounts, works and answers; returns the articles."""
        with transaction.atomic():
            self._make_people()
            self._name_site()
            self._add_works()
            self._add_terms()
            return [self._take(path) for path in sorted((FOLDER / "articles").glob("*.md"))]

    def _make_people(self) -> None:
        for one in PEOPLE:
            user = User.objects.create_user(one.email, PASSWORD, name=one.name, is_sample=True, **one.fields)
            self.people[one.email] = user
            for role in one.roles:
                Appointment.objects.create(user=user, role=role)
            interests.declare(user, one.interests)

    def _name_site(self) -> None:
        texts = site.current()
        texts.contact = "editors@imprimatur.example"
        texts.about = (
            "This is a sample installation of Imprimatur. Its answers were written to show the system and are not "
            "medical advice; its people are invented."
        )
        site.save(texts, by=self.people[ADMINISTRATOR.email], comment="Sample site")

    def _add_works(self) -> None:
        works, problems = parse_csl((FOLDER / "references.json").read_bytes())
        if problems:
            raise ValueError(f"The sample references are not right: {problems[0]}")
        add_works(works, by=self.people[AUTHOR.email], comment="Sample works")

    def _add_terms(self) -> None:
        for term, plain, variants in TERMS:
            glossary.add(
                by=self.people[EDITOR.email], term=term, plain=plain, variants=variants, comment="Sample terms"
            )
        glossary.propose(
            by=self.people[AUTHOR.email],
            term="prognosis",
            plain="how an illness is likely to go on",
            note="Patients ask what it means.",
        )

    def _take(self, path: Path) -> Article:
        """Save one sample and bring it into the state that its head names."""
        data = path.read_bytes()
        head = yaml.safe_load(data.decode().split("---\n", 2)[1])
        state = head["sample_state"]
        draft = parse_article(data)
        article = Article(owner=self.people[AUTHOR.email], slug=draft.slug, slug_is_set=True)
        if state == "live-with-correction-notice":
            self._save(article, draft, "First version", wrong=True)
            first = self._publish(article, FIRST_MEMBER.email)
            self._save(article, draft, "Heart rate corrected")
            edition = self._publish(article, SECOND_MEMBER.email, note="The heart-rate criterion was corrected.")
            workflow.add_notice(
                edition,
                by=self.people[EDITOR.email],
                kind="correction",
                text=head["notice"],
                reason="A digit was mistyped in the table.",
                asked_by="a reader",
                corrects=first,
                via="sample",
            )
            return article
        self._save(article, draft, "First version")
        if state in {"approved-live", "live-under-review-again"}:
            self._publish(article, FIRST_MEMBER.email)
        if state == "live-under-review-again":
            update = parse_article((FOLDER / "updates" / path.name).read_bytes())
            self._save(article, update, "Two newer works added")
            self._submit(article, taken_up_by=SECOND_MEMBER.email)
        if state == "live-with-caution":
            edition = self._submit(article, taken_up_by=SECOND_MEMBER.email)
            workflow.release_with_caution(
                edition,
                by=self.people[EDITOR.email],
                reason="Readers asked for it while the board is reading.",
                via="sample",
            )
        if state == "submitted":
            workflow.invite(
                self._submit(article),
                members=[self.people[FIRST_MEMBER.email]],
                by=self.people[EDITOR.email],
                note="Please look at the advice on imaging most of all.",
                via="sample",
            )
        if state == "changes-requested":
            edition = self._submit(article, taken_up_by=FIRST_MEMBER.email)
            self._decide(edition, FIRST_MEMBER.email, Verdict.Kind.REQUEST_CHANGES, head["requested"])
        if state == "approved-not-published":
            edition = self._submit(article, taken_up_by=SECOND_MEMBER.email)
            self._decide(edition, SECOND_MEMBER.email, Verdict.Kind.APPROVE)
        return article

    def _save(self, article: Article, draft: Draft, comment: str, *, wrong: bool = False) -> None:
        author = self.people[AUTHOR.email]
        for name in (*drafting.TEXT_FIELDS, "searched_on", "language"):
            setattr(article, name, getattr(draft, name))
        if wrong:
            assert CORRECTED[0] in article.body
            article.body = article.body.replace(*CORRECTED)
        article.keywords = list(draft.keywords)
        article.source_id = draft.source_id
        article.kind = AnswerKind.objects.filter(slug=draft.kind).first()
        article.is_sample = True
        article.byline = [
            drafting.byline_entry(
                name=one.name, credentials=one.credentials, user=author if one.name == author.name else None
            )
            for one in draft.byline
        ]
        topics = drafting.topics_named(draft.topics)
        drafting.save(article, by=author, base_version=article.version, comment=comment, topics=topics)
        shown = [
            keeping.Incoming(one.name, self.images[one.file], one.alternative, one.caption, one.credit)
            for one in draft.images
        ]
        keeping.replace(article, shown, by=author)

    def _submit(self, article: Article, *, taken_up_by: str = "") -> Edition:
        edition = workflow.submit(article, by=self.people[AUTHOR.email], via="sample")
        if taken_up_by:
            workflow.take_up(edition, by=self.people[taken_up_by], via="sample")
        return edition

    def _decide(self, edition: Edition, member: str, kind: str, comment: str = "") -> None:
        workflow.decide(edition, by=self.people[member], kind=kind, password=PASSWORD, comment=comment, via="sample")

    def _publish(self, article: Article, member: str, note: str = "") -> Edition:
        edition = self._submit(article, taken_up_by=member)
        self._decide(edition, member, Verdict.Kind.APPROVE)
        workflow.publish(edition, by=self.people[EDITOR.email], note=note, via="sample")
        return edition
