"""Which migrations may run under the code before them."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from config import upgrading
from config.upgrading import disturbing


@pytest.fixture
def state() -> ProjectState:
    made = ProjectState()
    operations.CreateModel(
        "Answer", [("id", models.BigAutoField(primary_key=True)), ("title", models.CharField(max_length=20))]
    ).state_forwards("texts", made)
    return made


HARMLESS = {
    "a table": operations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
    "a column that may be empty": operations.AddField("answer", "note", models.TextField(null=True)),
    "a column that the database fills": operations.AddField("answer", "note", models.TextField(db_default="")),
    "an index": operations.AddIndex("answer", models.Index(fields=["title"], name="by_title")),
    "words alone": operations.AlterField(
        "answer", "title", models.CharField("The title", max_length=20, help_text="x")
    ),
    "a table, apart from the state": operations.SeparateDatabaseAndState(
        database_operations=[operations.CreateModel("Third", [("id", models.BigAutoField(primary_key=True))])]
    ),
}
DISTURBING = {
    "a column that must be filled": operations.AddField("answer", "note", models.TextField(default="")),
    "a column that goes": operations.RemoveField("answer", "title"),
    "another name": operations.RenameField("answer", "title", "heading"),
    "a table that goes": operations.DeleteModel("Answer"),
    "a table of another name": operations.RenameModel("Answer", "Reply"),
    "another type": operations.AlterField("answer", "title", models.TextField()),
    "a constraint": operations.AddConstraint("answer", models.UniqueConstraint(fields=["title"], name="title_once")),
    "code of its own": operations.RunPython(operations.RunPython.noop),
    "statements": operations.RunSQL("SELECT 1"),
    "a column that goes, apart from the state": operations.SeparateDatabaseAndState(
        database_operations=[operations.RemoveField("answer", "title")]
    ),
}


@pytest.mark.parametrize("operation", HARMLESS.values(), ids=HARMLESS)
def test_harmless(operation: operations.base.Operation, state: ProjectState):
    assert disturbing(operation, "texts", state, connection) == []


@pytest.mark.parametrize("operation", DISTURBING.values(), ids=DISTURBING)
def test_disturbing(operation: operations.base.Operation, state: ProjectState):
    assert disturbing(operation, "texts", state, connection)


@pytest.mark.django_db
def test_with_none_there_is_nothing_to_stop_for(capsys: pytest.CaptureFixture[str]):
    call_command("plan_upgrade")
    assert "All migrations are applied." in capsys.readouterr().out


@pytest.mark.django_db
class TestPending:
    def pretend(self, monkeypatch: pytest.MonkeyPatch, *names: tuple[str, str]) -> None:
        """As if these were not applied."""
        applied = MigrationExecutor(connection).loader.applied_migrations

        def less(self: object) -> dict[tuple[str, str], object]:
            return {key: value for key, value in applied.items() if key not in names}

        monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", less)

    def test_a_new_table_disturbs_nobody(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self.pretend(monkeypatch, ("config", "0001_scheduled_tasks"))
        assert list(upgrading.pending(connection)) == [("config.0001_scheduled_tasks", [])]
        if connection.vendor == "postgresql":
            call_command("plan_upgrade")
            assert "The old code may go on serving." in capsys.readouterr().out
        else:
            with pytest.raises(SystemExit) as ended:
                call_command("plan_upgrade")
            assert ended.value.code == 1

    def test_a_column_that_goes_stops_the_site(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        self.pretend(monkeypatch, ("people", "0006_remove_user_interests"))
        with pytest.raises(SystemExit) as ended:
            call_command("plan_upgrade")
        assert ended.value.code == 1
        assert "people.0006_remove_user_interests: Remove field interests from user." in capsys.readouterr().out
