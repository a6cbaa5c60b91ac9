"""Writers that are killed, or whose database is, while they commit: the old state or the new, told of once."""

from __future__ import annotations

from tests.faults.conftest import GROUP, SOAK, Run

pytestmark = GROUP
ROUNDS = 100 if SOAK else 3
SAVES = 500 if SOAK else 15


def test_four_writers_on_sqlite_see_no_lock(on_sqlite: Run):
    told = on_sqlite("writers", 4, SAVES)
    assert (told["failed"], told["kept"], told["problems"]) == (0, 4 * SAVES, []), told["said"]
    assert "locked" not in told["said"]
    print({name: told[name] for name in ("kept", "seconds")})


def test_a_writer_on_sqlite_is_killed_in_commit(on_sqlite: Run):
    told = on_sqlite("killed", ROUNDS)
    assert (told["killed"], told["problems"]) == (ROUNDS, []), told["said"]
    print({name: told[name] for name in ("killed", "versions", "editions", "transitions")})


def test_a_writer_on_postgresql_is_killed_in_commit(on_postgresql: Run):
    told = on_postgresql("killed", ROUNDS)
    assert (told["killed"], told["problems"]) == (ROUNDS, []), told["said"]
    print({name: told[name] for name in ("killed", "versions", "editions", "transitions")})


def test_the_backend_of_postgresql_is_terminated_in_commit(on_postgresql: Run):
    told = on_postgresql("cut", ROUNDS)
    assert (told["cut"], told["failed"], told["problems"]) == (ROUNDS, 0, []), told["said"]
    print({name: told[name] for name in ("cut", "versions", "editions", "transitions")})
