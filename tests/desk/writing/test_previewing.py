"""The preview: what stands in the editor, as one reader gets it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles import glossary
from articles.markup import door
from articles.models import Article
from people.models import User
from references.models import Reference

Browser = Callable[[User], Client]
TEXTS = {
    "question": "Does alpha help?",
    "plain_question": "Does it help me?",
    "heading": "Yes",
    "lead": "It helps [@alpha].",
    "plain_heading": "It does",
    "plain_lead": "It can help you.",
    "body": "For all [@beta].\n\n::: professional\nFor clinicians.\n:::\n\n::: patient\nFor patients.\n:::\n",
}


@pytest.fixture
def preview(browser: Browser, author: User, works: list[Reference]) -> Callable[..., str]:
    client = browser(author)

    def ask(**posted: str) -> str:
        answer = client.post(reverse("desk:preview"), TEXTS | posted)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


@pytest.mark.parametrize(
    ("reader", "shown", "hidden"),
    [
        ("general", ["Does alpha help?", "For clinicians.", "It helps", "It can help you."], ["For patients."]),
        ("physician", ["Does alpha help?", "For clinicians.", "It helps"], ["For patients.", "It can help you."]),
        ("patient", ["Does it help me?", "For patients.", "It can help you."], ["For clinicians.", "It helps<"]),
        ("nonsense", ["Does alpha help?", "For clinicians."], ["For patients."]),
    ],
)
def test_each_reader_gets_their_own_text(preview, reader: str, shown: list[str], hidden: list[str]) -> None:
    page = preview(reader=reader)
    for words in shown:
        assert words in page
    for words in hidden:
        assert words not in page


def test_cited_works_stand_below_under_their_numbers(preview) -> None:
    page = preview()
    assert page.index("The alpha trial") < page.index("The beta trial")
    assert 'id="ref-2"' in page
    assert "The gamma trial" not in page


@pytest.mark.parametrize(
    ("reader", "shown", "hidden"),
    [
        ("professional", ["Does alpha help?", "For clinicians.", "It helps"], ["For patients.", "It can help you."]),
        ("plain", ["Does it help me?", "It can help you.", "other readers get another text"], ["For clinicians."]),
    ],
)
def test_a_register_is_read_as_most_of_its_readers_read_it(preview, reader, shown, hidden) -> None:
    page = preview(reader=reader)
    for words in shown:
        assert words in page
    for words in hidden:
        assert words not in page


def test_what_differs_from_the_general_text_is_marked_in_words(preview) -> None:
    body = "For all [@beta].\n\n::: professional\nStart 5 mg.\n:::\n\n::: patient\nAsk whoever treats you.\n:::\n"
    page = preview(reader="patient", marked="1", body=body)
    assert page.index("Only here") < page.index("Ask whoever treats you.")
    assert page.index("Not here, but in the general text") < page.index("Start 5 mg.")
    unmarked = preview(reader="patient", body=body).split('data-fill="findings"')[0]
    assert "Only here" not in unmarked
    assert "Start 5 mg." not in unmarked
    # The general text is not compared with itself.
    assert "general text" not in preview(reader="general", marked="1")


def test_words_that_differ_are_said_and_not_only_coloured(preview) -> None:
    body = "::: professional\nTake 50 mg once a day.\n:::\n\n::: plain\nTake 5 mg once a day.\n:::\n"
    page = preview(reader="plain", marked="1", body=body)
    assert '<del><span class="visually-hidden">taken out: </span>50 mg' in page
    assert '<ins><span class="visually-hidden">put in: </span>5 mg' in page


def test_a_reader_with_the_general_text_is_told_so(preview) -> None:
    assert "The text is the same as the general one" in preview(reader="nurse", marked="1", body="For all [@beta].")


def test_findings_are_sentences_that_lead_to_their_words(preview) -> None:
    page = preview(body="One [@alpha].\n\nTwo [@nobody].\n\nAlpha reduces mortality by half.\n\n::: plain\nOpen")
    findings = page.split('data-fill="findings"')[1]
    assert "nobody" in findings
    assert 'data-goto="body" data-goto-line="3"' in findings
    assert 'data-goto="body" data-goto-line="7"' in findings
    assert 'data-goto-line="5" data-goto-excerpt="Alpha reduces mortality by half."' in findings
    assert findings.index("To be put right before submission") < findings.index("To look at")
    assert "0 of 1 claim of the text is cited (0%)." in findings


def test_what_an_empty_field_says_itself_is_not_told_while_writing(preview) -> None:
    findings = preview(body="", lead="", plain_lead="").split('data-fill="findings"')[1]
    assert "The checks find nothing to say" in findings


def test_an_excerpt_is_shown_as_text(preview) -> None:
    page = preview(body='Mr John Smith "><script>alert(1)</script> Mr Jim <b>Smith')
    assert "<script" not in page
    assert 'data-goto-excerpt="Mr John Smith"' in page


def test_near_duplicates_are_the_persons_own_drafts_and_never_the_article_itself(
    browser: Browser, author: User, editor: User, draft: Article
) -> None:
    posted = TEXTS | {"question": draft.question}
    link = f'href="{reverse("desk:article", args=[draft.pk])}"'

    def page(person: User, of: str = "") -> str:
        return browser(person).post(reverse("desk:preview") + of, posted).content.decode()

    assert link in page(author)
    assert link not in page(author, f"?article={draft.pk}")
    assert link not in page(editor)


def test_a_plain_reader_without_a_plain_text_is_told_so(preview) -> None:
    page = preview(reader="patient", body="For all [@beta].")
    assert "no text in plain words yet" in page
    assert "no text in plain words yet" not in preview(reader="nurse", body="For all [@beta].")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<svg onload=alert(1)>",
        '"><form action=//evil.example><button>',
    ],
)
@pytest.mark.parametrize("field", ["body", "lead", "plain_lead", "question", "heading", "plain_heading"])
def test_a_hostile_text_is_shown_and_does_nothing(preview, hostile: str, field: str) -> None:
    page = preview(**{field: hostile}).lower()
    for bad in ("<script", "<img", "<svg", "<form", 'href="javascript:', 'href="data:'):
        assert bad not in page


@pytest.mark.parametrize("text", ["[" * 16_000, "- " * 991 + "x", "*a **b " * 5_000, "|" * 20_000, "\x00\ud7ff x"])
def test_a_text_that_jams_parsers_is_refused_in_a_sentence(preview, text: str) -> None:
    page = preview(body=text)
    assert "Traceback" not in page
    assert len(page) < 60_000


def test_a_text_that_is_refused_says_so(preview, monkeypatch: pytest.MonkeyPatch) -> None:
    from articles import freezing
    from articles.markup.door import TextRefused

    def refuse(article: Article, images: object) -> None:
        raise TextRefused("This text nests too deeply.")

    monkeypatch.setattr(freezing, "render_article", refuse)
    assert "This text nests too deeply." in preview()


def test_a_text_that_takes_too_long_is_to_be_asked_for_again(browser, author, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "SECONDS", 0)
    answer = browser(author).post(reverse("desk:preview"), TEXTS)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer.content.decode().startswith("This text could not be laid out within 2 seconds.")


def test_nothing_is_saved_and_nothing_is_read_by_get(browser: Browser, author: User) -> None:
    assert browser(author).get(reverse("desk:preview")).status_code == 403
    assert not Article.objects.exists()


def test_board_members_and_strangers_have_no_preview(browser: Browser, member: User, outsider: User) -> None:
    for person in (member, outsider):
        assert browser(person).post(reverse("desk:preview"), TEXTS).status_code == 403
    assert Client().post(reverse("desk:preview"), TEXTS).status_code == 401


def test_the_terms_of_the_glossary_are_listed_with_where_they_are_explained(browser, author, editor):
    for term, plain in (
        ("study", "a test with people"),
        ("placebo", "a dummy"),
        ("dose", "an amount"),
        ("trial", "x y"),
    ):
        glossary.add(by=editor, term=term, plain=plain)
    body = "## Dose\n\n::: professional\nTrial.\n:::\n::: plain\nA study, and a placebo (dummy pill).\n:::\n"
    page = browser(author).post(reverse("desk:preview"), {"body": body, "plain_lead": "A study."}).content.decode()
    listed = page.split('data-fill="terms"')[1]
    assert "Explained: bottom line in plain words, text of plain readers" in listed
    assert "Explained by your own words: text of plain readers" in listed
    assert "longer words: text of plain readers" in listed
    assert "Only professional readers meet it." in listed
    assert listed.count("data-term=") == 4
    assert re.findall('data-words="([^"]*)"', listed) == [
        f"[&quot;{words}&quot;]" for words in ("Dose", "placebo", "study", "Trial")
    ]
