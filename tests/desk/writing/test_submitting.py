"""Submission from the desk: findings, consequences, and the move."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles import drafting, freezing
from articles.models import Article, Edition
from people.models import User
from references.models import Alias, Event, Reference, Relation
from references.watching import flags
from reviews import justifying, verifying, workflow
from reviews.models import Review, State, Transition

Browser = Callable[[User], Client]


@pytest.fixture
def address(draft: Article) -> str:
    return reverse("desk:submit", args=[draft.pk])


def change(article: Article, by: User, **fields: str) -> Article:
    article = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(article, name, value)
    return drafting.save(article, by=by, base_version=article.version)


def test_a_sound_draft_is_submitted_with_its_comment(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Version 1 is frozen as edition 1" in page
    assert "It cites 2 works." in page
    answer = client.post(address, {"version": 1, "comment": "Please look at the dose."})
    assert answer.url == reverse("desk:article", args=[draft.pk])
    edition = Edition.objects.get()
    assert edition.review.state == State.SUBMITTED
    assert Transition.objects.get(edition=edition).reason == "Please look at the dose."


def test_findings_are_grouped_and_lead_to_their_place(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    change(draft, author, lead="", body="One [@alpha].\n\nTwo [@nobody].")
    page = browser(author).get(address).content.decode()
    edit = reverse("desk:article_edit", args=[draft.pk])
    assert f'href="{edit}?field=body&amp;line=3#id_body"' in page
    assert f'href="{edit}#id_lead"' in page
    assert f'href="{edit}#id_searched_on"' in page
    assert page.index("To be put right first") < page.index("nothing that stands in the way")
    assert "Submit edition" not in page


def test_a_blocked_draft_is_refused_by_direct_post_and_the_comment_comes_back(
    browser: Browser, author: User, draft: Article, address: str
) -> None:
    change(draft, author, lead="")
    answer = browser(author).post(address, {"version": 2, "comment": "Mine"})
    assert answer.status_code == 409
    assert "This cannot be submitted yet" in answer.content.decode()
    assert not Edition.objects.exists()


def test_a_version_that_nobody_looked_at_is_not_submitted(
    browser: Browser, author: User, editor: User, draft: Article, address: str
) -> None:
    client = browser(author)
    client.get(address)
    change(draft, editor, heading="Another heading")
    answer = client.post(address, {"version": 1, "comment": "Mine"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "saved meanwhile as version 2" in page
    assert "Mine</textarea>" in page
    assert 'name="version" value="2"' in page
    assert not Edition.objects.exists()


def test_the_same_text_is_not_submitted_twice(browser: Browser, author: User, submitted: Edition, address: str) -> None:
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Edition 1 is submitted" in page
    assert "Submit edition" not in page
    assert client.post(address, {"version": 1}).status_code == 409
    assert Edition.objects.count() == 1


def test_the_page_says_that_an_open_edition_is_replaced(
    browser: Browser, author: User, under_review: Edition, draft: Article, address: str
) -> None:
    change(draft, author, heading="Another heading")
    client = browser(author)
    page = client.get(address).content.decode()
    assert "Edition 1, under review, is pulled back" in page
    assert "frozen as edition 2" in page
    client.post(address, {"version": 2})
    under_review.review.refresh_from_db()
    assert under_review.review.state == State.PULLED_BACK


def test_the_page_says_that_an_edition_with_caution_leaves_the_public(
    browser: Browser, author: User, editor: User, submitted: Edition, draft: Article, address: str
) -> None:
    workflow.release_with_caution(submitted, by=editor, reason="Asked for urgently")
    change(draft, author, heading="Another heading")
    assert "leaves the public at once" in browser(author).get(address).content.decode()


def test_the_page_says_what_the_public_goes_on_reading(
    browser: Browser, author: User, live: Edition, draft: Article, address: str
) -> None:
    change(draft, author, heading="Another heading")
    page = browser(author).get(address).content.decode()
    assert "goes on reading edition 1" in page
    assert "pulled back" not in page


def test_a_text_that_cannot_be_laid_out_blocks_in_a_sentence(
    browser: Browser, author: User, draft: Article, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from articles import freezing
    from articles.markup.door import TextRefused

    def refuse(article: Article, images: object) -> None:
        raise TextRefused("This text nests too deeply.")

    monkeypatch.setattr(freezing, "render_article", refuse)
    for answer in (browser(author).get(address), browser(author).post(address, {"version": 1})):
        assert "This text nests too deeply." in answer.content.decode()
    assert not Edition.objects.exists()


# -- Works that are flagged -----------------------------------------------------------------------------------


FLAGS = {"retraction": "retracted", "concern": "concern", "new-version": "superseded"}


def flag(key: str, kind: str = "retraction") -> int:
    work = Reference.objects.get(key=key)
    flags.report(work, kind=kind, source="crossref", notice="doi:10.5555/notice", text="Retraction notice")
    return work.pk


@pytest.mark.parametrize("kind", ["retraction", "concern", "new-version"])
def test_what_cites_a_flagged_work_is_submitted_with_a_justification_alone(
    kind: str, browser: Browser, author: User, draft: Article, address: str
) -> None:
    field, status = f"why_{flag('alpha', kind)}", FLAGS[kind]
    client = browser(author)
    page = client.get(address).content.decode()
    assert f'name="{field}"' in page
    assert "The alpha trial" in page
    assert 'href="https://doi.org/10.5555/notice"' in page
    answer = client.post(address, {"version": 1, "comment": "Mine", field: "  "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Mine</textarea>" in page
    # What is wrong is said at the top, before the list of what the checks find.
    assert page.index("Nothing was submitted yet") < page.index("What the checks find")
    assert not Edition.objects.exists()
    answer = client.post(address, {"version": 1, "comment": "Mine", field: "It is cited as retracted."})
    assert answer.status_code == 302
    review = Review.objects.get()
    assert review.justifications == [{"key": "alpha", "status": status, "text": "It is cited as retracted."}]
    assert Transition.objects.get().reason == f"Mine\n\n@alpha ({status}): It is cited as retracted."
    assert list(verifying.problems()) == []
    Review.objects.update(justifications=[{"key": "alpha", "status": status, "text": "Another text."}])
    assert [problem for problem in verifying.problems() if "justifications" in problem]


def test_a_correction_is_advice(browser: Browser, author: User, draft: Article, address: str) -> None:
    flag("alpha", "correction")
    client = browser(author)
    page = client.get(address).content.decode()
    assert "The work @alpha is" in page
    assert "why_" not in page
    assert client.post(address, {"version": 1}).status_code == 302


def test_the_server_asks_for_each_flagged_work_that_the_button_asked_for(author: User, draft: Article) -> None:
    flag("alpha")
    flag("beta", "concern")
    for given in ({}, {"alpha": "Because."}, {"alpha": "Because.", "beta": " "}):
        with pytest.raises(workflow.Refused, match=r"Say why this may stand: .*@beta \(expression of concern\)\."):
            workflow.submit(draft, by=author, justifications=given)
    assert workflow.submit(draft, by=author, justifications={"alpha": "Because.", "beta": "And so."}).number == 1


def test_a_work_that_is_flagged_while_the_page_was_open_brings_its_field_with_the_text_kept(
    browser: Browser, author: User, draft: Article, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"why_{flag('alpha')}"
    client = browser(author)
    client.get(address)
    second = f"why_{flag('beta')}"
    answer = client.post(address, {"version": 1, first: "My reason."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{second}_error"' in page
    assert "My reason.</textarea>" in page
    real, late = workflow.submit, []

    def flagged_at_the_last_moment(*args: Any, **kwargs: Any) -> Edition:
        late.append(flag("beta"))
        return real(*args, **kwargs)

    flags.dismiss(Event.objects.get(reference__key="beta"), by=author, why="No.")
    Event.objects.filter(reference__key="beta").delete()
    monkeypatch.setattr(workflow, "submit", flagged_at_the_last_moment)
    answer = client.post(address, {"version": 1, first: "My reason."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Say why this may stand: @beta (retracted)." in page
    assert f'id="id_{second}_error"' in page
    assert "My reason.</textarea>" in page
    assert not Edition.objects.exists()


def test_a_save_meanwhile_keeps_the_justification(
    browser: Browser, author: User, editor: User, draft: Article, address: str
) -> None:
    field = f"why_{flag('alpha')}"
    client = browser(author)
    change(draft, editor, heading="Another heading")
    answer = client.post(address, {"version": 1, field: "My reason."})
    assert answer.status_code == 409
    assert "My reason.</textarea>" in answer.content.decode()


def test_an_edition_that_was_pulled_back_needs_the_justification_again(author: User, draft: Article) -> None:
    edition = workflow.submit(draft, by=author)
    workflow.pull_back(edition, by=author)
    flag("alpha")
    with pytest.raises(workflow.Refused, match="Say why"):
        workflow.submit(draft, by=author)
    assert workflow.submit(draft, by=author, justifications={"alpha": "Because."}) == edition
    assert Review.objects.get().justifications[0]["text"] == "Because."
    workflow.pull_back(edition, by=author)
    flags.dismiss(Event.objects.get(), by=author, why="Another trial.")
    assert workflow.submit(draft, by=author) == edition
    assert Review.objects.get().justifications == []
    assert list(verifying.problems()) == []


def test_a_flagged_work_under_a_former_key_needs_it_too(author: User, draft: Article) -> None:
    work = Reference.objects.get(key="alpha")
    Reference.objects.filter(pk=work.pk).update(key="alpha-2020", key_normal="alpha-2020")
    Alias.objects.create(scheme=Alias.Scheme.KEY, value="alpha", written="alpha", reference=work)
    flag("alpha-2020")
    with pytest.raises(workflow.Refused, match="@alpha-2020"):
        workflow.submit(draft, by=author)


def test_a_preprint_that_was_published_is_advice(author: User, draft: Article) -> None:
    alpha, gamma = (Reference.objects.get(key=key) for key in ("alpha", "gamma"))
    Relation.objects.create(reference=alpha, kind="preprint-of", doi=gamma.doi, other=gamma, source="crossref")
    messages = [finding.message for finding in freezing.prepare(draft).findings]
    assert "The work @alpha is a preprint that was published since: @gamma." in messages
    Relation.objects.all().delete()
    Relation.objects.create(reference=gamma, kind="published-from", doi=alpha.doi, other=alpha, source="crossref")
    assert "The work @alpha is a preprint that was published since: @gamma." in [
        finding.message for finding in freezing.prepare(draft).findings
    ]


def test_an_import_says_which_articles_need_a_justification(author, editor, draft, tmp_path) -> None:
    folder = tmp_path / "articles"
    call_command("export_articles", str(folder))
    Article.objects.get()
    flag("alpha")
    out = StringIO()
    call_command("import_articles", str(folder), "--submit", "--by", editor.email, stdout=out)
    assert "Say why this may stand: @alpha (retracted)." in out.getvalue()
    assert not Edition.objects.exists()


# -- Passages that may tell who a patient is ------------------------------------------------------------------

PATIENT = "Mr John Smith, born on 4 May 1961, took alpha [@alpha; @beta]."


def passages(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="(why_patient-[\w-]+)"', page)))


def test_each_passage_needs_a_text_of_its_own_which_goes_into_the_record_without_its_words(
    browser: Browser, author: User, member: User, draft: Article, address: str
) -> None:
    change(draft, author, body=f"## Case\n\n{PATIENT}")
    client = browser(author)
    page = client.get(address).content.decode()
    birth, name = passages(page)
    assert "To be justified to the board" in page
    answer = client.post(
        address, {"version": 2, "comment": "Mine", name: "He is known by this name in print.", birth: ""}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{birth}_error"' in page
    assert "He is known by this name in print.</textarea>" in page
    assert not Edition.objects.exists()
    said = {name: "He is known by this name in print.", birth: "It stands in the printed case."}
    assert client.post(address, {"version": 2, "comment": "Mine", **said}).status_code == 302
    reason = Transition.objects.get().reason
    assert reason == (
        "Mine\n\npatient-name (body, line 3): He is known by this name in print."
        "\n\npatient-birth (body, line 3): It stands in the printed case."
    )
    assert list(verifying.problems()) == []
    review = Review.objects.get()
    for page in (browser(member).get(reverse("desk:review", args=[review.edition_id])),):
        text = page.content.decode()
        assert "Passages to weigh" in text
        assert text.index("He is known by this name in print.") < text.index('id="bottom-lines"')
        assert "Mr John Smith" in text
    Review.objects.update(justifications=[review.justifications[0] | {"text": "Another."}, review.justifications[1]])
    assert [problem for problem in verifying.problems() if "justifications" in problem]


def test_the_server_asks_for_each_passage(author: User, draft: Article) -> None:
    change(draft, author, body=PATIENT)
    article = Article.objects.get()
    asked = justifying.asked(freezing.prepare(article))
    given: dict[str, str] = {}
    for one in asked:
        with pytest.raises(workflow.Refused, match="Say why this may stand"):
            workflow.submit(article, by=author, justifications=given)
        given[one.id] = "Because."
    assert workflow.submit(article, by=author, justifications=given).number == 1


def test_a_line_that_moves_keeps_its_text(browser: Browser, author: User, draft: Article, address: str) -> None:
    change(draft, author, body=PATIENT)
    client = browser(author)
    before = passages(client.get(address).content.decode())
    change(draft, author, body=f"First.\n\n{PATIENT}")
    assert passages(client.get(address).content.decode()) == before


# -- What the checks found is kept ----------------------------------------------------------------------------


def test_the_review_keeps_what_the_checks_found(
    browser: Browser, author: User, member: User, draft: Article, address: str
) -> None:
    change(draft, author, body="Alpha reduces mortality by half in adults. COPD matters.\n\nTwo [@beta; @alpha].")
    page = browser(author).get(address).content.decode()
    assert "0 of 1 claim of the text is cited (0%)." in page
    edition = workflow.submit(Article.objects.get(), by=author)
    codes = {one["code"] for one in Review.objects.get().report["findings"]}
    assert {"uncited-claim", "bare-abbreviation", "no-search-date"} <= codes
    client = browser(member)
    page = client.get(reverse("desk:review", args=[edition.pk])).content.decode()
    assert "Alpha reduces mortality by half" in page
    assert "As the authors saw it when they submitted this edition." in page
    Review.objects.update(report=None)
    page = client.get(reverse("desk:review", args=[edition.pk])).content.decode()
    assert "Run just now on the frozen source" in page
    assert "Alpha reduces mortality by half" in page
