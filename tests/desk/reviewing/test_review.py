"""The review page, its texts, and the moves that need no signature."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles import drafting
from articles.models import Article
from references.models import Reference, Status
from references.watching import flags
from reviews import workflow
from reviews.models import Review, State
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def _url(edition, name="review", *args):
    return reverse(f"desk:{name}", args=[edition.pk, *args])


def test_shows_both_bottom_lines_source_references_contributors_and_digest(browser, member, submitted):
    page = browser(member).get(_url(submitted)).content.decode()
    assert "Alpha helps a little" in page
    assert "It helps a little." in page
    assert "::: plain" in page
    assert "The alpha trial" in page
    assert 'href="https://doi.org/10.5555/alpha"' in page
    assert "Ada Author, MD" in page
    assert submitted.digest in page


def test_lists_each_distinct_text_once(browser, member, submitted):
    page = browser(member).get(_url(submitted)).content.decode()
    assert page.count("For physicians, nurse practitioners") == 1
    assert page.count("For patients and families and other readers.") == 1


def test_a_text_shows_the_signed_html_and_marks_what_differs(browser, member, submitted):
    general = browser(member).get(_url(submitted, "review_text", 1)).content.decode()
    assert '<h2 id="s-evidence">Evidence</h2>' in general
    assert 'href="#ref-1"' in general
    assert "Two studies agree." not in general
    plain = browser(member).get(_url(submitted, "review_text", 2)).content.decode()
    assert "Only for patients and families and other readers" in plain
    assert plain.index("Only for patients") < plain.index("Two studies agree.")


def test_a_text_that_does_not_exist_is_not_found(browser, member, submitted):
    assert browser(member).get(_url(submitted, "review_text", 3)).status_code == 404
    assert browser(member).get(_url(submitted, "review_text", 0)).status_code == 404


def test_opening_a_text_is_remembered_for_this_edition_only(browser, member, submitted):
    client = browser(member)
    client.get(_url(submitted, "review_text", 1))
    assert client.session["texts_opened"] == {submitted.digest: [1]}
    page = client.get(_url(submitted)).content.decode()
    assert page.count("· not opened yet") == 1


def test_an_abstract_unfolds_and_a_flag_of_today_is_shown(browser, member, draft, author):
    Reference.objects.filter(key="alpha").update(abstract="Background: alpha was given.")
    edition = workflow.submit(draft, by=author)
    Reference.objects.filter(key="alpha").update(status=Status.RETRACTED)
    page = browser(member).get(_url(edition)).content.decode()
    assert "Background: alpha was given." in page
    assert "reference--retracted" in page


def test_an_abstract_that_the_library_got_later_is_shown_beside_the_source(browser, member, submitted):
    Reference.objects.filter(key="alpha").update(abstract="Learned since: alpha was given.")
    for name, args in (("review", []), ("review_text", [1])):
        assert "Learned since: alpha was given." in browser(member).get(_url(submitted, name, *args)).content.decode()


def test_the_live_edition_and_the_last_round_are_each_one_tap_away(browser, member, author, live):
    article = Article.objects.get(pk=live.article_id)
    for sentence in ("More [@gamma].", "And more."):
        article.body += f"\n\n{sentence}"
        drafting.save(article, by=author, base_version=article.version)
        newest = workflow.submit(article, by=author)
    client = browser(member)
    page = client.get(_url(newest)).content.decode()
    assert '<a href="?against=1#changes" aria-current="true">Edition 1: live</a>' in page
    assert '<a href="?against=2#changes">Edition 2: the last round</a>' in page
    assert "<ins>The gamma trial</ins>" in page
    page = client.get(_url(newest) + "?against=2").content.decode()
    assert '<a href="?against=2#changes" aria-current="true">Edition 2: the last round</a>' in page
    assert "And more." in page
    assert "<ins>The gamma trial</ins>" not in page


def test_compares_with_the_live_edition_in_words_and_works(browser, member, author, live):
    article = Article.objects.get(pk=live.article_id)
    article.body = article.body.replace("Two trials agree [@beta; @alpha].", "Three trials agree [@gamma; @alpha].")
    drafting.save(article, by=author, base_version=article.version)
    second = workflow.submit(article, by=author)
    page = browser(member).get(_url(second)).content.decode()
    assert "Against edition 1 (live)" in page
    assert "<del>Two </del>" in page
    assert "<ins>Three </ins>" in page
    assert "<ins>The gamma trial</ins>" in page
    assert "<del>The beta trial</del>" in page


def test_the_first_edition_has_nothing_to_compare_with(browser, member, submitted):
    assert "there is nothing to compare it with" in browser(member).get(_url(submitted)).content.decode()


def test_the_trail_names_every_move(browser, author, under_review):
    page = browser(author).get(_url(under_review)).content.decode()
    assert page.index("submitted →") if "submitted →" in page else True
    assert "Take up" in page
    assert "Ben Board, MD, PhD" in page


def test_a_board_member_takes_up(browser, member, submitted):
    response = browser(member).post(_url(submitted, "take_up"), {"interests": "none"})
    assert response.status_code == 302
    assert Review.objects.get(edition=submitted).state == State.UNDER_REVIEW


def test_who_wrote_on_it_may_not_take_it_up_and_reads_why(browser, person, author, member, draft):
    drafting.save(draft, by=member, base_version=draft.version)
    edition = workflow.submit(draft, by=author)
    client = browser(member)
    page = client.get(_url(edition)).content.decode()
    assert "(four eyes)" in page
    assert "Take up this review" not in page
    response = client.post(_url(edition, "take_up"))
    assert response.status_code == 409
    assert "(four eyes)" in response.content.decode()
    assert Review.objects.get(edition=edition).state == State.SUBMITTED


def test_a_replaced_edition_says_so_and_cannot_be_taken_up(browser, member, author, submitted):
    article = Article.objects.get(pk=submitted.article_id)
    article.lead = "Alpha helps a lot [@alpha]."
    drafting.save(article, by=author, base_version=article.version)
    workflow.submit(article, by=author)
    client = browser(member)
    assert "Edition 2 of this answer is newer." in client.get(_url(submitted)).content.decode()
    response = client.post(_url(submitted, "take_up"))
    assert response.status_code == 409
    assert "was replaced by edition 2" in response.content.decode()


def test_the_author_pulls_back(browser, author, submitted):
    response = browser(author).post(_url(submitted, "pull_back"), {"reason": "A typo in the dose."})
    assert response.status_code == 302
    assert Review.objects.get(edition=submitted).state == State.PULLED_BACK
    assert submitted.transitions.last().reason == "A typo in the dose."


def test_a_refused_pull_back_keeps_the_reason(browser, author, approved):
    response = browser(author).post(_url(approved, "pull_back"), {"reason": "Too late, I think."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Too late, I think." in page
    assert "Edition 1 is approved" in page
    assert Review.objects.get(edition=approved).state == State.APPROVED


def test_an_author_of_another_article_finds_nothing(browser, person, submitted):
    from people.models import Role

    other = browser(person("Olga Other", Role.AUTHOR))
    assert other.get(_url(submitted)).status_code == 404
    assert other.get(_url(submitted, "review_text", 1)).status_code == 404
    assert other.post(_url(submitted, "pull_back")).status_code == 404


def test_the_record_shows_a_signature_in_full(browser, author, under_review, member):
    workflow.decide(under_review, by=member, kind="request-changes", password=PASSWORD, comment="Say the dose.")
    page = browser(author).get(_url(under_review)).content.decode()
    assert "Signed by Ben Board" in page
    assert "I have read this edition and ask for changes" in page
    assert "Say the dose." in page


# -- Works that are flagged -----------------------------------------------------------------------------------


def _flag(key, kind):
    return flags.report(
        Reference.objects.get(key=key), kind=kind, source="crossref", notice="doi:10.5555/notice", text="Retraction"
    )[0]


@pytest.mark.parametrize("name", ["review", "decide"])
def test_the_board_sees_the_justification_first_and_at_the_work(name, browser, member, author, draft):
    _flag("alpha", "retraction")
    edition = workflow.submit(draft, by=author, justifications={"alpha": "It is cited <as> retracted."})
    workflow.take_up(edition, by=member)
    page = browser(member).get(_url(edition, name)).content.decode()
    top = page.index("It is cited &lt;as&gt; retracted.")
    assert page.index("Flagged works") < top
    assert 'href="https://doi.org/10.5555/notice"' in page
    assert "Flagged since this edition was submitted" not in page
    if name == "review":
        assert top < page.index('id="bottom-lines"')
        assert "It is cited &lt;as&gt; retracted." in page.split('id="ref-1"')[1]
        assert "It is cited &lt;as&gt; retracted." in page.split("Justified to the board")[1].split('id="changes"')[0]
    else:
        assert top < page.index("Your password")


def test_a_flag_that_came_after_the_submission_is_said_to_be_unjustified(browser, member, submitted):
    client = browser(member)
    assert "Flagged works" not in client.get(_url(submitted)).content.decode()
    _flag("alpha", "concern")
    page = client.get(_url(submitted)).content.decode()
    assert page.count("Flagged since this edition was submitted") == 2
    assert "Expression of concern" in page


def test_a_flag_of_today_stands_behind_the_number_in_the_text_too(browser, member, submitted):
    Reference.objects.filter(key="alpha").update(status="retracted")
    client = browser(member)
    for address in (reverse("desk:review", args=[submitted.pk]), reverse("desk:review_text", args=[submitted.pk, 1])):
        page = client.get(address).content.decode()
        assert '<span class="cite-flag">retracted</span>' in page.split('id="ref-1"')[0]


def test_a_flag_that_became_graver_keeps_what_was_said_of_the_lesser(browser, member, author, draft):
    _flag("alpha", "concern")
    edition = workflow.submit(draft, by=author, justifications={"alpha": "Its first arm is not in doubt."})
    _flag("alpha", "retraction")
    page = browser(member).get(_url(edition)).content.decode()
    assert "when it was flagged as “expression of concern”" in page
    assert "Its first arm is not in doubt." in page
    assert "Flagged since this edition was submitted" in page


def test_a_flag_that_was_lifted_leaves_the_justification_alone(browser, member, author, editor, draft):
    event = _flag("alpha", "concern")
    edition = workflow.submit(draft, by=author, justifications={"alpha": "Its first arm is not in doubt."})
    flags.dismiss(event, by=editor, why="Another trial.")
    page = browser(member).get(_url(edition)).content.decode()
    assert "Its first arm is not in doubt." in page
    assert "Flagged since this edition was submitted" not in page
