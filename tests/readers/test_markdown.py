"""An answer as Markdown: head, caution, notices, numbered references and the disclaimer; and no HTML of an author's."""

from __future__ import annotations

import re

import pytest
import yaml
from django.test import Client
from markdown import markdown

from articles.models import Article, NoticeKind
from people.models import User
from readers.markdown import escaped, markdown_of
from reviews import workflow

ADDRESS = "/answers/does-alpha-help-in-beta.md"


def text_of(client: Client, address: str = ADDRESS, status: int = 200) -> str:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "text/markdown; charset=utf-8")
    return response.content.decode()


def test_text_and_references_carry_the_same_numbers(client: Client, draft: Article, publish) -> None:
    publish(draft)
    text = text_of(client)
    head = yaml.safe_load(text.split("---")[1])
    assert (head["title"], head["edition"], head["state"]) == ("Does alpha help in beta?", 1, "approved")
    assert head["reviewers"] == ["Ben Board, MD, PhD"]
    assert "Alpha helps a little[1]." in text
    assert "Two trials agree[2, 1]." in text
    assert re.findall(r"^\d\. .*?The (\w+) trial", text, re.MULTILINE) == ["alpha", "beta"]
    assert "does not replace clinical judgement" in text
    assert "In an emergency call" in text


def test_each_audience_has_its_own(client: Client, draft: Article, publish) -> None:
    publish(draft)
    text = text_of(client, f"{ADDRESS}?for=patient")
    assert "# Does alpha help?\n" in text
    assert "Two studies agree." in text
    assert text.index("This page is for learning.") < text.index("does not replace clinical judgement")
    assert client.get(f"{ADDRESS}?for=dentist")["Location"] == ADDRESS


@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.replace(".md", "/editions/1.md")])
def test_caution_and_notices_stand_before_the_text(
    client: Client, draft: Article, release, editor: User, address: str
) -> None:
    edition = release(draft)
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CONCERN, text="The dose is doubted.")
    text = text_of(client, address)
    head = yaml.safe_load(text.split("---")[1])
    assert head["caution"].startswith("The medical advisory board has not finished its review")
    assert "The dose is doubted." in head["notices"][0]
    body = text.split("---", 2)[2]
    assert body.index("Expression of concern") < body.index("Caution: not yet approved") < body.index("## Bottom line")


def test_a_draft_is_nothing_and_a_withdrawn_answer_says_so(
    client: Client, draft: Article, publish, editor: User
) -> None:
    assert client.get(ADDRESS).status_code == client.get("/answers/nothing.md").status_code == 404
    workflow.withdraw(publish(draft), by=editor, explanation="It was unsafe.")
    text = text_of(client, status=410)
    assert "It was unsafe." in text
    assert "Two trials" not in text
    kept = text_of(client, ADDRESS.replace(".md", "/editions/1.md"))
    assert "# Withdrawn: Does alpha help in beta?" in kept
    assert "Do not act on it." in kept


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "[a](javascript:alert(1))", "# no heading", "1. no list", "- no list", "a | b", "*x*"]
    + [
        "> no quote",
        "&lt;b&gt;",
        "`<b>`",
        "_x_ __y__",
        "[1]: http://x",
        "![x](y)",
        "--- \n---",
        "===",
        "a\\*b",
        "~~~x",
    ],
)
def test_words_stay_words(words: str) -> None:
    from html import unescape

    # CommonMark takes a backslash before any mark away, Python-Markdown not before these.
    again = re.sub(r"\\(?=[|=~])", "", markdown(escaped(words)))
    assert set(re.findall(r"<(\w+)", again)) <= {"p"}
    assert " ".join(unescape(re.sub(r"</?p>", "", again)).split()) == " ".join(words.split())


def test_a_number_of_a_citation_is_no_link() -> None:
    html = '<p>So<sup class="cites"><a class="cite" href="#ref-1">1</a></sup>(and more)</p>'
    assert "<a" not in markdown(markdown_of(html))
