"""Fixtures of the whole suite: the shared data, a small cast, and databases that can be emptied between tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.core.management.color import Style
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

from articles.models import Article
from people import interests
from people.models import Appointment, Role, User
from references.models import Reference
from reviews import protection

# Time is never a property: a busy machine makes no test fail.
settings.register_profile("imprimatur", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("imprimatur")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"
PASSWORD = "a long password for tests"


DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--where-the-database-matters",
        action="store_true",
        help="leave out tests that ask no database and tests of what a browser shows: for a second run on another one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --where-the-database-matters: keep the tests whose outcome another database can change."""
    if not config.getoption("--where-the-database-matters"):
        return

    def matters(item: pytest.Item) -> bool:
        asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        return bool(asks) and item.get_closest_marker("looks") is None

    config.hook.pytest_deselected(items=[item for item in items if not matters(item)])
    items[:] = [item for item in items if matters(item)]


def need(present: bool, what: str) -> None:
    """Skip with a plain word where something is absent; fail instead where REQUIRE_SERVICES=1."""
    if present:
        return
    if REQUIRE_SERVICES:
        pytest.fail(f"{what} is not here, and REQUIRE_SERVICES=1 asks for it.")
    pytest.skip(f"{what} is not here.")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real articles beside the repository; the test skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data folder is not here")
    return SHARED_DATA


@pytest.fixture(autouse=True, scope="session")
def _databases_can_be_flushed() -> Iterator[None]:
    """Transactional tests empty every table: the record's triggers step aside, and post_migrate lays them again."""
    handle = flush.Command.handle

    def without_triggers(self: flush.Command, **options: object) -> None:
        connection = connections[str(options["database"])]
        protection.remove(connection)
        handle(self, **options)
        protection.lay(connection)

    truncate = DatabaseOperations.sql_flush

    def delete(
        self: DatabaseOperations, style: Style, tables: Iterable[str], *, reset_sequences: bool = False, **options: bool
    ) -> list[str]:
        if reset_sequences:
            return truncate(self, style, tables, reset_sequences=True, **options)
        return [f"DELETE FROM {self.quote_name(table)}" for table in tables]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", without_triggers)
        # PostgreSQL makes a new file for each table that it truncates: a second for tables with a few rows.
        patch.setattr(DatabaseOperations, "sql_flush", delete)
        yield


def make_person(name: str, *roles: Role, declares: bool = True, **fields: object) -> User:
    """Make a person: `make_person("Ada", Role.AUTHOR)`. Who holds a role declared nothing, unless `declares=False`."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    for role in roles:
        Appointment.objects.create(user=user, role=role)
    if roles and declares:
        interests.declare(user, {})
    return user


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """`make_person`, where there is a database."""
    return make_person


@pytest.fixture
def author(person: Callable[..., User]) -> User:
    return person("Ada Author", Role.AUTHOR, credentials="MD")


@pytest.fixture
def member(person: Callable[..., User]) -> User:
    return person("Ben Board", Role.BOARD_MEMBER, credentials="MD, PhD", specialty="Cardiology")


@pytest.fixture
def second_member(person: Callable[..., User]) -> User:
    return person("Cora Council", Role.BOARD_MEMBER, credentials="PharmD", specialty="Pharmacy")


@pytest.fixture
def editor(person: Callable[..., User]) -> User:
    return person("Edda Editor", Role.EDITOR)


@pytest.fixture
def administrator(person: Callable[..., User]) -> User:
    return person("Adi Admin", Role.ADMINISTRATOR)


@pytest.fixture
def outsider(person: Callable[..., User]) -> User:
    """An account without any role."""
    return person("Otto Outsider")


@pytest.fixture
def works(db: None) -> list[Reference]:
    """Three works of the library: @alpha, @beta, @gamma."""
    return make_works()


def make_works() -> list[Reference]:
    return [
        Reference.objects.create(
            key=key,
            kind="randomised-trial",
            title=f"The {key} trial",
            authors=[{"family": "Alpha", "given": "Ann"}],
            container="Journal of Tests",
            year=2020 + number,
            doi=f"10.5555/{key}",
        )
        for number, key in enumerate(["alpha", "beta", "gamma"])
    ]


@pytest.fixture
def draft(author: User, works: list[Reference]) -> Article:
    """A saved article of the author's that may be submitted."""
    return make_draft(author)


def make_draft(author: User) -> Article:
    from articles import drafting

    article = Article(
        question="Does alpha help in beta?",
        plain_question="Does alpha help?",
        heading="Yes, a little",
        lead="Alpha helps a little [@alpha].",
        plain_lead="It helps a little.",
        body="## Evidence\n\nTwo trials agree [@beta; @alpha].\n\n::: plain\nTwo studies agree.\n:::\n",
        owner=author,
        byline=[drafting.byline_entry(name=author.name, credentials=author.credentials, user=author)],
    )
    return drafting.save(article, by=author, base_version=0, comment="First draft")
