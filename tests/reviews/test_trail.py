"""The trail as a file: whole as exported, checked without any database, and no change of it goes unseen."""

from __future__ import annotations

import copy
import datetime
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles import comments, drafting
from articles.models import Article
from people.models import Role, User
from reviews import asking, workflow
from reviews.trail import checking, making, reading, rows
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(person: Callable[..., User]) -> User:
    return person("Cleo Chief", Role.CHIEF_EDITOR)


@pytest.fixture
def told(
    draft: Article, author: User, member: User, second_member: User, editor: User, person: Callable[..., User]
) -> Article:
    """An article to which everything happened that a trail tells of, between moves of another article."""
    other = Article(question="Another?", lead="It is.", body="## Evidence\n\nIt does [@alpha].\n", owner=author)
    drafting.save(other, by=author, base_version=0)
    thread = comments.open_thread(draft, by=editor, text="Which dose?")
    comments.resolve(thread, by=author, how="not-done", because="No trial says.")
    first = workflow.submit(draft, by=author, comment="Please read.")
    strange = workflow.submit(other, by=author)
    invited = workflow.invite(first, members=[member, second_member], by=editor, note="The doses.")
    workflow.decline(first, by=second_member, reason="On leave.")
    workflow.accept(first, by=member)
    third = person("Dana Doctor", Role.BOARD_MEMBER)
    workflow.set_part(first, member=third, by=editor, grade="excluded", reason="A cousin.")
    asked = asking.ask(first, by=member, text="How large?")
    workflow.decide(first, by=member, kind="request-changes", password=PASSWORD, comment="Say how large.")
    asking.resolve(asked, by=author)
    workflow.pull_back(strange, by=author)
    draft.body += "\n\nIt is small [@gamma].\n"
    drafting.save(draft, by=author, base_version=draft.version, comment="How large it is")
    second = workflow.submit(draft, by=author)
    workflow.take_up(second, by=member)
    workflow.state_interests(second, by=member, what="A talk, paid", with_whom="Alpha Ltd")
    workflow.decide(second, by=member, kind="approve", password=PASSWORD)
    workflow.schedule(second, by=editor, at=timezone.now() + datetime.timedelta(days=1))
    workflow.cancel(second, by=editor)
    public = workflow.publish(second, by=editor, note="A first answer.")
    workflow.renew(second, by=member, password=PASSWORD, last_reviewed=public.reviewed_at)
    workflow.add_notice(second, by=editor, kind="correction", text="A dose was wrong.", reason="A slip.")
    assert invited
    return draft


def exported(article: Article) -> bytes:
    return making.of_article(article, by="Edda Editor")


def found_in(data: bytes) -> list[str]:
    """What the check says of these bytes. Whatever they are, no database is asked."""
    with connection.execute_wrapper(_refuse):
        return list(checking.problems(reading.read(data)))


def _refuse(*_args: Any) -> None:
    raise AssertionError("The database was asked.")


def anew(content: dict[str, Any]) -> bytes:
    """The bytes of a changed trail whose digest was made anew, as a forger would."""
    return reading.written(content["trail"])


def test_what_was_exported_is_whole_and_holds_everything(told: Article):
    data = exported(told)
    assert data.startswith(b'{"format":{"name":"imprimatur-trail","number":1},"trail":{')
    assert found_in(data) == []
    trail = reading.read(data)
    assert {name for name in rows.ROWS if not trail.rows[name]} == {"redactions"}
    assert len(trail.versions) == 2
    assert len(trail.chain) == trail.head["number"] > len(trail.rows["transitions"])
    assert "Ben Board, MD, PhD" in trail.people.values()
    assert b"Another?" not in data, "of other articles there are only hashes"
    assert b"@example.org" not in data


def _others(value: Any) -> Iterator[Any]:
    """Other values that the same field may hold."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1000
    elif value is None:
        yield from (1000, "2026-01-01", "2026-01-01T00:00:00+00:00")
    elif isinstance(value, list):
        yield value[1:] if value else [{"category": "other", "text": "x"}]
    elif isinstance(value, dict):
        yield value | {"independent": not value.get("independent")}
    else:
        yield _other_text(value)


def _other_text(value: str) -> str:
    for kind, step in ((datetime.date, {"days": 1}), (datetime.datetime, {"microseconds": 1})):
        try:
            return (kind.fromisoformat(value) + datetime.timedelta(**step)).isoformat()
        except ValueError:
            continue
    return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"


NOT_PROVEN: dict[str, str] = {
    "comments": "id by at text edited_at",
    "declarations": "",
    "editions": "",
    "invitation_steps": "id",
    "invitations": "",
    "notices": "id",
    "parts": "id",
    "publications": "id slug change_note first_published_at published_at withdrawn_at explanation is_retracted",
    "redactions": "id at by",
    "renewals": "id",
    "reviews": "id policy submitted_at submitted_by taken_up_at taken_up_by decided_at",
    "schedule": "id at note made_by made_at outcome ended_at why",
    "statements": "id",
    "threads": "field quoted opened_in resolution because resolved_by resolved_at reopened_by reopened_at",
    "transitions": "id",
    "verdicts": "",
}
"""The fields that only the digest of the whole file speaks for: whoever makes that anew may change them.

A number of another row is changed to one that no row has: that is seen everywhere.
"""


def test_every_field_that_the_record_proves_is_missed_when_it_is_changed(told: Article, chief: User):
    workflow.redact(told, ["Say how large"], by=chief, reason="A patient was named.")
    content = json.loads(exported(told))
    unseen: dict[str, set[str]] = {name: set() for name in rows.ROWS}
    for name, place, field in _fields(content["trail"]):
        true = content["trail"][name][place][field]
        for other in _others(true):
            content["trail"][name][place][field] = other
            try:
                if not found_in(anew(content)):
                    unseen[name].add(field)
                # Without the digest made anew nothing at all goes unseen.
                assert found_in(_bytes(content))
            except reading.Unreadable:
                continue
        content["trail"][name][place][field] = true
    assert unseen == {name: set(fields.split()) for name, fields in NOT_PROVEN.items()}


def _fields(trail: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Every field of the first and the last row of each list, and of every fourth transition."""
    for name in rows.ROWS:
        last = len(trail[name]) - 1
        for place, row in enumerate(trail[name]):
            if place in {0, last} or (name == "transitions" and place % 4 == 0):
                yield from ((name, place, field) for field in row)


def _bytes(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_rows_that_are_gone_or_there_twice_are_missed(told: Article, chief: User):
    workflow.redact(told, ["Say how large"], by=chief, reason="A patient was named.")
    content = json.loads(exported(told))
    trail = content["trail"]
    for name in sorted(rows.ROWS.keys() - {"comments", "schedule", "threads"}):
        for place, row in enumerate(list(trail[name])):
            trail[name].append(row)
            assert found_in(anew(content)), (name, row)
            trail[name].pop()
            # That a transition was taken out which no other row and no state speaks of cannot be known.
            if name != "transitions" or row["move"] not in {"schedule", "cancel-schedule"}:
                del trail[name][place]
                assert found_in(anew(content)), (name, row)
                trail[name].insert(place, row)


def test_no_changed_byte_goes_unseen(told: Article):
    data = exported(told)
    chance = random.Random(20261201)
    for place in [0, len(data) - 1, *chance.sample(range(len(data)), 250)]:
        for changed in (data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :],):
            assert _is_noticed(changed), (place, data[place - 20 : place + 20])
    for changed in (data[:-1], data + b"\n", data.replace(b",", b", ", 1), data[:1000], b" " + data):
        assert _is_noticed(changed)


def _is_noticed(data: bytes) -> bool:
    try:
        return bool(found_in(data))
    except reading.Unreadable:
        return True


def test_a_forged_transition_does_not_fit_the_chain(told: Article):
    """Its own hash made anew, and the chain's list as well: the next transition still names the true one."""
    from reviews import chain

    content = json.loads(exported(told))
    row = next(one for one in content["trail"]["transitions"] if one["move"] == "take-up")
    row["reason"] = "Something else."
    true = row["hash"]
    row["hash"] = chain.hash_of(rows.as_row("transitions", row))
    content["trail"]["chain"] = content["trail"]["chain"].replace(true, row["hash"])
    assert any("does not follow" in sentence for sentence in found_in(anew(content)))


def test_a_verdict_is_bound_to_the_text_that_is_there(told: Article):
    content = json.loads(exported(told))
    first, second = content["trail"]["editions"]
    for name in ("source", "frozen", "source_digest", "digest", "question", "created_at", "article_version"):
        first[name], second[name] = second[name], first[name]
    said = found_in(anew(content))
    assert any("Edition 1 was altered" in sentence for sentence in said)
    for what in ("Verdict", "Re-review"):
        assert any(one.startswith(what) and "signed for another text" in one for one in said)


def test_the_chain_ends_where_its_head_is_and_holds_each_link_once(told: Article):
    content = json.loads(exported(told))
    trail, place = content["trail"], 64 * (content["trail"]["transitions"][0]["number"] - 1)
    true = trail["chain"]
    own = {row["hash"] for row in trail["transitions"]}
    links = [true[at : at + 64] for at in range(0, len(true), 64)]
    strangers = [at for at, one in enumerate(links) if one not in own]
    assert true[place : place + 64] == trail["transitions"][0]["hash"]
    for chain in (
        true + "0" * 64,
        true[:-64],
        "",
        true[64:],
        true[: 64 * strangers[0]] + true[64 * strangers[0] + 64 :],
    ):
        trail["chain"] = chain
        assert found_in(anew(content)), len(chain)
    links[strangers[-1]] = links[strangers[0]]
    trail["chain"] = "".join(links)
    assert any("twice" in sentence for sentence in found_in(anew(content)))
    trail["chain"] = true
    for head in ({"number": 1, "hash": true[-64:]}, {"number": trail["head"]["number"], "hash": "0" * 64}):
        trail["head"] = head
        assert any("its head names" in sentence for sentence in found_in(anew(content)))


def test_a_redaction_is_told_and_is_no_alteration(told: Article, chief: User):
    workflow.redact(told, ["Say how large", "It is small"], by=chief, reason="A patient was named.")
    data = exported(told)
    assert b"Say how large" not in data
    trail = reading.read(data)
    assert list(checking.problems(trail)) == []
    said = list(checking.redactions(trail))
    assert len(said) == 2
    assert all("redacted by Cleo Chief" in one and "A patient was named." in one for one in said)


@pytest.fixture
def file(told: Article, tmp_path: Path) -> Path:
    path = tmp_path / "trail.json"
    path.write_bytes(exported(told))
    return path


@pytest.fixture
def _without_database(told: Article, file: Path) -> Iterator[None]:
    with connection.execute_wrapper(_refuse):
        yield


@pytest.mark.usefixtures("_without_database")
def test_the_command_asks_no_database(file: Path, capsys: pytest.CaptureFixture[str]):
    call_command("verify_record", "--file", str(file))
    said = capsys.readouterr().out
    assert "“Does alpha help in beta?” is whole: 2 editions, 2 verdicts and" in said
    assert reading.digest_in(file.read_bytes()) in said
    content = json.loads(file.read_bytes())
    content["trail"]["transitions"][1]["reason"] += "!"
    number = content["trail"]["transitions"][1]["number"]
    content["trail"]["verdicts"][0]["kind"] = "decline"
    file.write_bytes(_bytes(content))
    for every, count in (([], 1), (["--all"], 3)):
        with pytest.raises(CommandError, match="not whole") as refused:
            call_command("verify_record", "--file", str(file), *every)
        assert refused.value.returncode == 1
        said = capsys.readouterr().err
        assert said.startswith(f"Transition {number} was altered")
        assert len(said.splitlines()) >= count


def test_another_machine_needs_no_database_at_all(file: Path, tmp_path: Path):
    """A process of its own, whose database does not answer."""
    environment = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/nothing",
        "VAR_DIR": str(tmp_path / "var"),
        "DEBUG": "1",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_record", "--file", str(file)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "is whole" in done.stdout


def test_trails_of_one_installation_are_compared(told: Article, author: User, tmp_path: Path, capsys: Any):
    """A forged last transition of one article, with its hash made anew wherever it stands, is known by another's."""
    from reviews import chain

    other = Article.objects.exclude(pk=told.pk).get()
    workflow.submit(other, by=author)
    mine, theirs = tmp_path / "mine.json", tmp_path / "theirs.json"
    mine.write_bytes(exported(told))
    theirs.write_bytes(exported(other))
    call_command("verify_record", "--file", str(mine), str(theirs))
    assert "come of one chain" in capsys.readouterr().out
    content = json.loads(mine.read_bytes())
    row = content["trail"]["transitions"][-2]
    last = content["trail"]["transitions"][-1]
    assert row["move"] == "renew"
    assert last["previous_hash"] == row["hash"]
    for one, field in ((row, "reason"), (last, None)):
        true = one["hash"]
        if field:
            one[field] = "Forged."
        one["hash"] = chain.hash_of(rows.as_row("transitions", one))
        content["trail"]["chain"] = content["trail"]["chain"].replace(true, one["hash"])
        last["previous_hash"] = row["hash"]
    mine.write_bytes(anew(content))
    assert found_in(mine.read_bytes()) == [], "the file alone cannot show it"
    with pytest.raises(CommandError, match="do not come of one chain"):
        call_command("verify_record", "--file", str(mine), str(theirs))
    assert f"differ from transition {row['number']} on" in capsys.readouterr().err


BROKEN = [
    (b"", "not the JSON"),
    (b"{}", "not the trail"),
    (b"[]", "not the trail"),
    (b"\xff\xfe", "not the JSON"),
    (b"\x00" * 50, "not the JSON"),
    (b"[" * 100_000, "nested deeper"),
    (b'{"a":' * 100_000, "nested deeper"),
    (b"[]" * 5_000_000, "not the JSON"),
    (b"]" * 5_000_000, "not the JSON"),
    (b"[}" * 2_500_000, "not the JSON"),
    (b'{"a":[[]],"b":{"c":"]"}}', "not the trail"),
    (b'"' + b'\\"' * 100_000, "not the JSON"),
    (b"9" * 10_000, "not the JSON"),
    (b"1e999", "not the JSON"),
    (b"NaN", "not the JSON"),
    (b'{"format":{"name":"imprimatur-trail","number":2},"trail":{},"whole":""}', "format that is not known"),
    (b'{"format":{"name":"imprimatur-trail","number":true},"trail":{},"whole":""}', "format that is not known"),
    (b'{"format":{"name":"imprimatur-trail","number":[]},"trail":{},"whole":""}', "format that is not known"),
    (b'{"format":{"name":"imprimatur-trail","number":1},"trail":{},"whole":""}', "parts of a trail"),
    (b'{"format":{"name":"imprimatur-trail","number":1},"trail":{},"whole":""', "not the JSON"),
]


@pytest.mark.parametrize(("data", "said"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_a_sentence(data: bytes, said: str, tmp_path: Path):
    path = tmp_path / "broken.json"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=said) as refused:
        call_command("verify_record", "--file", str(path))
    assert refused.value.returncode == 2


def test_a_file_that_is_not_there_or_too_large_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CommandError, match="No such file") as refused:
        call_command("verify_record", "--file", str(tmp_path / "nothing"))
    assert refused.value.returncode == 2
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    (tmp_path / "large").write_bytes(b" " * 11)
    with pytest.raises(CommandError, match="larger than") as refused:
        call_command("verify_record", "--file", str(tmp_path / "large"))
    assert refused.value.returncode == 2


STRANGE: list[Any] = [None, 1, -1, "", "x", "\ud800", [], [[]], {}, {"id": 1}, True, 10**30, [None], "2026-01-01"]


def test_whatever_stands_where_it_should_not_is_a_sentence(told: Article):
    """Any part, row or field with a value of another kind, and the digest made anew: never another exception."""
    content = json.loads(exported(told))
    places: list[tuple[Any, ...]] = [(name,) for name in content["trail"]]
    for name, rows_there in content["trail"].items():
        if isinstance(rows_there, list) and rows_there:
            places += [(name, 0), *((name, 0, field) for field in rows_there[0])]
    chance = random.Random(7)
    for path in places:
        for value in chance.sample(STRANGE, 4):
            forged = {**content, "trail": dict(content["trail"])}
            where: Any = forged["trail"]
            for key in path[:-1]:
                where[key] = copy.copy(where[key])
                where = where[key]
            where[path[-1]] = value
            data = json.dumps(forged, sort_keys=True, separators=(",", ":")).encode()
            with suppress(reading.Unreadable):
                found_in(data)


def test_texts_within_that_make_no_sense_are_a_sentence(told: Article):
    """A statement or a frozen text of somebody's making, with a digest that fits it."""
    from articles.editions import digest

    content = json.loads(exported(told))
    for name, text, hashed in (("verdicts", "statement", "signature"), ("editions", "frozen", "digest")):
        head = content["trail"][name][0][text].split("\n")[0]
        for body in ("", "x", "[]", "{}", "[" * 50_000, "1", '{"declaration":1,"edition":[]}'):
            forged = copy.deepcopy(content)
            row = forged["trail"][name][0]
            row[text] = f"{head}\n{body}"
            row[hashed] = digest(row[text].encode())
            assert found_in(anew(forged))


def test_an_editorial_fix_of_itself_ends(told: Article):
    content = json.loads(exported(told))
    for review in content["trail"]["reviews"]:
        review["policy"]["editorial_fix_of"] = 2
    content["trail"]["renewals"] = []
    assert found_in(anew(content))


def test_the_number_of_queries_does_not_grow(told: Article, author: User, django_assert_num_queries: Any):
    with django_assert_num_queries(QUERIES):
        exported(told)
    for number in range(3, 9):
        told.heading = f"Heading {number}"
        drafting.save(told, by=author, base_version=told.version)
        comments.open_thread(told, by=author, text=f"Comment {number}")
    with django_assert_num_queries(QUERIES):
        exported(told)


QUERIES = 23


def test_the_command_writes_the_same_file(told: Article, capfdbinary: Any):
    for name in (told.slug, str(told.pk)):
        call_command("export_trail", name)
        said = capfdbinary.readouterr()
        assert found_in(said.out) == []
        assert reading.digest_in(said.out).encode() in said.err
    with pytest.raises(CommandError, match="No article"):
        call_command("export_trail", "nothing")


def test_samples_are_whole_as_files(settings: Any):
    settings.SAMPLE_ACCOUNTS_MAY_SIGN_IN = True
    call_command("load_samples")
    for article in Article.objects.order_by("pk"):
        assert found_in(exported(article)) == [], article
