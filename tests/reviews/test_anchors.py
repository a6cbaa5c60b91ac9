"""Anchors: a tail that was cut or written anew is found by a line that lay outside the database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from people import outbox
from people.models import Message, User
from reviews import anchors, chain, protection, tasks, verifying, workflow
from reviews.models import ChainHead, Review, State, Transition
from tests.config.test_settings import GOOD_KEY, ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(draft: Article, author: User, member: User) -> Article:
    """Submitted and taken up, with a statement of interests: three transitions."""
    edition = workflow.submit(draft, by=author)
    workflow.take_up(edition, by=member)
    return draft


def cut_the_tail() -> None:
    """What somebody with the keys of the database does: the newest move undone, head and state set to match."""
    protection.remove(connection)
    last = Transition.objects.latest("number")
    before = Transition.objects.get(number=last.number - 1)
    last.delete()
    ChainHead.objects.update(number=before.number, hash=before.hash)
    Review.objects.update(state=State.SUBMITTED, taken_up_at=None, taken_up_by=None)


def test_nothing_recorded_is_nothing_to_anchor(capsys: pytest.CaptureFixture[str]):
    call_command("anchor_record")
    assert "nothing to anchor" in capsys.readouterr().out


def test_a_cut_tail_that_nothing_else_shows_is_found(
    recorded: Article, tmp_path: Path, capsys: pytest.CaptureFixture[str], member: User
):
    kept = tmp_path / "anchors"
    call_command("anchor_record", to=kept)
    newest = Transition.objects.latest("number")
    assert capsys.readouterr().out == kept.read_text()
    assert kept.read_text().split()[-2:] == [str(newest.number), newest.hash]
    call_command("verify_record", anchors=[kept])
    assert "holds all of 1 anchors" in capsys.readouterr().out

    cut_the_tail()
    assert list(verifying.problems()) == []
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_record", anchors=[kept])
    assert f"Transition {newest.number}, anchored at" in capsys.readouterr().err
    # Something else in its place does not help.
    workflow.take_up(newest.edition, by=member)
    assert list(verifying.problems()) == []
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_record", anchors=[kept])
    assert "it was written anew" in capsys.readouterr().err
    with pytest.raises(CommandError, match="it was written anew"):
        call_command("anchor_record", to=kept)
    assert len(anchors.read_file(kept)) == 1


def test_what_follows_an_anchor_disturbs_nothing(recorded: Article, tmp_path: Path, author: User):
    kept = tmp_path / "anchors"
    for _time in range(2):  # the same head stands there once
        call_command("anchor_record", to=kept)
    workflow.pull_back(Review.objects.get().edition, by=author)
    call_command("anchor_record", to=kept)
    assert [one.number for one in anchors.read_file(kept)] == [3, 4]
    assert list(anchors.problems(anchors.read_file(kept))) == []


def test_a_worker_does_it_where_the_settings_say(recorded: Article, tmp_path: Path, settings: Any, caplog: Any):
    settings.ANCHOR_FILE, settings.ANCHOR_MAIL = str(tmp_path / "anchors"), ["notary@example.org"]
    for _time in range(2):
        tasks.anchor_record()
    [mail] = Message.objects.filter(key__startswith="anchor:")
    [from_file], [from_mail] = anchors.read_file(tmp_path / "anchors"), anchors.read(mail.text)
    assert (from_file.number, from_file.hash) == (from_mail.number, from_mail.hash) == (3, chain_hash())
    assert mail.to == "notary@example.org"
    outbox.send_due()
    call_command("verify_record")

    cut_the_tail()
    with pytest.raises(CommandError, match="not whole"):
        call_command("verify_record")
    tasks.anchor_record()
    assert "was not anchored: Transition 3" in caplog.text
    assert len(anchors.read_file(tmp_path / "anchors")) == 1


def chain_hash() -> str:
    return chain.hash_of(Transition.objects.latest("number"))


def test_a_head_that_names_another_transition_is_not_anchored(recorded: Article):
    ChainHead.objects.update(number=9)
    with pytest.raises(anchors.Broken, match="does not name its newest transition"):
        anchors.take()
    with pytest.raises(CommandError, match="does not name"):
        call_command("anchor_record")


def test_a_line_that_was_not_written_to_its_end_is_passed_over(recorded: Article, tmp_path: Path):
    kept = tmp_path / "anchors"
    whole = str(anchors.take())
    for length in (len(anchors.NAME), 25, 45, 60, len(whole) - 1):
        kept.write_text(f"{whole}\n{whole[:length]}")
        [found] = anchors.read_file(kept)
        assert str(found) == whole
        kept.write_text(f"{whole[:length]}\n{whole}\n")
        assert len(anchors.read_file(kept)) == 1


def test_after_a_torn_line_the_next_one_begins_anew(recorded: Article, tmp_path: Path, author: User):
    kept = tmp_path / "anchors"
    call_command("anchor_record", to=kept)
    kept.write_text(kept.read_text() + "imprimatur-anchor 1 2026-")
    workflow.pull_back(Review.objects.get().edition, by=author)
    call_command("anchor_record", to=kept)
    assert [one.number for one in anchors.read_file(kept)] == [3, 4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no anchor"),
        ("imprimatur-anchor 1 yesterday 2 " + "0" * 64, "no anchor: “imprimatur-anchor 1 yesterday"),
        ("imprimatur-anchor 1 2026-01-01T00:00:00+00:00 two " + "0" * 64, "no anchor"),
        ("imprimatur-anchor 1 2026-01-01T00:00:00 2 " + "0" * 64, "no anchor"),
        ("imprimatur-anchor 2 2026-01-01T00:00:00+00:00 2 " + "0" * 64, "no anchor"),
    ],
)
def test_what_is_no_anchor_is_said(recorded: Article, tmp_path: Path, text: str, said: str):
    (tmp_path / "anchors").write_text(text)
    with pytest.raises(CommandError, match=said) as raised:
        call_command("verify_record", anchors=[tmp_path / "anchors"])
    assert raised.value.returncode == 2
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_record", anchors=[tmp_path / "nowhere"])


def test_a_file_that_cannot_be_written_is_said(recorded: Article, tmp_path: Path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("anchor_record", to=tmp_path / "nowhere" / "anchors")


@pytest.mark.parametrize(
    ("given", "said"), [({}, "None"), ({"ANCHOR_FILE": "anchors", "ANCHOR_HOURS": "6"}, "21600.0")]
)
def test_beat_does_it_at_the_set_interval_where_it_is_set(tmp_path: Path, given: dict[str, str], said: str):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import config.settings as s; print(s.CELERY_BEAT_SCHEDULE.get('anchor', {}).get('schedule'))",
        ],
        cwd=ROOT,
        env={"VAR_DIR": str(tmp_path), "SECRET_KEY": GOOD_KEY} | given,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == said
