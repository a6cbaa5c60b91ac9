"""Every address has a rule, and every rule holds: who gets what answer at each address of the desk.

Both tables are written by hand, so that neither the policy nor the addresses can change without somebody deciding it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from articles import autosaves, comments, drafting, glossary
from articles.images import keeping
from articles.models import AnswerKind, Article, Topic, WordDocument
from articles.word.reading import Document
from desk import policy
from people import inviting, notifying
from people.models import Kind, Notification, Role, User
from readers.models import Feedback, FollowUpQuestion
from references import import_jobs
from references.models import Event, Reference
from reviews import asking, workflow
from reviews.models import ReReview, Review
from tests import pictures
from tests.conftest import PASSWORD

PUBLIC = {
    "readers:about",
    "readers:answer",
    "readers:answers",
    "readers:api_answer",
    "readers:api_answers",
    "readers:api_board",
    "readers:api_document",
    "readers:api_edition",
    "readers:api_editions",
    "readers:api_guide",
    "readers:api_index",
    "readers:api_missing",
    "readers:api_notices",
    "readers:api_references",
    "readers:api_search",
    "readers:api_topics",
    "readers:ask",
    "readers:ask_thanks",
    "readers:board",
    "readers:compare",
    "readers:edition",
    "readers:edition_markdown",
    "readers:edition_references_bibtex",
    "readers:edition_references_csl",
    "readers:edition_references_ris",
    "readers:favicon",
    "readers:feed",
    "readers:feedback",
    "readers:home",
    "readers:image",
    "readers:markdown",
    "readers:mistake",
    "readers:my_feedback",
    "readers:my_question",
    "readers:notices_feed",
    "readers:policy",
    "readers:references_bibtex",
    "readers:references_csl",
    "readers:references_ris",
    "readers:robots",
    "readers:search",
    "readers:sitemap",
    "readers:sitemap_section",
    "readers:suggestions",
    "readers:texts",
    "readers:topic",
    "readers:topic_feed",
    "readers:topics",
}
"""What anybody may read; who reads what there is the public site's to test."""

SIGN_IN = {
    "account_change_password",
    "account_email",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}
"""allauth's own views, each about the person who asks."""

ADMIN = {
    "admin:app_list",
    "admin:autocomplete",
    "admin:index",
    "admin:jsi18n",
    "admin:login",
    "admin:logout",
    "admin:password_change",
    "admin:password_change_done",
    "admin:view_on_site",
    "admin/password_change/",
    "admin/(?P<url>.*)$",
} | {
    f"admin:{model}_{page}"
    for model in (
        "articles_edition",
        "articles_notice",
        "articles_publication",
        "reviews_review",
        "reviews_transition",
        "reviews_verdict",
    )
    for page in ("add", "change", "changelist", "delete", "history")
}
"""The record, read-only, for staff: see tests/desk/test_admin.py."""


def _addresses(resolver: URLResolver, space: tuple[str, ...] = (), route: str = "") -> Iterator[str]:
    """Every address of the resolver by its full name; one without a name by its route."""
    for entry in resolver.url_patterns:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, (*space, entry.namespace) if entry.namespace else space, here)
        elif isinstance(entry, URLPattern):
            yield ":".join((*space, entry.name)) if entry.name else here


def _is_old_address_of_the_admin(address: str) -> bool:
    """The admin leads from a row's bare address to its page of changes."""
    return address.startswith("admin/") and address.endswith("<path:object_id>/")


def test_every_address_is_named_by_the_policy_or_public_by_decision():
    addresses = set(_addresses(get_resolver()))
    named = set(policy.RULES) | PUBLIC | SIGN_IN | ADMIN
    assert {one for one in addresses if one not in named and not _is_old_address_of_the_admin(one)} == set()
    assert named - addresses == set()


def test_every_rule_stands_in_the_table_below():
    assert {row[0] for row in TABLE} == set(policy.RULES)
    for name, rule in policy.RULES.items():
        methods = {row[1] for row in TABLE if row[0] == name}
        assert methods == {
            method for method, roles in (("GET", rule.get), ("POST", rule.post)) if roles != policy.NOBODY
        }, name


def test_an_address_without_a_rule_is_refused(monkeypatch, browser, editor):
    monkeypatch.delitem(policy.RULES, "desk:reviews")
    assert browser(editor).get(reverse("desk:reviews")).status_code == 403


WHO = ("nobody", "no role", "author", "another author", "board member", "editor", "administrator")
TABLE = [
    # address, method, answer for each of WHO; 302 is the way to sign-in for nobody, and success for a POST
    ("desk:home", "GET", "302 403 200 200 200 200 200"),
    ("desk:articles", "GET", "302 403 200 200 403 200 403"),
    ("desk:article_new", "GET", "302 403 200 200 403 200 403"),
    ("desk:article_new", "POST", "302 403 422 422 403 422 403"),
    ("desk:article", "GET", "302 403 200 404 403 200 403"),
    ("desk:article_edit", "GET", "302 403 200 404 403 200 403"),
    ("desk:article_edit", "POST", "302 403 422 404 403 422 403"),
    ("desk:word_import", "GET", "302 403 200 200 403 200 403"),
    ("desk:word_import", "POST", "302 403 422 422 403 422 403"),
    ("desk:word", "GET", "302 403 200 404 403 404 403"),
    ("desk:word", "POST", "302 403 422 404 403 404 403"),
    ("desk:keep", "GET", "302 403 200 200 403 200 403"),
    ("desk:keep", "POST", "302 403 422 422 403 422 403"),
    ("desk:kept", "GET", "302 403 200 404 403 404 403"),
    ("desk:kept", "POST", "302 403 302 404 403 404 403"),
    ("desk:preview", "POST", "302 403 200 200 403 200 403"),
    ("desk:images", "GET", "302 403 200 404 403 200 403"),
    ("desk:images", "POST", "302 403 422 404 403 422 403"),
    ("desk:image_edit", "GET", "302 403 200 404 403 200 403"),
    ("desk:image_edit", "POST", "302 403 422 404 403 422 403"),
    ("desk:image_delete", "POST", "302 403 302 404 403 302 403"),
    # A draft's image: the board reads editions.
    ("desk:image_file", "GET", "302 403 200 404 404 200 403"),
    ("desk:history", "GET", "302 403 200 404 403 200 403"),
    ("desk:trail", "GET", "302 403 403 403 403 200 403"),
    ("desk:compare", "GET", "302 403 200 404 403 200 403"),
    ("desk:restore", "POST", "302 403 404 404 403 404 403"),
    ("desk:submit", "GET", "302 403 200 404 403 200 403"),
    ("desk:submit", "POST", "302 403 422 404 403 422 403"),
    ("desk:comments", "GET", "302 403 200 404 403 200 403"),
    ("desk:comments", "POST", "302 403 422 404 403 422 403"),
    ("desk:comments_panel", "GET", "302 403 200 404 403 200 403"),
    ("desk:thread", "POST", "302 403 404 404 403 404 403"),
    ("desk:article_due", "GET", "302 403 200 404 403 200 403"),
    ("desk:article_due", "POST", "302 403 302 404 403 302 403"),
    ("desk:hand_over", "GET", "302 403 200 404 403 200 403"),
    ("desk:hand_over", "POST", "302 403 422 404 403 422 403"),
    ("desk:library", "GET", "302 403 200 200 200 200 403"),
    ("desk:reference", "GET", "302 403 200 200 200 200 403"),
    ("desk:reference_new", "GET", "302 403 200 200 403 200 403"),
    ("desk:reference_new", "POST", "302 403 422 422 403 422 403"),
    ("desk:reference_edit", "GET", "302 403 200 200 403 200 403"),
    ("desk:reference_edit", "POST", "302 403 422 422 403 422 403"),
    ("desk:reference_look_up", "GET", "302 403 200 200 403 200 403"),
    ("desk:reference_look_up", "POST", "302 403 422 422 403 422 403"),
    ("desk:library_export", "GET", "302 403 200 200 200 200 403"),
    ("desk:library_import", "GET", "302 403 200 200 403 200 403"),
    ("desk:library_import", "POST", "302 403 422 422 403 422 403"),
    ("desk:import", "GET", "302 403 200 404 403 200 403"),
    ("desk:import", "POST", "302 403 409 404 403 409 403"),
    ("desk:import_progress", "GET", "302 403 200 404 403 200 403"),
    ("desk:library_likely", "GET", "302 403 200 200 403 200 403"),
    ("desk:library_merge", "GET", "302 403 200 200 403 200 403"),
    ("desk:library_merge", "POST", "302 403 403 403 403 422 403"),
    ("desk:reference_flag", "GET", "302 403 200 200 403 200 403"),
    ("desk:reference_flag", "POST", "302 403 422 422 403 422 403"),
    ("desk:flag_dismiss", "POST", "302 403 403 403 403 422 403"),
    ("desk:works_kind", "GET", "302 403 200 200 403 200 403"),
    ("desk:works_kind", "POST", "302 403 422 422 403 422 403"),
    ("desk:picker", "GET", "302 403 200 200 403 200 403"),
    ("desk:glossary", "GET", "302 403 200 200 200 200 403"),
    ("desk:term_new", "GET", "302 403 200 200 403 200 403"),
    ("desk:term_new", "POST", "302 403 422 422 403 422 403"),
    ("desk:term", "GET", "302 403 200 200 200 200 403"),
    ("desk:term", "POST", "302 403 403 403 403 422 403"),
    ("desk:library_cite", "POST", "302 403 422 422 403 422 403"),
    ("desk:kinds", "GET", "302 403 200 200 403 200 403"),
    ("desk:kind_new", "GET", "302 403 403 403 403 200 403"),
    ("desk:kind_new", "POST", "302 403 403 403 403 422 403"),
    ("desk:kind", "GET", "302 403 403 403 403 200 403"),
    ("desk:kind", "POST", "302 403 403 403 403 422 403"),
    ("desk:topics", "GET", "302 403 200 200 403 200 403"),
    ("desk:topic", "GET", "302 403 403 403 403 200 403"),
    ("desk:topic", "POST", "302 403 403 403 403 422 403"),
    ("desk:reviews", "GET", "302 403 403 403 200 200 403"),
    ("desk:reviews_due", "GET", "302 403 403 403 200 200 403"),
    ("desk:review", "GET", "302 403 200 404 200 200 403"),
    ("desk:review_text", "GET", "302 403 200 404 200 200 403"),
    ("desk:review_comments", "GET", "302 403 200 404 200 200 403"),
    ("desk:review_comments", "POST", "302 403 403 403 422 422 403"),
    ("desk:review_thread", "POST", "302 403 404 404 404 404 403"),
    ("desk:take_up", "POST", "302 403 403 403 302 403 403"),
    ("desk:give_up", "POST", "302 403 403 403 409 403 403"),
    ("desk:state_interests", "GET", "302 403 403 403 200 403 403"),
    ("desk:state_interests", "POST", "302 403 403 403 422 403 403"),
    ("desk:review_invitations", "GET", "302 403 403 403 403 200 403"),
    ("desk:review_invite", "GET", "302 403 403 403 403 200 403"),
    ("desk:review_invite", "POST", "302 403 403 403 403 422 403"),
    ("desk:review_invitation", "POST", "302 403 403 403 403 422 403"),
    ("desk:invited", "GET", "302 403 403 403 200 403 403"),
    ("desk:invited", "POST", "302 403 403 403 422 403 403"),
    ("desk:parts", "GET", "302 403 403 403 403 200 403"),
    ("desk:parts", "POST", "302 403 403 403 403 422 403"),
    ("desk:decide", "GET", "302 403 403 403 200 403 403"),
    ("desk:decide", "POST", "302 403 403 403 422 403 403"),
    ("desk:renew", "GET", "302 403 403 403 200 403 403"),
    ("desk:renew", "POST", "302 403 403 403 422 403 403"),
    ("desk:pull_back", "POST", "302 403 302 404 403 302 403"),
    ("desk:settle_objection", "POST", "302 403 403 403 409 403 403"),
    ("desk:policies", "GET", "302 403 403 403 403 200 403"),
    ("desk:policy_general", "GET", "302 403 403 403 403 200 403"),
    ("desk:policy_general", "POST", "302 403 403 403 403 422 403"),
    ("desk:policy", "GET", "302 403 403 403 403 200 403"),
    ("desk:policy", "POST", "302 403 403 403 403 422 403"),
    ("desk:publishing", "GET", "302 403 200 404 200 200 403"),
    ("desk:publish", "POST", "302 403 403 403 403 409 403"),
    ("desk:schedule", "POST", "302 403 403 403 403 422 403"),
    ("desk:cancel_schedule", "POST", "302 403 403 403 403 409 403"),
    ("desk:release", "POST", "302 403 403 403 403 422 403"),
    ("desk:withdraw", "POST", "302 403 403 403 403 422 403"),
    ("desk:restore_answer", "POST", "302 403 403 403 403 422 403"),
    ("desk:retract", "POST", "302 403 403 403 403 422 403"),
    ("desk:add_notice", "POST", "302 403 403 403 403 422 403"),
    ("desk:close_re_review", "POST", "302 403 403 403 403 422 403"),
    ("desk:dashboard", "GET", "302 403 403 403 403 200 403"),
    ("desk:dashboard_csv", "GET", "302 403 403 403 403 200 403"),
    ("desk:news", "GET", "302 403 200 200 200 200 200"),
    ("desk:news_piece", "GET", "302 403 302 404 404 404 404"),
    ("desk:news_read", "POST", "302 403 302 302 302 302 302"),
    ("desk:news_choices", "GET", "302 403 200 200 200 200 200"),
    ("desk:news_choices", "POST", "302 403 422 422 422 422 422"),
    ("desk:questions", "GET", "302 403 403 403 403 200 403"),
    ("desk:question", "GET", "302 403 404 404 403 200 403"),
    ("desk:question", "POST", "302 403 403 403 403 422 403"),
    ("desk:reports", "GET", "302 403 403 403 403 200 403"),
    ("desk:report", "GET", "302 403 403 403 403 200 403"),
    ("desk:report", "POST", "302 403 403 403 403 422 403"),
    ("desk:helpful", "GET", "302 403 403 403 403 200 403"),
    ("desk:people", "GET", "302 403 403 403 403 403 200"),
    ("desk:person", "GET", "302 403 403 403 403 403 200"),
    ("desk:person", "POST", "302 403 403 403 403 403 422"),
    ("desk:invite", "GET", "302 403 403 403 403 403 200"),
    ("desk:invite", "POST", "302 403 403 403 403 403 422"),
    ("desk:withdraw_invitation", "POST", "302 403 403 403 403 403 302"),
    ("desk:invitation", "GET", "200 200 200 200 200 200 200"),
    ("desk:invitation", "POST", "422 422 422 422 422 422 422"),
    ("desk:profile", "GET", "302 403 200 200 200 200 200"),
    ("desk:profile", "POST", "302 403 422 422 422 422 422"),
    ("desk:interests", "GET", "302 403 200 200 200 200 200"),
    ("desk:interests", "POST", "302 403 422 422 422 422 422"),
    ("desk:settings", "GET", "302 403 403 403 403 200 200"),
    ("desk:settings", "POST", "302 403 403 403 403 422 422"),
]


@pytest.fixture
def cast(person, outsider, author, member, editor, administrator):
    """Who asks, in the order of WHO."""
    other = person("Olga Other", Role.AUTHOR)
    return dict(zip(WHO, (None, outsider, author, other, member, editor, administrator), strict=True))


@pytest.fixture
def places(draft, author, administrator, editor, member):
    """The arguments of the addresses that take some: an article of the author's, its submitted edition, and others."""
    edition = workflow.submit(draft, by=author)
    (invited,) = workflow.invite(edition, members=[member], by=editor)
    question = FollowUpQuestion.objects.create(article=draft, text="Why?")
    said = Feedback.objects.create(article=draft, edition_number=1, kind="mistake", text="No.", state="new")
    invitation, token = inviting.invite(by=administrator, email="nora@example.org", role=Role.AUTHOR)
    work = Reference.objects.get(key="alpha")
    taken_up = import_jobs.start('[{"id": "k", "title": "T"}]', by=author)
    event = Event.objects.create(reference=Reference.objects.get(key="gamma"), kind="retraction")
    term = glossary.propose(by=author, term="alpha", plain="a made-up medicine")
    entry = ReReview.objects.create(article=draft, edition=edition, event=event, opened_at=timezone.now())
    notifying.notify([author], kind=Kind.DECIDED, about="x", sentence="Something happened.", address="/desk/")
    piece = Notification.objects.get(about="x")
    unsaved = autosaves.keep(draft, by=author, tab="a" * 32, number=1, base_version=1, fields={"lead": "Typed."})
    image = keeping.add(draft, pictures.kept(), by=author, alternative="A dot")
    thread = comments.open_thread(draft, by=author, text="Hm.")
    article, of_edition = [draft.pk], [edition.pk]
    return {
        **dict.fromkeys(
            ["article", "article_edit", "history", "trail", "compare", "restore", "submit", "publishing"], article
        ),
        "images": article,
        **dict.fromkeys(["image_edit", "image_delete"], [draft.pk, image.pk]),
        "image_file": [image.digest, "png"],
        **dict.fromkeys(
            [
                "review",
                "take_up",
                "give_up",
                "state_interests",
                "review_invite",
                "invited",
                "parts",
                "decide",
                "renew",
                "pull_back",
                "publish",
                "release",
                "withdraw",
                "add_notice",
            ],
            of_edition,
        ),
        **dict.fromkeys(["schedule", "cancel_schedule", "restore_answer", "retract"], of_edition),
        **dict.fromkeys(["reference", "reference_edit", "reference_look_up", "reference_flag"], [work.pk]),
        "word": [WordDocument.objects.create(by=author, name="a.docx", document=asdict(Document("", "Text\n"))).pk],
        "library_merge": [work.pk, Reference.objects.get(key="beta").pk],
        **dict.fromkeys(["import", "import_progress"], [taken_up.pk]),
        "kept": [unsaved.tab],
        "dashboard_csv": ["load"],
        "review_text": [edition.pk, 1],
        "review_invitation": [edition.pk, invited.pk],
        "settle_objection": [edition.pk, 1],
        "review_comments": of_edition,
        "review_thread": [edition.pk, asking.ask(edition, by=editor, text="Hm.").pk],
        "flag_dismiss": [event.pk],
        "term": [term.pk],
        **dict.fromkeys(["kind", "policy"], [AnswerKind.objects.create(slug="a-kind", name="A kind").pk]),
        "topic": [Topic.objects.create(slug="a-topic", name="A topic").pk],
        "close_re_review": [entry.pk],
        "news_piece": [piece.pk],
        **dict.fromkeys(["comments", "comments_panel", "article_due", "hand_over"], article),
        "thread": [draft.pk, thread.pk],
        "question": [question.pk],
        "report": [said.pk],
        "person": [author.pk],
        "withdraw_invitation": [invitation.pk],
        "invitation": [token],
    }


def _url(name, places):
    return reverse(name, args=places.get(name.partition(":")[2], []))


def _client(person):
    client = Client()
    if person:
        client.force_login(person)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "method", "expected"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_who_gets_what_answer(name, method, expected, cast, places):
    url = _url(name, places)
    answers = {}
    for who, person in cast.items():
        client = _client(person)
        with transaction.atomic():
            answers[who] = client.generic(method, url, "", "application/x-www-form-urlencoded")
            transaction.set_rollback(True)
    assert {who: response.status_code for who, response in answers.items()} == dict(
        zip(WHO, map(int, expected.split()), strict=True)
    )
    if answers["nobody"].status_code == 302:
        assert answers["nobody"].url.startswith(reverse("account_login"))


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_no_other_method_is_anybodys(method, places):
    chief = User.objects.create_superuser("chief@example.org", PASSWORD, name="Chief")
    client = _client(chief)
    for name in policy.RULES:
        assert client.generic(method, _url(name, places)).status_code == 403, name


@pytest.mark.django_db
def test_reading_changes_nothing(cast, places, draft):
    before = (Article.objects.get(pk=draft.pk).version, Review.objects.get().state)
    for name, rule in policy.RULES.items():
        if rule.get == policy.NOBODY:
            for person in cast.values():
                assert _client(person).get(_url(name, places)).status_code in {302, 403}, name
    assert (Article.objects.get(pk=draft.pk).version, Review.objects.get().state) == before


@pytest.mark.django_db
def test_an_object_that_does_not_exist_and_one_of_somebody_else_look_the_same(cast, places):
    client = _client(cast["another author"])
    for name in ("desk:review", "desk:publishing", "desk:article"):
        theirs, nothing = client.get(_url(name, places)), client.get(reverse(name, args=[99999]))
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content


@pytest.mark.django_db
def test_an_author_who_saved_a_version_may_open_the_article(cast, places, draft):
    article = Article.objects.get(pk=draft.pk)
    drafting.save(article, by=cast["another author"], base_version=article.version)
    assert _client(cast["another author"]).get(_url("desk:publishing", places)).status_code == 200
