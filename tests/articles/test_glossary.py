"""The glossary's rules: who changes it, what a term may hold, its versions, and the terms of a text."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from reversion.models import Version

from articles import glossary
from articles.models import Spelling, Term
from people.models import Kind, Message, Notification, User


@pytest.fixture
def term(editor: User) -> Term:
    return glossary.add(by=editor, term="hypertension", plain="high blood pressure", variants=["HTN", "high BP"])


def test_a_proposal_explains_nothing_until_an_editor_accepts_it(author: User, editor: User) -> None:
    row = glossary.propose(by=author, term=" Atrial  fibrillation ", plain="irregular heartbeat", note="In my text.")
    assert (row.term, row.state, row.version, glossary.version()) == ("Atrial fibrillation", "proposed", 1, 0)
    assert glossary.terms_in("atrial fibrillation") == (0, ())
    glossary.change(row, by=editor, base_version=1, accept=True, plain="an irregular heartbeat", variants=["AF"])
    version, (found,) = glossary.terms_in("two atrial fibrillations")
    assert (version, found.plain, found.version, found.spellings) == (1, "an irregular heartbeat", 2, ("AF",))
    row.refresh_from_db()
    assert (row.proposed_by, row.decided_by, row.state) == (author, editor, "in-force")


def test_whoever_proposed_a_term_is_told_what_became_of_it(author: User, editor: User) -> None:
    taken = glossary.propose(by=author, term="AF", plain="irregular heartbeat")
    refused = glossary.propose(by=author, term="stroke", plain="a clot in the brain")
    own = glossary.propose(by=editor, term="INR", plain="how thin the blood is")
    glossary.change(own, by=editor, base_version=1, accept=True)
    glossary.change(taken, by=editor, base_version=1, accept=True)
    glossary.change(taken, by=editor, base_version=2, plain="an irregular heartbeat")
    glossary.decline(refused, by=editor, base_version=1, answer="Everybody knows it.")
    news = Notification.objects.filter(kind=Kind.TERM).order_by("pk")
    assert [(one.person, one.sentence) for one in news] == [
        (author, "Edda Editor took the term “AF” that you proposed into the glossary."),
        (author, "Edda Editor declined the term “stroke” that you proposed for the glossary."),
    ]
    assert "Everybody knows it." in Message.objects.get(subject="Glossary: stroke").text


def test_only_editors_change_it(author: User, editor: User, term: Term) -> None:
    waiting = glossary.propose(by=author, term="AF", plain="irregular heartbeat")
    for act in (
        lambda: glossary.add(by=author, term="x", plain="y"),
        lambda: glossary.change(term, by=author, base_version=1, plain="no"),
        lambda: glossary.change(waiting, by=author, base_version=1, accept=True),
        lambda: glossary.decline(waiting, by=author, base_version=1, answer="no"),
        lambda: glossary.retire(term, by=author, base_version=1),
    ):
        with pytest.raises(glossary.Refused, match="Only an editor"):
            act()
    term.refresh_from_db()
    assert (term.plain, term.state, glossary.version()) == ("high blood pressure", "in-force", 1)


def test_each_change_is_a_version_with_who_and_why(editor: User, term: Term) -> None:
    glossary.change(term, by=editor, base_version=1, comment="Shorter", plain="raised blood pressure")
    newest, first = Version.objects.get_for_object(term).select_related("revision__user")
    assert (newest.revision.user, newest.revision.comment) == (editor, "Shorter")
    assert [one.field_dict["plain"] for one in (newest, first)] == ["raised blood pressure", "high blood pressure"]
    assert glossary.version() == 2


def test_a_change_of_an_older_version_is_refused(editor: User, term: Term) -> None:
    glossary.change(term, by=editor, base_version=1, plain="raised blood pressure")
    with pytest.raises(glossary.Conflict) as conflict:
        glossary.change(term, by=editor, base_version=1, plain="another")
    assert conflict.value.current.plain == "raised blood pressure"


def test_retired_and_taken_back(editor: User, term: Term) -> None:
    glossary.retire(term, by=editor, base_version=1, answer="Everybody knows it.")
    assert glossary.terms_in("hypertension") == (2, ())
    assert not Spelling.objects.exists()
    glossary.take_back(term, by=editor, base_version=2)
    assert [one.term for one in glossary.terms_in("hypertension")[1]] == ["hypertension"]
    with pytest.raises(glossary.Refused, match="in force"):
        glossary.take_back(term, by=editor, base_version=3)


def test_declined_with_a_reason(author: User, editor: User) -> None:
    row = glossary.propose(by=author, term="pain", plain="what hurts")
    with pytest.raises(ValidationError, match="why"):
        glossary.decline(row, by=editor, base_version=1, answer=" ")
    assert glossary.decline(row, by=editor, base_version=1, answer="Plain already.").state == "declined"
    assert glossary.version() == 0


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"term": "", "plain": "x"}, "term"),
        ({"term": "…", "plain": "x"}, "term"),
        ({"term": "x" * 121, "plain": "y"}, "term"),
        ({"term": "x", "plain": " "}, "plain"),
        ({"term": "Pain", "plain": "pain"}, "plain"),
        ({"term": "x", "plain": "y", "variants": ["-"]}, "variants"),
        ({"term": "x", "plain": "y", "variants": [f"v{n}" for n in range(41)]}, "variants"),
        ({"term": "High-BP", "plain": "y"}, "term"),
        ({"term": "pressure", "plain": "y", "variants": ["Hypertension"]}, "variants"),
    ],
)
def test_what_is_refused(editor: User, author: User, term: Term, words: dict, field: str) -> None:
    for act in (lambda: glossary.add(by=editor, **words), lambda: glossary.propose(by=author, **words)):
        with pytest.raises(ValidationError) as refused:
            act()
        assert list(refused.value.message_dict) == [field]
    assert Term.objects.count() == 1


def test_the_same_letters_as_abbreviation_and_word_are_two_terms(editor: User) -> None:
    glossary.add(by=editor, term="AIDS", plain="late HIV infection")
    glossary.add(by=editor, term="aids", plain="things that help")
    assert glossary.version() == 2


def test_a_proposal_waits_once(author: User, editor: User) -> None:
    glossary.propose(by=author, term="sepsis", plain="blood poisoning")
    with pytest.raises(ValidationError, match="proposed already"):
        glossary.propose(by=editor, term="Sepsis", plain="blood poisoning")


def test_looking_up_takes_four_queries(editor: User, term: Term, django_assert_num_queries) -> None:
    with django_assert_num_queries(4):
        glossary.terms_in("Hypertension " * 50, "HTN")
