"""The markup of the public answer page from plain data: its order, its registers, and words true to the state."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from articles.markup.door import trusted

DAY = datetime.date(2026, 3, 3)
REVIEWER = {
    "name": "Amara Okafor",
    "credentials": "MD",
    "specialty": "Cardiology",
    "interests": "none declared",
    "on": DAY,
    "capacity": "member of the board",
}
NOTICE = {
    "kind": "correction",
    "kind_label": "Major correction",
    "date": DAY,
    "text": "The dose read 20 mg.",
    "about": 1,
    "after": None,
}
WORK = {
    "number": 2,
    "tags": ["guideline", "preprint"],
    "title": "A guideline <on> hearts",
    "authors": "Doe J.",
    "source": "Eur Heart J",
    "year": "2023",
    "links": [
        {"label": "DOI", "url": "https://doi.org/10.1/x", "more": "10.1/x"},
        {"label": "PubMed", "url": "https://pubmed.ncbi.nlm.nih.gov/1/", "more": ""},
    ],
    "isbn": "9780781745246",
    "status": "retracted",
    "status_label": "retracted",
    "caution": "This work has been retracted.",
    "backlinks": ["cite-2-1", "cite-2-2"],
    "vancouver": "Doe J. A guideline <on> hearts. Eur Heart J. 2023;1:2-3.",
    "coins": "ctx_ver=Z39.88-2004&rft.title=%3Con%3E",
}


def page(**changes: Any) -> str:
    """The page of an approved answer for a reader who has not said who they are, with changes."""
    kind, state, register = changes.pop("kind", "live"), changes.pop("state", "approved"), changes.pop("register", "")
    context = {
        "site": {"name": "Imprimatur", "emergency": "Call 112."},
        "carry": "",
        "audience": "",
        "register": register,
        "panel": "PANEL",
        "page": {"kind": kind, "slug": "hearts", "edition_number": 3, "live_url": "/answers/hearts/", "noindex": False},
        "question": "Which drug?",
        "review": {
            "state": state,
            "caution": state != "approved",
            "sentence": "SENTENCE",
            "steps": [{"label": "Submitted", "date": DAY, "state": "done"}],
            "reviewers": [REVIEWER],
        },
        "bottom": {
            "heading": "BOTTOM",
            "lead": trusted("LEAD"),
            "plain_heading": "PLAIN BOTTOM",
            "plain_lead": trusted("PLAIN LEAD"),
        },
        "body": trusted("<p>BODY</p>"),
        "references": [WORK],
        "disclaimers": {"professional": "PROFESSIONAL DISCLAIMER", "plain": "PLAIN DISCLAIMER"},
        **changes,
    }
    return render_to_string("live/answer.html", context)


def in_order(html: str, *parts: str) -> bool:
    """Whether all parts stand in the page, in this order."""
    places = [html.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def test_the_question_comes_first_then_warnings_then_the_bottom_line_then_the_text() -> None:
    html = page(state="under_review", notices=[NOTICE], sample=True)
    order = ("<h1>Which drug?", "SENTENCE", "The dose read 20 mg.", "Caution: not yet approved", ">Sample<", "PANEL")
    assert in_order(html, *order, "BOTTOM", "LEAD", "<p>BODY</p>", 'id="ref-2"', "PROFESSIONAL DISCLAIMER", "Call 112.")


def test_a_pending_answer_never_says_that_it_was_reviewed_or_approved() -> None:
    html = page(state="under_review")
    assert "Reviewed by" not in html
    assert 'class="state state--approved"' not in html
    assert "Reviewed by" in page()
    assert "Caution" not in page()


@pytest.mark.parametrize(
    ("register", "shown", "hidden"),
    [
        ("", (">Bottom line</span> BOTTOM", "In plain words</span> PLAIN BOTTOM"), ()),
        ("professional", (">Bottom line</span> BOTTOM",), ("PLAIN BOTTOM", "PLAIN LEAD")),
        ("plain", (">Bottom line</span> PLAIN BOTTOM",), ("</span> BOTTOM", '">LEAD')),
    ],
)
def test_each_register_gets_its_bottom_line(register: str, shown: tuple[str, ...], hidden: tuple[str, ...]) -> None:
    html = page(register=register)
    assert [part for part in shown if part not in html] == []
    assert [part for part in hidden if part in html] == []


def test_a_plain_reader_without_a_plain_bottom_line_gets_the_general_one_and_is_told() -> None:
    bottom = {"heading": "BOTTOM", "lead": trusted("LEAD"), "plain_heading": "", "plain_lead": ""}
    html = page(register="plain", bottom=bottom, no_plain_text=True)
    assert in_order(html, "no text in plain words yet", ">Bottom line</span> BOTTOM")


def test_a_plain_reader_with_only_a_plain_bottom_line_is_told_above_the_text() -> None:
    told = "The rest of this answer has no plain text yet"
    assert in_order(page(register="plain", plain_lead_only=True), "PLAIN BOTTOM", told, "<p>BODY</p>")
    assert told not in page(register="plain")


@pytest.mark.parametrize(
    ("register", "first"), [("plain", "PLAIN"), ("professional", "PROFESSIONAL"), ("", "PROFESSIONAL")]
)
def test_both_disclaimers_stand_on_every_page_with_the_readers_own_first(register: str, first: str) -> None:
    found = re.findall(r"(PLAIN|PROFESSIONAL) DISCLAIMER", page(register=register))
    assert sorted(found) == ["PLAIN", "PROFESSIONAL"]
    assert found[0] == first


def test_a_withdrawn_answer_says_so_before_its_text_and_asks_for_no_follow_up() -> None:
    html = page(kind="withdrawn", withdrawn={"on": DAY, "explanation": "A trial was retracted."})
    assert in_order(html, "state--withdrawn", "A trial was retracted.", "Do not act on it", "<p>BODY</p>")
    assert 'id="ask-question"' not in html
    assert "state--approved" not in html


def test_an_old_edition_leads_to_the_live_answer_and_offers_no_choice() -> None:
    html = page(kind="edition")
    assert in_order(html, "Edition 3, kept as it was published", 'href="/answers/hearts/"')
    assert "PANEL" not in html


def test_a_reference_shows_kind_flag_and_ways_back_and_escapes_its_title() -> None:
    html = page()
    card = html[html.index('id="ref-2"') :]
    assert '<li value="2" id="ref-2">' in html
    assert in_order(card, ">guideline<", ">preprint<", "<svg", "retracted<", "A guideline &lt;on&gt; hearts", "Doe J.")
    assert in_order(card, "Doe J. Eur Heart J, 2023", "This work has been retracted.", 'href="https://doi.org/10.1/x"')
    assert in_order(card, "PubMed<", "of reference 2", "ISBN 9780781745246", 'href="#cite-2-1"', 'href="#cite-2-2"')
    assert card.count('role="doc-backlink"') == 2
    assert 'role="doc-endnotes"' in html


def test_a_reference_folds_its_full_citation_and_hands_itself_to_reference_managers() -> None:
    card = page()[page().index('id="ref-2"') :]
    line = '<p id="cited-2">Doe J. A guideline &lt;on&gt; hearts. Eur Heart J. 2023;1:2-3.</p>'
    assert in_order(card, "</div><details", "<summary>Cite<", line, 'data-copy="cited-2"', "</details>")
    assert '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft.title=%3Con%3E"></span>' in card


def test_a_reference_with_nothing_against_it_shows_no_flag() -> None:
    html = page(references=[{**WORK, "status": "current", "caution": ""}])
    assert "tag--flag" not in html
    assert "reference--retracted" not in html
    assert "reference__caution" not in html


def test_the_head_names_the_answer_to_machines_and_escapes_what_it_says() -> None:
    tags = [("title", 'Is "<b>" safe?'), ("author", "Amara Okafor"), ("author", "Lin Wei")]
    head = page(citation_tags=tags).split("</head>")[0]
    assert '<meta name="citation_title" content="Is &quot;&lt;b&gt;&quot; safe?">' in head
    assert in_order(head, 'name="citation_author" content="Amara Okafor"', 'content="Lin Wei"')
    assert "citation_" not in page().split("</head>")[0]


def test_the_choice_is_carried_on_every_link_inside_the_site() -> None:
    html = page(carry="?for=patient", audience="patient")
    for path in ("/", "/topics/", "/search/", "/board/", "/policy/", "/about/"):
        assert f'href="{path}?for=patient"' in html
        assert f'href="{path}"' not in html
    assert '<input type="hidden" name="for" value="patient">' in html


def test_a_public_page_holds_no_token_and_an_open_form_with_a_trap() -> None:
    html = page()
    assert "csrf" not in html
    html = html[html.index('id="ask"') :]
    assert in_order(html, 'name="question"', 'name="website" tabindex="-1"', 'value="hearts"')


def test_an_explanation_shows_no_answer_text() -> None:
    context = {"question": "Which drug?", "review": {"sentence": "SENTENCE"}, "page": {}, "body": trusted("BODY")}
    html = render_to_string("live/explanation.html", context)
    assert in_order(html, 'content="noindex"', "<h1>Which drug?", "SENTENCE")
    assert "BODY" not in html


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_an_error_page_needs_no_context(code: int) -> None:
    html = render_to_string(f"{code}.html", {})
    assert in_order(html, "<h1>", 'class="button" href="/"')
