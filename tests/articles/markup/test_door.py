"""The door holds: a text that jams or breaks the child is refused, and the next one is laid out."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.utils.safestring import SafeString

from articles.markup import door
from articles.markup.glossary import Term, Use
from articles.markup.result import Rendering, RenderRequest, rendering_from_json, rendering_to_json

ROOT = Path(door.ROOT)


def render(body, **fields):
    return door.render(body=body, known=None, **fields)


def works():
    return render("Fine [@a].").texts[0].plain == "Fine."


def test_the_door_gives_what_the_renderer_gives():
    from articles.markup.render import render as in_process

    source = "## H\n\nText [@a; @b]. [@nix]\n\n::: patient\nP\n:::"
    through = door.render(body=source, lead="L [@b]", plain_lead="P", known=["a", "b", "c"])
    assert through == in_process(RenderRequest(source, "L [@b]", "P", {"a": "a", "b": "b"}))
    assert isinstance(through, Rendering)
    assert list(through.texts[0].citations) == [1, 2] or list(through.texts[0].citations) == [2, 1]


def test_known_may_be_any_collection():
    for known in ({"a": "a"}, {"a"}, ["a"], ("a",), {"a": 1}.keys()):
        assert door.render(body="[@a] [@b]", known=known).cited == ("a",)


@pytest.mark.parametrize(
    "body",
    [
        "[" * 16_000,
        "![" * 8_000,
        "|" * 14_000,
        "a|" * 7_000 + "\n" + "-|" * 7_000,
        "- " * 495 + "a",
        "> " * 5_000,
        "*a " * 60_000,
        "*_" * 9_000,
        "`a" * 50_000,
        "``a `" * 40_000,
        "<" * 190_000,
        "<!--<!--`a`<![CDATA[" * 1_800,
        "&amp;" * 30_000,
        "[a](" * 40_000,
        "[a]: b\n" * 25_000,
        "[a][b] " * 20_000,
        "@{" * 90_000,
        "[@a; " * 30_000,
        "a\n---\n" * 8_000,
        "- a\n\n" * 30_000,
        ("[" * 390 + "\n\n") * 500,
        "a:" + ":" * 39_000 + "x",
        ":::" + " :" * 19_000 + "x",
        "![[::: {.nurse}\n_a " * 2_000,
        "[see @a *a_b " * 2_700,
        "~~~\n" * 40_000 + "```\n",
        '"    - a\n: a\n~' * 700,
        "e\u0301" * 60_000,
        "#" * 190_000,
        "a" * 5_000_000,
    ],
    ids=lambda body: body[:12].replace("\n", "/"),
)
def test_no_text_jams_the_door(body):
    works()
    begun = time.monotonic()
    with contextlib.suppress(door.TextRefused):
        assert sum(len(text.html) for text in render(body).texts) < 2_000_000
    assert time.monotonic() - begun < 2.5
    assert works()


def test_a_text_that_takes_too_long_is_refused_and_its_child_killed(monkeypatch):
    works()
    pid = door._child.process.pid
    monkeypatch.setattr(door, "SECONDS", 0.0)
    with pytest.raises(door.TextRefused, match="within 2 seconds"):
        render("x")
    monkeypatch.undo()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert works()


def test_a_child_that_stands_still_is_replaced():
    works()
    os.kill(door._child.process.pid, signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(door.TextRefused):
        render("x" * 150_000)
    assert time.monotonic() - begun < 2.5
    assert works()


def test_a_child_killed_between_texts_is_replaced_without_a_word():
    works()
    pid = door._child.process.pid
    os.kill(pid, signal.SIGKILL)
    assert works()
    assert door._child.process.pid != pid


def test_a_child_that_failed_is_not_used_again(monkeypatch, caplog):
    works()
    pid = door._child.process.pid
    monkeypatch.setattr(door, "request_to_json", lambda request: "[]")
    with pytest.raises(door.TextRefused, match="error of ours"):
        render("x")
    monkeypatch.undo()
    assert "TypeError" in caplog.text
    assert works()
    assert door._child.process.pid != pid


def test_a_child_of_another_version_is_refused(monkeypatch):
    door._stop()
    monkeypatch.setattr(door, "RENDERER_VERSION", 999)
    with pytest.raises(door.TextRefused, match="restart"):
        render("x")
    monkeypatch.undo()
    assert works()


def test_many_threads_get_their_own_answers():
    wrong = []

    def ask(number):
        for turn in range(5):
            words = f"thread {number} turn {turn}"
            if render(words).texts[0].plain != words:
                wrong.append(words)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_forked_process_has_a_child_of_its_own():
    program = (
        "import os, sys\n"
        "from articles.markup import door\n"
        "say = lambda words: door.render(body=words, known=None).texts[0].plain\n"
        "assert say('before') == 'before'\n"
        "parent = door._child.process.pid\n"
        "door._lock.acquire()\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    ok = all(say(f'forked {n}') == f'forked {n}' for n in range(20)) and door._child.process.pid != parent\n"
        "    door._stop()\n"
        "    os._exit(0 if ok else 1)\n"
        "door._lock.release()\n"
        "ok = all(say(f'parent {n}') == f'parent {n}' for n in range(20)) and door._child.process.pid == parent\n"
        "sys.exit(os.waitpid(pid, 0)[1] or not ok)\n"
    )
    done = subprocess.run([sys.executable, "-W", "error::ResourceWarning", "-c", program], cwd=ROOT, timeout=60)
    assert done.returncode == 0


def test_the_child_ends_with_its_parent():
    program = (
        "import os\nfrom articles.markup import door\ndoor.render(body='x', known=None)\n"
        "print(door._child.process.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=60)
    pid = int(done.stdout)
    for _ in range(100):
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


def test_the_child_loads_no_django_and_gets_no_secrets(monkeypatch):
    done = subprocess.run(
        [sys.executable, "-c", "import sys, articles.markup.child; print('django' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "False"
    monkeypatch.setenv("SECRET_KEY", "not-for-the-child")
    door._stop()
    works()
    assert b"not-for-the-child" not in Path(f"/proc/{door._child.process.pid}/environ").read_bytes()


def test_memory_is_bounded_in_the_child():
    works()
    (line,) = [
        line
        for line in Path(f"/proc/{door._child.process.pid}/limits").read_text().splitlines()
        if line.startswith("Max address space")
    ]
    assert line.split()[3] == str(512 * 1024 * 1024)


def test_a_rendering_survives_the_pipe():
    import json

    rendering = render("## H\n\n[@a] é 😀\n\n::: patient\nx\n:::", lead="[@b]")
    assert rendering_from_json(json.loads(rendering_to_json(rendering))) == rendering


def test_trusted_marks_what_came_through_the_door():
    assert isinstance(door.trusted(render("x").texts[0].html), SafeString)


def test_all_real_articles_are_laid_out(shared_data: Path):
    from articles.markup.sanitise import sanitise

    paths = sorted(shared_data.glob("*/articles/*.md"))
    assert len(paths) == 1300
    for path in paths:
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        rendering = render(body)
        assert not [finding for finding in rendering.findings if finding.blocks], path.name
        assert len(rendering.cited) == 1, path.name
        assert rendering.texts[0].words > 3, path.name
        if path.name < "C":
            assert sanitise(rendering.texts[0].html) == rendering.texts[0].html


TERMS = (Term(7, 2, "hypertension", "high blood pressure", ("HTN",)), Term(9, 1, "AF", "an uneven pulse", ()))


def test_plain_readers_get_terms_explained_and_nobody_else():
    body = "## Hypertension\n\n::: professional\nHypertension [@a].\n:::\n::: plain\nHypertension [@a] is HTN.\n:::\n"
    found = render(body, lead="Hypertension.", plain_lead="Treat *hypertension*!", terms=TERMS)
    general, plain = (found.texts[found.text_of[reader]] for reader in ("general", "patient"))
    assert "gloss" not in general.html + found.lead
    assert '<h2 id="s-hypertension">Hypertension</h2>' in plain.html
    assert 'Hypertension <span class="gloss">(high blood pressure)</span><sup class="cites">' in plain.html
    assert plain.html.count("gloss") == 1
    assert "Hypertension (high blood pressure) is HTN." in plain.plain
    assert found.plain_lead == 'Treat <em>hypertension</em> <span class="gloss">(high blood pressure)</span>!'
    assert found.terms == dict.fromkeys(("plain_lead", "patient", "other"), (Use(7, "glossary"),))
    assert [heading.text for heading in plain.headings] == ["Hypertension"]


def test_a_shared_text_gets_a_copy_for_plain_readers_only_where_a_term_is_explained_in_it():
    alone = render("Hypertension.", terms=TERMS)
    assert {reader for reader, index in alone.text_of.items() if index} == {"patient", "other"}
    assert alone.texts[0] == render("Hypertension.").texts[0]
    assert not alone.has_plain
    for body in ("Nothing.", "Hypertension (high blood pressure).", "## HTN\n\nText."):
        assert set(render(body, terms=TERMS).text_of.values()) == {0}
    assert render("## HTN\n\nText.", terms=TERMS).terms["patient"] == (Use(7, "bare"),)


def test_the_same_terms_give_the_same_bytes_in_any_order():
    body = "Hypertension and AF; AF and HTN."
    assert render(body, terms=TERMS) == render(body, terms=TERMS[::-1])


def test_an_explanation_is_text():
    found = render("AF", terms=[Term(1, 1, "AF", "a <b>&amp;</b> [@key]", ())])
    assert '<span class="gloss">(a &lt;b&gt;&amp;amp;&lt;/b&gt; [@key])</span>' in found.texts[1].html
    assert found.cited == ()
