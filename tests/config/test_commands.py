"""Starting a site: for real, with samples, and on a port."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.images.encoding import is_clean
from articles.models import Article, Edition, Notice, Publication, Site
from config import sample_chart
from config.samples import AUTHOR, PASSWORD, PEOPLE
from people.models import Appointment, Message, Role, User
from reviews.models import Review

STRONG = "correct horse battery staple"


class TestStartSite:
    @pytest.fixture(autouse=True)
    def _password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", STRONG)

    def start(self, **changes: str) -> None:
        given = {"email": "Head@Example.org", "name": "Hedda Head", "site_name": "Answers"} | changes
        call_command("start_site", **given)

    @pytest.mark.django_db
    def test_makes_the_first_administrator_and_no_samples(self):
        self.start()
        [user] = User.objects.all()
        assert (user.email, user.roles()) == ("head@example.org", {Role.ADMINISTRATOR})
        assert user.check_password(STRONG)
        assert Site.objects.get().name == "Answers"
        assert not Article.objects.exists()

    @pytest.mark.django_db
    def test_a_second_time_is_refused(self):
        self.start()
        with pytest.raises(CommandError, match="has an administrator already"):
            self.start(email="other@example.org")

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("changes", "said"), [({"email": "nobody"}, "valid email"), ({"email": ""}, "--email is missing")]
    )
    def test_bad_input_makes_nothing(self, changes: dict[str, str], said: str):
        with pytest.raises(CommandError, match=said):
            self.start(**changes)
        assert not User.objects.exists()

    @pytest.mark.django_db
    def test_a_weak_password_is_refused(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("ADMINISTRATOR_PASSWORD", "password")
        with pytest.raises(CommandError, match="too short"):
            self.start()
        assert not User.objects.exists()


class TestSamples:
    @pytest.fixture
    def local(self, settings: Any) -> None:
        settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = True

    @pytest.mark.django_db
    def test_never_on_a_site_that_others_reach(self):
        with pytest.raises(CommandError, match="only this machine can reach"):
            call_command("load_samples")
        assert not User.objects.exists()

    @pytest.mark.django_db
    def test_never_beside_real_accounts(self, local: None, author: User):
        with pytest.raises(CommandError, match="has accounts already"):
            call_command("load_samples")
        call_command("load_samples", "--if-empty")
        assert User.objects.count() == 1

    @pytest.mark.django_db
    def test_stand_in_every_state(self, local: None, client: Client, capsys: pytest.CaptureFixture[str]):
        call_command("load_samples")
        assert Article.objects.count() == 8
        states = dict(Review.objects.order_by("edition__number").values_list("edition__article__slug", "state"))
        standings = dict(Publication.objects.values_list("slug", "standing"))
        assert {
            slug: (states.get(slug), standings.get(slug)) for slug in Article.objects.values_list("slug", flat=True)
        } == {
            "anticoagulant-choice-atrial-fibrillation": ("approved", "live"),
            "sglt2-inhibitors-heart-failure-kidney-disease": ("under_review", "live"),
            "community-acquired-pneumonia-antibiotic-duration": ("approved", "live"),
            "intravenous-immunoglobulin-cidp-medical-necessity": ("under_review", "caution"),
            "acute-low-back-pain-first-line": ("submitted", None),
            "aspirin-prevention-pre-eclampsia": ("changes_requested", None),
            "oral-iron-iron-deficiency-anaemia": ("approved", None),
            "first-antidepressant-adults-depression": (None, None),
        }
        assert Notice.objects.count() == 1
        assert not Message.objects.exists()
        call_command("verify_record")
        for slug in standings:
            page = client.get(f"/answers/{slug}/").content.decode()
            assert "Written to show this system; not medical advice." in page
        caution = client.get("/answers/intravenous-immunoglobulin-cidp-medical-necessity/").content.decode()
        assert "Caution: not yet approved" in caution
        assert "(1)" in caution
        assert "(4)" in caution
        illustrated = client.get("/answers/anticoagulant-choice-atrial-fibrillation/").content.decode()
        address = re.search(r'<figure><img[^>]*src="(/images/[^"]+)"', illustrated)
        assert address
        assert client.get(address[1]).content == sample_chart.FILE.read_bytes()
        assert is_clean(sample_chart.FILE.read_bytes())

    @pytest.mark.django_db
    def test_the_texts_have_the_depth_that_is_asked(self, local: None):
        call_command("load_samples")
        from articles import editions

        for edition in Edition.objects.all():
            frozen = editions.read(edition)
            works = frozen.frozen["references"]
            general = frozen.text_for("general")
            assert 6 <= len(works) <= 14, edition
            assert general["html"].count('<sup class="cites">') >= 10, edition
            assert 5 <= sum(heading["level"] == 2 for heading in general["headings"]) <= 9, edition
            assert frozen.frozen["has_plain"], edition

    @pytest.mark.django_db
    def test_accounts_sign_in_only_where_every_host_is_this_machine(
        self, settings: Any, client: Client, person: Callable[..., User]
    ):
        sample = User.objects.create_user(AUTHOR.email, PASSWORD, name=AUTHOR.name, is_sample=True)
        Appointment.objects.create(user=sample, role=Role.AUTHOR)
        form = {"login": AUTHOR.email, "password": PASSWORD}
        settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = False
        assert client.post("/account/login/", form).status_code == 200
        assert "_auth_user_id" not in client.session
        settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = True
        client.post("/account/login/", form)
        assert client.session["_auth_user_id"] == str(sample.pk)
        settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = False
        assert client.get("/desk/").status_code == 302  # signed in already, and out at once

    def test_every_role_has_an_account(self):
        assert {role for one in PEOPLE for role in one.roles} == set(Role)
        assert sum(Role.BOARD_MEMBER in one.roles for one in PEOPLE) == 2


class TestRunSite:
    def test_a_taken_port_is_said_in_a_sentence(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with pytest.raises(CommandError, match=f"Port {port} is taken: choose another"):
                call_command("run_site", port=str(port))

    @pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "٨٠"])
    def test_a_port_that_is_none(self, port: str):
        with pytest.raises(CommandError, match="write a number from 1 to 65535"):
            call_command("run_site", port=port)

    def test_the_key_is_made_once_and_is_the_owners_alone(self, settings: Any, tmp_path: os.PathLike):
        from config.management.commands.run_site import _secret_key

        settings.VAR_DIR = tmp_path
        key = _secret_key()
        assert len(key) >= 50
        assert _secret_key() == key
        assert os.stat(os.path.join(tmp_path, "secret-key")).st_mode & 0o777 == 0o600
