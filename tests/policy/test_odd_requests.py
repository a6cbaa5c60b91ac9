"""Requests that try to be more than they are: other hosts, ways out of the site, fields that no form has, addresses
that somebody else wrote. Where a row of the defence has tests of its own, docs/security.md names them.
"""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article
from people import outbox
from people.models import Message, Role
from tests.conftest import PASSWORD
from tests.policy.stage import Stage
from tests.policy.table import rows

pytestmark = [pytest.mark.django_db, pytest.mark.looks]

AWAY = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "https:/evil.example",
    "//evil.example\\@answers.example.org/",
    "https://answers.example.org@evil.example/",
    "https://answers.example.org.evil.example/",
    "\t//evil.example/",
    "/\t/evil.example/",
    "\x00//evil.example/",
    "\u200b//evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2F%2Fevil.example",
    "//%65vil.example",
)
LEAVING = re.compile(r"(?i)^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2}|[/\\]\s[/\\])")


@pytest.mark.parametrize("away", AWAY, ids=ascii)
def test_nothing_leads_out_of_the_site(stage: Stage, away: str) -> None:
    """By `next`, in the address and in the form, at every page that leads onward."""
    author = stage.cast["author"]
    assert not LEAVING.match(stage.client("author").get(reverse("account_login"), {"next": away})["Location"])
    asked = [
        (Client(), reverse("account_login"), {"login": author.email, "password": PASSWORD}),
        (stage.client("author"), reverse("account_logout"), {}),
        (stage.client("author"), reverse("account_reauthenticate"), {"password": PASSWORD}),
        (stage.client("author"), reverse("desk:interests"), {"action": "nothing"}),
        (stage.client("author"), reverse("desk:news_read"), {}),
    ]
    for client, address, form in asked:
        for where in ({"next": away}, {}):
            response = client.post(address, form | where, query_params={} if where else {"next": away})
            leads = response.headers.get("Location", "/")
            assert not LEAVING.match(leads), (address, leads)


@pytest.mark.parametrize("host", ["evil.example", "answers.example.org.evil.example", "localhost:80@evil.example"])
def test_another_host_is_refused(stage: Stage, host: str) -> None:
    for address in ("/", "/account/password/reset/", reverse("desk:home")):
        assert Client().get(address, headers={"Host": host}).status_code == 400


def test_a_forwarded_host_is_not_believed(stage: Stage) -> None:
    """Links in mail, and on pages, are the site's own whatever a header says."""
    given_headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-URL": "/admin/"}
    Client().post(reverse("account_reset_password"), {"email": stage.cast["author"].email}, headers=given_headers)
    assert "https://answers.example.org/account/password/reset/key/" in mail.outbox[-1].body
    for address in ("/", stage.address("readers:answer"), "/sitemap.xml", "/feeds/answers.atom", "/api/v1/answers"):
        assert b"evil.example" not in Client().get(address, headers=given_headers).content


def test_a_forged_sender_moves_no_limit(stage: Stage) -> None:
    """Without a proxy of ours, X-Forwarded-For changes nothing: wrong passwords are counted together."""
    said = []
    for attempt in range(12):
        response = Client().post(
            reverse("account_login"),
            {"login": stage.cast["author"].email, "password": "wrong"},
            headers={"X-Forwarded-For": f"198.51.100.{attempt}"},
        )
        said.append(response.content.decode())
    assert "Too many" in said[-1]


EXTRA = {
    "is_superuser": "on", "is_staff": "on", "is_active": "on", "is_sample": "on", "id": "1", "pk": "1", "user": "1",
    "role": "administrator", "roles": "administrator", "owner": "1", "version": "99", "state": "approved",
    "standing": "live", "by": "1", "groups": "1", "user_permissions": "1", "email": "eve@example.org", "left_at": "",
    "password": "another very long one", "at": "2020-01-01", "slug": "taken", "digest": "0" * 64, "signature": "0",
}  # fmt: skip


def test_fields_that_a_form_does_not_have_are_not_taken(stage: Stage) -> None:
    """Of a person's own profile, and of a draft: what the form does not ask for stays as it is."""
    author = stage.cast["author"]
    stage.client("author").post(reverse("desk:profile"), EXTRA | {"name": "Ada Anew"})
    before = author.password
    author.refresh_from_db()
    assert (author.is_superuser, author.is_staff, author.is_sample, author.email) == (
        False,
        False,
        False,
        "ada.author@example.org",
    )
    assert author.password == before
    assert author.roles() == {Role.AUTHOR.value}

    draft = stage.draft
    form = {"question": "Does it help, then?", "base_version": str(draft.version), "body": "## A\n\nText.\n"}
    form |= {"byline-TOTAL_FORMS": "0", "byline-INITIAL_FORMS": "0"}
    stage.client("author").post(stage.address("desk:article_edit"), EXTRA | form)
    now = Article.objects.get(pk=draft.pk)
    assert now.question == "Does it help, then?"
    assert (now.owner_id, now.version, now.pk) == (author.pk, draft.version + 1, draft.pk)
    assert now.slug != "taken"
    assert not hasattr(now, "publication")


@given(st.text(min_size=1, max_size=60), st.sampled_from(["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"]))
def test_no_header_is_added_to_a_mail(stage: Stage, words: str, line_end: str) -> None:
    subject = f"{words}{line_end}Bcc: eve@evil.example{line_end}{line_end}<script>"
    Message.objects.all().delete()
    outbox.post(key="k", to="ada@example.org", subject=subject.replace("\x00", ""), text="Text")
    mail.outbox.clear()
    outbox.send_due()
    (sent,) = mail.outbox
    message = sent.message()
    assert sent.recipients() == ["ada@example.org"]
    assert message["Bcc"] is None
    assert not message.is_multipart()
    assert message.get_content_type() == "text/plain"


def bomb() -> bytes:
    """A Word document of 60 kB whose text unpacks to 60 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("[Content_Types].xml", "<Types/>")
        pack.writestr("word/document.xml", b" " * 60_000_000)
    return file.getvalue()


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + step, b"&%c;" % (97 + step) * 10) for step in range(9))
    + b"]><x>&j;</x>"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.docx", bomb()),
        ("laughs.docx", LAUGHS),
        ("none.docx", b"PK\x03\x04" + b"\x00" * 1000),
    ],
    ids=["zip", "entities", "cut"],
)
def test_a_bomb_is_refused_in_a_sentence(stage: Stage, name: str, content: bytes) -> None:
    response = stage.client("author").post(reverse("desk:word_import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "content",
    [LAUGHS, b'{"id":' * 50_000, b"[" * 500_000, b"TY  - JOUR\n" * 200_000, b"@article{a, title={" + b"{" * 500_000],
    ids=["entities", "nested", "brackets", "ris", "bibtex"],
)
def test_a_file_of_references_that_is_none_is_refused_in_a_sentence(stage: Stage, content: bytes) -> None:
    response = stage.client("author").post(
        reverse("desk:library_import"), {"file": SimpleUploadedFile("works.txt", content)}
    )
    assert response.status_code in {302, 422}


def test_headers_stand_on_every_answer(stage: Stage) -> None:
    """Refusals and missing pages as well: no page is framed, sniffed or run with anything that is not our own."""
    for name, method, answers in rows():
        if method == "GET":
            response = Client().get(stage.address(name))
            assert response.headers.get("X-Frame-Options") == "DENY", name
            assert response.headers.get("X-Content-Type-Options") == "nosniff", name
            policy = response.headers.get("Content-Security-Policy", "")
            assert "default-src 'none'" in policy, name
            assert "unsafe" not in policy, name
            is_private = name.startswith(("desk", "account", "mfa", "admin", "/admin"))
            assert "public" not in response.headers.get("Cache-Control", "") or not is_private, name
            assert answers["outsider"] == response.status_code
