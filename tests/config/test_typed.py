"""What a form or an address brings is made plain before a view reads it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse, QueryDict
from django.test import Client, RequestFactory
from django.urls import reverse

from articles.models import Article
from config.typed import TypedText
from people.models import User
from reviews import workflow
from reviews.models import Transition
from tests.conftest import PASSWORD

SEEN: dict[str, QueryDict] = {}


def look(request) -> HttpResponse:
    TypedText(lambda request: HttpResponse()).process_view(request, None, (), {})
    SEEN["GET"], SEEN["POST"], SEEN["FILES"] = request.GET, request.POST, request.FILES
    return HttpResponse()


def test_fields_are_made_plain_and_passwords_and_texts_of_an_article_are_not() -> None:
    sent = {
        "reason": "\u200b\u2060",
        "name": "Ada\u202e!",
        "password": "p\u200bw",
        "body": "b\u202e",
        "topics": ["a\x00", "b"],
        "file": SimpleUploadedFile("a\u202e.txt", b"\x00"),
    }
    TypedText(look)(RequestFactory().post("/?q=a%00b&q=%E2%80%8B&p=ok", sent))
    assert SEEN["GET"].getlist("q") == ["ab", ""]
    assert SEEN["GET"]["p"] == "ok"
    assert dict(SEEN["POST"].lists()) == {
        "reason": [""],
        "name": ["Ada!"],
        "password": ["p\u200bw"],
        "body": ["b\u202e"],
        "topics": ["a", "b"],
    }
    assert SEEN["FILES"]["file"].read() == b"\x00"
    with pytest.raises(AttributeError):
        SEEN["POST"]["name"] = "x"


def test_plain_fields_stay_as_they_came() -> None:
    request = RequestFactory().post("/?q=caf%C3%A9", {"text": "Two\r\nlines, café"})
    before = request.GET
    TypedText(look)(request)
    assert request.GET is before
    assert SEEN["POST"]["text"] == "Two\r\nlines, café"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/search/?q=a%00b", "/answers/?topic=%00", "/search/?q=x&topic=%00&kind=%00&since=%00"]
)
def test_a_nul_in_an_address_breaks_no_page(client: Client, address: str) -> None:
    assert client.get(address).status_code in {200, 404}


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["\u200b", "\u200d\u200c", "\u3164", "\u202e\u202c", " \u00a0\u2800 "])
def test_a_reason_that_shows_nothing_is_no_reason(draft: Article, author: User, member: User, reason: str) -> None:
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    with pytest.raises(workflow.Refused, match="Say why"):
        workflow.decide(edition, by=member, kind="request-changes", password=PASSWORD, comment=reason)
    client = Client()
    client.force_login(member)
    form = {"digest": edition.digest, "kind": "request-changes", "comment": reason, "password": PASSWORD}
    assert client.post(reverse("desk:decide", args=[edition.pk]), form).status_code == 422
    assert not Transition.objects.filter(move="request-changes").exists()


@pytest.mark.django_db
def test_the_record_holds_no_turned_reason(draft: Article, author: User, member: User) -> None:
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    workflow.decide(edition, by=member, kind="decline", password=PASSWORD, comment="Give 5\u202e0 mg\u200b")
    assert edition.transitions.last().reason == "Give 50 mg"


@pytest.mark.django_db
def test_a_question_that_shows_nothing_is_none(author: User, client: Client) -> None:
    client.force_login(author)
    for question in ("\u200b\u200d", "\u3164", "\u2800"):
        form = {"question": question, "base_version": "0"}
        assert client.post(reverse("desk:article_new"), form).status_code == 422
    assert not Article.objects.exists()
