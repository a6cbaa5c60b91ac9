"""Who asks and what is asked for, made once: a person of every kind, and an object for every address that names one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from articles import autosaves, comments, drafting, glossary
from articles.images import keeping
from articles.models import AnswerKind, Article, Edition, Topic, WordDocument
from articles.word.reading import Document
from people import inviting, notifying, roles
from people.models import Kind, Notification, Role, User
from readers import hearing, triage
from readers.models import Feedback, FollowUpQuestion
from references import import_jobs
from references.models import Event, Reference
from reviews import asking, workflow
from reviews.models import ReReview
from tests import pictures
from tests.conftest import PASSWORD, make_draft, make_person, make_works

WHO = (
    "outsider",  # not signed in
    "reader",  # an account without a role
    "author",  # of the article that most addresses name
    "other author",
    "board member",  # invited to judge it
    "conflicted member",  # excluded from its review
    "removed member",  # whose role on the board ended
    "editor",
    "chief editor",
    "administrator",
    "superuser",  # of Django, without a role
)


@dataclass(frozen=True)
class Stage:
    """The cast, each one's session, and the arguments of addresses by their names."""

    cast: dict[str, User | None]
    sessions: dict[str, str]
    places: dict[str, list[object]]
    draft: Article
    live: Edition

    def address(self, name: str) -> str:
        """The address of this name, about the author's article and what belongs to it."""
        if name.startswith("/"):
            return name
        return reverse(name, args=self.places.get(name, []))

    def client(self, who: str, **options: bool) -> Client:
        """A fresh browser of somebody's, signed in if they are."""
        client = Client(**options)
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client


def build() -> Stage:
    """Make all of it in the database."""
    author = make_person("Ada Author", Role.AUTHOR, credentials="MD")
    editor, administrator = make_person("Edda Editor", Role.EDITOR), make_person("Adi Admin", Role.ADMINISTRATOR)
    member = make_person("Ben Board", Role.BOARD_MEMBER, credentials="MD, PhD", specialty="Cardiology")
    conflicted, removed = (make_person(name, Role.BOARD_MEMBER) for name in ("Cleo Conflict", "Remo Removed"))
    roles.end(removed, role=Role.BOARD_MEMBER, by=administrator)
    cast: dict[str, User | None] = {
        "outsider": None,
        "reader": make_person("Rita Reader"),
        "author": author,
        "other author": make_person("Olga Other", Role.AUTHOR),
        "board member": member,
        "conflicted member": conflicted,
        "removed member": removed,
        "editor": editor,
        "chief editor": make_person("Chloe Chief", Role.CHIEF_EDITOR),
        "administrator": administrator,
        "superuser": User.objects.create_superuser("super@example.org", PASSWORD, name="Sue Super"),
    }
    make_works()
    live = _live(author=author, member=member, editor=editor)
    draft = make_draft(author)
    edition = workflow.submit(draft, by=author)
    workflow.set_part(edition, member=conflicted, by=editor, grade="excluded", reason="A grant of the maker.")
    places = _of_the_desk(draft, edition, author=author, editor=editor, administrator=administrator, member=member)
    places |= _of_the_public(live) | _of_sign_in() | _of_the_admin(edition)
    return Stage(cast, _sessions(cast), places, draft, live)


def _sessions(cast: dict[str, User | None]) -> dict[str, str]:
    sessions = {}
    for who, person in cast.items():
        if person:
            client = Client()
            client.force_login(person)
            sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def _live(*, author: User, member: User, editor: User) -> Edition:
    """A published answer with a topic and an image."""
    article = Article(
        question="Is alpha safe?",
        heading="Yes",
        lead="Alpha is safe [@alpha].",
        body="## Evidence\n\nTwo trials agree [@beta; @alpha].\n",
        owner=author,
        byline=[drafting.byline_entry(name=author.name, user=author)],
    )
    drafting.save(article, by=author, base_version=0, topics=drafting.topics_named(["Cardiology"]))
    image = keeping.add(article, pictures.kept(120, 80), by=author, alternative="A dot")
    article.body += "\n\n" + keeping.markdown_for(image)
    drafting.save(article, by=author, base_version=article.version)
    edition = workflow.submit(article, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="approve", password=PASSWORD)
    workflow.publish(edition, by=editor, note="First edition")
    return edition


def _of_the_desk(
    draft: Article, edition: Edition, *, author: User, editor: User, administrator: User, member: User
) -> dict[str, list[object]]:
    (invited,) = workflow.invite(edition, members=[member], by=editor)
    question = FollowUpQuestion.objects.create(article=draft, text="Why?")
    said = Feedback.objects.create(article=draft, edition_number=1, kind="mistake", text="No.", state="new")
    invitation, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    work, other_work = Reference.objects.get(key="alpha"), Reference.objects.get(key="beta")
    taken_up = import_jobs.start('[{"id": "k", "title": "T"}]', by=author)
    event = Event.objects.create(reference=Reference.objects.get(key="gamma"), kind="retraction")
    term = glossary.propose(by=author, term="alpha", plain="a made-up medicine")
    entry = ReReview.objects.create(article=draft, edition=edition, event=event, opened_at=timezone.now())
    notifying.notify([author], kind=Kind.DECIDED, about="x", sentence="Something happened.", address="/desk/")
    piece = Notification.objects.get(about="x")
    unsaved = autosaves.keep(draft, by=author, tab="a" * 32, number=1, base_version=1, fields={"lead": "Typed."})
    image = keeping.add(draft, pictures.kept(), by=author, alternative="A dot")
    thread = comments.open_thread(draft, by=author, text="Hm.")
    kind, topic = AnswerKind.objects.create(slug="a-kind", name="A kind"), Topic.objects.create(slug="b", name="B")
    word = WordDocument.objects.create(by=author, name="a.docx", document=asdict(Document("", "Text\n")))
    of_an_article = (
        "article article_edit history trail compare restore submit publishing images comments comments_panel "
        "article_due hand_over"
    )
    of_an_edition = (
        "review take_up give_up state_interests review_invite invited parts decide renew pull_back publish release "
        "withdraw add_notice schedule cancel_schedule restore_answer retract review_comments"
    )
    of_a_work = "reference reference_edit reference_look_up reference_flag"
    places: dict[str, list[object]] = {
        **dict.fromkeys(of_an_article.split(), [draft.pk]),
        **dict.fromkeys(of_an_edition.split(), [edition.pk]),
        **dict.fromkeys(of_a_work.split(), [work.pk]),
        **dict.fromkeys(["image_edit", "image_delete"], [draft.pk, image.pk]),
        **dict.fromkeys(["import", "import_progress"], [taken_up.pk]),
        **dict.fromkeys(["kind", "policy"], [kind.pk]),
        "image_file": [image.digest, "png"],
        "word": [word.pk],
        "library_merge": [work.pk, other_work.pk],
        "kept": [unsaved.tab],
        "dashboard_csv": ["load"],
        "review_text": [edition.pk, 1],
        "review_invitation": [edition.pk, invited.pk],
        "settle_objection": [edition.pk, 1],
        "review_thread": [edition.pk, asking.ask(edition, by=editor, text="Hm.").pk],
        "flag_dismiss": [event.pk],
        "term": [term.pk],
        "topic": [topic.pk],
        "close_re_review": [entry.pk],
        "news_piece": [piece.pk],
        "thread": [draft.pk, thread.pk],
        "question": [question.pk],
        "report": [said.pk],
        "person": [author.pk],
        "withdraw_invitation": [invitation.pk],
        "invitation": [token],
    }
    return {f"desk:{name}": arguments for name, arguments in places.items()}


def _of_the_public(live: Edition) -> dict[str, list[object]]:
    article = live.article
    asked = triage.take_in(text="Why?", email="", audience="", article_id=article.pk, edition_number=live.number)
    said = Feedback.objects.create(article=article, edition_number=1, kind="helpful", state="new")
    of_an_answer = (
        "answer markdown compare texts references_ris references_csl references_bibtex api_answer api_editions "
        "api_references"
    )
    of_an_edition = (
        "edition edition_markdown edition_references_ris edition_references_csl edition_references_bibtex api_edition"
    )
    places: dict[str, list[object]] = {
        **dict.fromkeys(of_an_answer.split(), [article.slug]),
        **dict.fromkeys(of_an_edition.split(), [article.slug, live.number]),
        **dict.fromkeys(["topic", "topic_feed"], ["cardiology"]),
        "image": [live.shown_images.get().file.digest, "png"],
        "sitemap_section": [0],
        "my_question": [triage.token_of(asked)],
        "my_feedback": [hearing.token_of(said)],
    }
    return {f"readers:{name}": arguments for name, arguments in places.items()}


def _of_sign_in() -> dict[str, list[object]]:
    return {"account_reset_password_from_key": ["1", "set-password"]}


def _of_the_admin(edition: Edition) -> dict[str, list[object]]:
    rows = {
        "articles_edition": edition.pk,
        "articles_notice": 1,
        "articles_publication": Edition.objects.get(number=1, article__slug="is-alpha-safe").article.publication.pk,
        "reviews_review": edition.review.pk,
        "reviews_transition": edition.transitions.first().pk,
        "reviews_verdict": 1,
    }
    places: dict[str, list[object]] = {
        f"admin:{model}_{page}": [pk] for model, pk in rows.items() for page in ("change", "delete", "history")
    }
    return places | {"admin:app_list": ["articles"], "admin:view_on_site": [1, 1]}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """The route of every address of a resolver."""
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here
