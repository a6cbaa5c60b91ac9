"""Thousands of texts that try to run a script, wherever somebody may write, in real Chromium under the site's policy.

None runs, none opens a dialog, none is left to the Content-Security-Policy to refuse (each window reports violations),
and none makes an element, a handler or an address that could run. The short form takes some of them through every
place; SOAK=1 takes all.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.urls import reverse
from playwright.sync_api import Browser, Page

from articles.models import Article
from people.models import Role, User
from references import import_jobs
from references.importing import Options
from reviews import protection
from tests.conftest import make_person
from tests.journeys.conftest import TURN, Open
from tests.journeys.payloads import payloads, some
from tests.policy import stage as staging
from tests.policy.table import rows

pytestmark = [pytest.mark.chromium, pytest.mark.looks, pytest.mark.xdist_group(__name__)]

SOAK = os.environ.get("SOAK") == "1"
LISTEN = """window.__ran = [];
window.ran = (number) => { window.__ran.push(number); };
window.alert = window.confirm = window.prompt = () => { window.__ran.push("dialog"); };"""
LOOK = r"""() => {
    const found = window.__ran.map((number) => `ran: ${number}`);
    const scripted = /^[\s\x00-\x20]*(javascript|vbscript|data:text|data:image\/svg\+xml,|blob|feed|view-source):?/i;
    for (const element of document.querySelectorAll("*")) {
        for (const attribute of element.attributes) {
            const isAddress = ["href", "src", "action", "formaction", "data", "xlink:href"].includes(attribute.name);
            if (attribute.name.startsWith("on") || attribute.name === "srcdoc")
                found.push(`attribute: ${element.outerHTML.slice(0, 200)}`);
            if (isAddress && scripted.test(attribute.value))
                found.push(`address: ${element.outerHTML.slice(0, 200)}`);
        }
    }
    const never = "script:not([src^='/static/']):not([type='application/ld+json']):not([type='application/json']),"
        + "iframe,frame,object,embed,base,meta[http-equiv],style,math,marquee,dialog:not(.picker),template script";
    for (const element of document.querySelectorAll(never))
        found.push(`element: ${element.outerHTML.slice(0, 200)}`);
    return found;
}"""
OF_THE_MACHINE = {
    "slug", "digest", "move", "from_state", "to_state", "via",
    "source_digest", "word", "state", "password", "email", "path", "etag", "language", "tab", "key",
    "key_normal", "url", "doi", "pmid", "address", "canonical", "media_type", "file", "orcid", "normal", "first",
    "text_digest", "about", "original", "left", "search_text", "previous_digest", "statement", "version", "composer",
    "search_title", "source_id", "codename", "sentence_digest", "title_block", "author_block", "format", "content_hash",
}  # fmt: skip
"""Fields that no person writes freely."""

NO_PAGES = (
    "_ris", "_csl", "_bibtex", "_csv", "markdown", "sitemap", "sitemap_section", "feed", "image", "image_file", "trail",
    "library_export", "favicon", "jsi18n",
)  # fmt: skip
"""Files to take away, images, and XML, of which Chromium makes a page with a style of its own."""


@pytest.fixture
def listening(open_window: Open) -> Open:
    """Windows in which whatever runs is heard."""

    def make(person: User | None = None) -> Page:
        page = open_window(person)
        page.context.add_init_script(LISTEN)
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        return page

    return make


def looked_at(page: Page, address: str) -> list[str]:
    """What could run on a page, or did."""
    page.goto(address, wait_until="load")
    return [f"{address}: {one}" for one in page.evaluate(LOOK)]


def test_the_listener_hears_what_runs(chromium: Browser) -> None:
    """Payloads that a browser would run are heard, so that the silence of the other tests means something."""
    page = chromium.new_page()
    page.add_init_script(LISTEN)
    page.route(
        "**/*", lambda route: route.fulfill(body=f"<p>{'</p><p>'.join(some(300))}</p>", content_type="text/html")
    )
    page.goto("http://bare.example/", wait_until="load")
    heard = page.evaluate(LOOK)
    page.close()
    assert sum(one.startswith("ran: ") for one in heard) > 5
    assert sum(one.startswith("attribute: ") for one in heard) > 50


def test_what_is_laid_out_runs_nowhere(listening: Open, db: None) -> None:
    """As the text and the bottom line of an answer, laid out by the preview of the editor."""
    author = make_person("Ada Author", Role.AUTHOR)
    page = listening(author)
    page.goto(reverse("desk:article_new"))
    texts = payloads() if SOAK else some(400)
    chunk, found, empty = 80, [], []
    for start in range(0, len(texts), chunk):
        part = sorted(texts[start : start + chunk], key=lambda text: ("```" in text, text))
        form = {"body": "\n\n".join(part), "lead": part[0][:1000], "plain_lead": part[-1][:1000], "question": part[1]}
        shown = page.evaluate(
            """async ([address, form]) => {
                const body = new FormData();
                const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
                form.csrfmiddlewaretoken = token;
                Object.entries(form).forEach(([name, text]) => body.append(name, text));
                const answer = await fetch(address, {method: "POST", body});
                const place = document.body.appendChild(document.createElement("div"));
                place.innerHTML = await answer.text();
                await new Promise((resolve) => setTimeout(resolve, 50));
                return place.textContent.length;
            }""",
            [reverse("desk:preview"), form],
        )
        empty += [start] if shown < sum(map(len, part)) / 3 else []
        found += page.evaluate(LOOK)
    assert found == []
    assert len(empty) <= len(texts) / chunk / 4, "most of what was sent was refused, not laid out"


def fill(texts: Iterator[str]) -> int:
    """Put such a text into every field of every row that people write in; how many there were."""
    count = 0
    protection.remove(connection)
    for model in apps.get_models():
        if model._meta.app_label not in {"articles", "references", "reviews", "people", "readers"}:
            continue
        free = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and field.name not in OF_THE_MACHINE
            and not isinstance(field, models.SlugField)
        ]
        if model.__name__ in {"Edition", "LivePage", "SearchEntry", "SearchText"} or not free:
            continue
        for row in model._base_manager.all():
            for field in free:
                longest = field.max_length or 2000
                text = next(one for one in texts if len(one) <= longest or longest < 60)[:longest]
                # Where a constraint binds a field to others, as it does a reason to its date, it stays.
                with suppress(IntegrityError), transaction.atomic():
                    count += model._base_manager.filter(pk=row.pk).update(**{field.name: text})
    for article in Article.objects.all():
        article.byline = [{**one, "name": next(texts)[:100], "credentials": next(texts)[:50]} for one in article.byline]
        Article.objects.filter(pk=article.pk).update(byline=article.byline, keywords=[next(texts)[:60]])
    protection.lay(connection)
    return count


@pytest.mark.django_db(transaction=True)
def test_what_is_stored_runs_on_no_page(listening: Open) -> None:
    """Names, comments, reasons, notes, terms, works, file names, questions: every page, by somebody who may open it."""
    with TURN:
        stage = staging.build()
    texts = itertools.cycle(payloads())
    windows = {who: listening(person) for who, person in stage.cast.items()}
    found: list[str] = []
    seen = used = 0
    while used < (len(payloads()) if SOAK else 1):
        with TURN:
            used += fill(texts)
        for name, method, answers in rows():
            takers = [who for who in ("superuser", "author", "board member") if answers[who] == 200]
            is_another_times = name.startswith(("admin", "account", "mfa", "/")) and not SOAK
            if method != "GET" or not takers or name.endswith(NO_PAGES) or is_another_times:
                continue
            found += looked_at(windows[takers[0]], stage.address(name))
            seen += 1
    assert found == []
    assert seen > 90
    assert used > 150


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_for_and_brought_in_runs_nowhere(listening: Open) -> None:
    """In the search boxes, in addresses, and in a file of references that is taken into the library."""
    librarian = make_person("Lib Rarian", Role.AUTHOR, Role.EDITOR)
    page = listening(librarian)
    found: list[str] = []
    for number, text in enumerate(some(2000 if SOAK else 25)):
        starts = (
            "/search/?q=",
            "/desk/library/?q=",
            "/desk/glossary/?q=",
            "/ask/?text=",
            "/account/login/?next=",
            "/answers/?topic=",
        )
        found += looked_at(page, starts[number % len(starts)] + quote(text))
    entries = [
        {
            "id": f"k{number}",
            "type": "article-journal",
            "title": text,
            "author": [{"family": text[:90], "given": "A"}],
            "container-title": text[:200],
            "URL": f"https://example.org/{quote(text)}",
            "publisher": text[:200],
        }
        for number, text in enumerate(some(1000 if SOAK else 60))
    ]
    with TURN:
        taken = import_jobs.start(json.dumps(entries), by=librarian, name=some(3)[1])
    found += looked_at(page, reverse("desk:import", args=[taken.pk]))
    with TURN:
        import_jobs.take(taken, Options())
    for number in range(1, 1 + (20 if SOAK else 2)):
        found += looked_at(page, f"/desk/library/?page={number}")
    assert found == []
