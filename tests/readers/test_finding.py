"""Home, the list from A to Z, topics and search: what they name, in whose words, and what they say where nothing is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from articles import drafting
from articles.models import Article, NoticeKind, Publication
from articles.sentences import ROOM as PASSAGE
from articles.sentences import first_sentences
from people.models import User
from readers import finding, searching
from reviews import workflow


def questions(client: Client, address: str) -> list[str]:
    """The questions of the answers that a page lists, in order."""
    html = client.get(address).content.decode()
    return re.findall(r'class="answer-list__question"><a href="[^"]*">([^<]*)</a>', html)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_home_shows_the_newest_first_and_what_was_reviewed(client: Client, write, publish, release):
    publish(write("Is alpha first?"))
    release(write("Is beta second?"))
    html = text(client, "/")
    assert questions(client, "/") == ["Is beta second?", "Is alpha first?"]
    assert html.index('name="q"') < html.index("Is beta second?")
    reviewed = html.split('id="reviewed"', 1)[1].split("</section>", 1)[0]
    assert "Is alpha first?" in reviewed
    assert "Is beta second?" not in reviewed


def test_home_says_what_changed_and_how(client: Client, draft: Article, write, publish, author: User, editor: User):
    publish(write("Is alpha first?"))
    publish(draft)
    assert 'id="changed"' not in text(client, "/")
    draft.lead = "Alpha helps more than was thought [@alpha]."
    drafting.save(draft, by=author, base_version=draft.version)
    second = publish(draft)
    changed = text(client, "/").split('id="changed"', 1)[1].split("</section>", 1)[0]
    assert "Does alpha help in beta?" in changed
    assert Publication.objects.get(edition=second).change_note in changed
    assert "Is alpha first?" not in changed
    workflow.add_notice(second, by=editor, kind=NoticeKind.RETRACTION, text="Its trial was invented.")
    assert 'id="changed"' not in text(client, "/")


def test_home_asks_who_reads_and_shows_who_was_chosen(client: Client, write, publish):
    publish(write("Is alpha first?"))
    bare, chosen = text(client, "/"), text(client, "/?for=patient")
    assert "Which of these describes you?" in bare
    assert 'href="/?for=np-pa"' in bare
    assert 'id="newest"' in bare
    assert 'href="#newest"' in bare
    assert "Adapted for patients and families" in chosen
    assert "Which of these describes you?" not in chosen
    assert 'action="/ask/?for=patient"' in chosen


def test_an_empty_site_says_so_everywhere(client: Client, db: None):
    assert "No answer has been published yet" in text(client, "/")
    assert "No answer has been published yet" in text(client, "/answers/")
    assert "There are no topics yet" in text(client, "/topics/")
    assert "No board member is appointed at present" in text(client, "/board/")
    assert "Nothing found for" in text(client, "/search/?q=alpha")


def test_plain_readers_get_plain_words_where_there_are_some(client: Client, draft: Article, write, publish):
    publish(draft)
    publish(write("Is delta safe?"))
    assert questions(client, "/answers/") == ["Does alpha help in beta?", "Is delta safe?"]
    assert questions(client, "/answers/?for=other") == ["Does alpha help?", "Is delta safe?"]
    assert "It helps a little." in text(client, "/?for=patient")
    assert "Alpha helps a little." in text(client, "/?for=physician")
    assert questions(client, "/search/?q=beta&for=patient")[0] == "Does alpha help?"


def test_passages_show_words_and_neither_marks_nor_citation_keys(client: Client, write, publish):
    publish(write("Is alpha <b>bold</b> & safe?"))
    html = text(client, "/")
    assert "is alpha &lt;b&gt;bold&lt;/b&gt; &amp; safe a little." in html
    assert "@alpha" not in html
    assert questions(client, "/search/?q=%40alpha")[:1] == ["Is alpha &lt;b&gt;bold&lt;/b&gt; &amp; safe?"]


def test_caution_and_notices_stand_in_every_list(client: Client, write, publish, release, editor: User):
    edition = publish(write("Is alpha first?", topics=["Cardiology"]))
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CORRECTION, text="A number was wrong.")
    workflow.add_notice(edition, by=editor, kind=NoticeKind.CONCERN, text="Being looked into.")
    release(write("Is beta second?", topics=["Cardiology"]))
    for address in ("/", "/answers/", "/topics/cardiology/", "/search/?q=is", "/search/?q=is&for=patient"):
        lines = re.findall(r'<li class="line">.*?</li>', text(client, address), re.DOTALL)
        first = next(line for line in lines if "Is alpha first?" in line)
        second = next(line for line in lines if "Is beta second?" in line)
        assert first.index("Expression of concern") < first.index("Major correction")
        assert "Caution: not yet approved" in second
        assert "Under review" in second
        assert "Not yet reviewed" in second
        assert "Caution" not in first
        assert "Approved" in first


def test_withdrawn_answers_are_not_listed(client: Client, write, publish, editor: User):
    workflow.withdraw(publish(write("Is alpha first?", topics=["Cardiology"])), by=editor, explanation="Wrong.")
    for address in ("/", "/answers/", "/topics/", "/topics/cardiology/", "/search/?q=alpha"):
        assert "Is alpha first?" not in text(client, address)


def test_a_topic_whose_last_answer_left_keeps_its_address(client: Client, write, release, decline):
    edition = release(write("Is alpha first?", topics=["Cardiology"]))
    assert "Cardiology" in text(client, "/topics/")
    decline(edition)
    assert "Cardiology" not in text(client, "/topics/")
    assert "No answer on this topic is public at present" in text(client, "/topics/cardiology/")
    assert "/topics/cardiology/" in client.get("/answers/is-alpha-first/").content.decode()


def test_a_topic_that_only_drafts_have_is_not_there(client: Client, write, publish, author: User):
    article = write("Is alpha first?", topics=["Cardiology"])
    publish(article)
    drafting.save(article, by=author, base_version=1, topics=drafting.topics_named(["Secret project"]))
    write("Is beta second?", topics=["Secret project"])
    assert "Secret project" not in text(client, "/topics/")
    assert client.get("/topics/secret-project/").status_code == 404


def test_topics_count_what_is_listed(client: Client, write, publish, release):
    publish(write("Is alpha first?", topics=["Cardiology"]))
    release(write("Is beta second?", topics=["Cardiology", "Pharmacy"]))
    write("Is gamma third?", topics=["Cardiology"])
    html = re.sub(r"\s+", " ", text(client, "/topics/"))
    assert re.search(r"Cardiology</a></h2><p[^>]*>2 answers<", html)
    assert re.search(r"Pharmacy</a></h2><p[^>]*>1 answer<", html)
    assert questions(client, "/topics/cardiology/") == ["Is alpha first?", "Is beta second?"]
    assert questions(client, "/topics/pharmacy/") == ["Is beta second?"]


def test_long_lists_have_pages_in_order_and_carry_the_choice(
    client: Client, write, publish, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "PER_LIST_PAGE", 2)
    monkeypatch.setattr(searching, "PER_PAGE", 2)
    for word in ("delta", "Beta", "alpha"):
        publish(write(f"{word} – does it help?", topics=["Cardiology"]))
    assert [q.split()[0] for q in questions(client, "/answers/")] == ["alpha", "Beta"]
    assert [q.split()[0] for q in questions(client, "/answers/?page=2")] == ["delta"]
    assert 'href="?for=nurse&amp;page=2"' in text(client, "/topics/cardiology/?for=nurse")
    second = text(client, "/search/?q=does+help&page=2&for=nurse")
    assert 'href="?q=does+help&amp;for=nurse&amp;page=1"' in second
    assert "3 answers for “does help”" in second
    assert len(questions(client, "/search/?q=does+help&page=2")) == 1
    assert 'rel="canonical" href="https://answers.example.org/answers/?page=2"' in text(client, "/answers/?page=2")


@pytest.mark.parametrize("page", ["0", "-1", "2", "x", "", "1e3", "٢", "9" * 30])
@pytest.mark.parametrize("path", ["/answers/", "/search/?q=alpha"])
def test_a_page_that_there_is_not_is_not_found(client: Client, write, publish, path: str, page: str):
    publish(write("Is alpha first?"))
    assert client.get(f"{path}{'&' if '?' in path else '?'}page={page}").status_code == 404


def test_search_without_a_query_shows_ways_on(client: Client, write, publish):
    publish(write("Is alpha first?", topics=["Cardiology"]))
    for address in ("/search/", "/search/?q=", "/search/?q=%20%20"):
        html = text(client, address)
        assert "/topics/cardiology/" in html
        assert "Nothing found" not in html
        assert questions(client, address) == ["Is alpha first?"]


def test_search_without_a_hit_suggests_what_to_do(client: Client, write, publish):
    publish(write("Is alpha first?", topics=["Cardiology"]))
    html = text(client, "/search/?q=zebra+crossing&for=patient")
    assert "Nothing found for “zebra crossing”" in html
    assert 'action="/ask/?for=patient"' in html
    assert 'href="/topics/cardiology/?for=patient"' in html


@pytest.mark.parametrize(
    "query", ['"', "' OR 1=1 --", "\x00", "a" * 5000, "NEAR(alpha", "*", "%", "<script>", "🙂", "\ud800"]
)
def test_no_query_breaks_search(client: Client, write, publish, query: str):
    publish(write("Is alpha first?"))
    response = client.get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_search_is_not_indexed_and_lists_are(client: Client, db: None):
    assert client.get("/search/?q=alpha")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/answers/")


def test_search_finds_by_title_text_and_topic(client: Client, draft: Article, write, publish):
    publish(draft)
    publish(write("Is delta safe?", topics=["Nephrology"]))
    assert questions(client, "/search/?q=beta") == ["Does alpha help in beta?"]
    assert questions(client, "/search/?q=studies") == ["Does alpha help in beta?"]
    assert questions(client, "/search/?q=nephrology") == ["Is delta safe?"]
    assert Publication.objects.count() == 2


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        ("", ""),
        ("One sentence without an end", "One sentence without an end"),
        ("Give 2.5 mg. Then stop.", "Give 2.5 mg. Then stop."),
        ("Give 2.5 mg. " + "X" * PASSAGE + ".", "Give 2.5 mg."),
        ("y" * (PASSAGE + 9) + ". Two.", "y" * (PASSAGE + 9) + "."),
        ("As in Smith et al. In short, no. " + "X" * PASSAGE + ".", "As in Smith et al. In short, no."),
        ("Is it safe? Yes! " + "X" * PASSAGE, "Is it safe? Yes!"),
    ],
)
def test_a_passage_ends_where_a_sentence_does(whole: str, shown: str):
    assert first_sentences(whole) == shown


@pytest.mark.parametrize(
    ("query", "crisis"), [("i+want+to+kill+myself", True), ("took+too+many+pills", False), ("chest+pain+statins", None)]
)
def test_words_that_cannot_wait_bring_the_emergency_before_what_is_found(
    client: Client, write, publish, query: str, crisis: bool | None
):
    publish(write("Does chest pain come from statins or from too many pills?"))
    html = text(client, f"/search/?q={query}")
    head = html.split('<details class="search-filters"', 1)[0]
    assert ("This may be an emergency" in head) is (crisis is not None)
    assert ("call a crisis line of your country" in head) is bool(crisis)
