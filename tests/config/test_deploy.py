"""What an operator copies: units, Dockerfile and compose file name nothing that is not there, and no dead variable."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from config import settings as site
from tests.config.test_settings import ROOT

DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
READ = re.compile(r'env\.(?:text|flag|number|words|choice)\(\s*"([A-Z_]+)"')
OF_A_UNIT = {"QUEUES"}
"""Read by the unit itself."""
OF_PYTHON = {"PYTHONUNBUFFERED"}


def read_by_the_site() -> set[str]:
    """Every variable that settings and the web server's configuration ask for."""
    return {
        name for file in ("settings.py", "gunicorn.py") for name in READ.findall((ROOT / "config" / file).read_text())
    }


def of_env_file() -> set[str]:
    return set(re.findall(r"^([A-Z_]+)=", (DEPLOY / "imprimatur.env").read_text(), re.MULTILINE))


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def ours() -> Iterator[tuple[str, dict]]:
    return ((name, one) for name, one in compose()["services"].items() if one["image"] == "imprimatur")


def test_every_variable_is_one_that_the_site_reads():
    known = read_by_the_site()
    assert len(known) > 40
    assert of_env_file() <= known
    for _name, service in ours():
        assert set(service["environment"]) <= known
    dockerfile = re.findall(r"^ENV (.*)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert {name for line in dockerfile for name in re.findall(r"([A-Z_]+)=", line)} <= known | OF_PYTHON
    for unit in UNITS:
        assert set(re.findall(r"^Environment=([A-Z_]+)=", unit.read_text(), re.MULTILINE)) <= OF_A_UNIT


def test_the_manual_names_every_variable_and_no_other():
    manual = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(r"^\| (`[A-Z`_, ]+`) \|", manual, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"[A-Z_]+", row)}
    assert named == read_by_the_site()


def test_the_file_of_the_environment_lets_a_site_start(tmp_path: Path):
    from tests.config.test_settings import GOOD_KEY, start

    # As a shell reads it, which is how the manual has it read for commands.
    read = subprocess.run(
        ["env", "-i", "sh", "-c", f"set -ea; . {DEPLOY / 'imprimatur.env'}; env"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert read.stderr == ""
    given = dict(line.split("=", 1) for line in read.stdout.splitlines())
    assert given["DEFAULT_FROM_EMAIL"] == "Answers <answers@example.org>"
    done = start(tmp_path, **(given | {"SECRET_KEY": GOOD_KEY, "VAR_DIR": str(tmp_path)}))
    assert done.stdout.strip() == "False False True postgresql redis://127.0.0.1:6379/0", done.stderr
    # As it stands it does not: the key is to be put in.
    assert (
        "ImproperlyConfigured: SECRET_KEY"
        in start(tmp_path, **(given | {"SECRET_KEY": given["SECRET_KEY"][:20]})).stderr
    )


def test_compose_has_what_the_manual_says():
    services = compose()["services"]
    assert {name for name, _one in ours()} == {"setup", "web1", "web2", "worker1", "worker2", "beat", "backup"}
    assert services.keys() - {name for name, _one in ours()} == {"postgresql", "redis", "nginx"}
    for name, one in ours():
        words = one["command"].split()
        assert words[0] in {"gunicorn", "celery", "python", "sh"}, name
        for needed in one.get("depends_on", {}):
            assert needed in services
    # The line of the web server's file that is put otherwise is really there.
    [line] = re.findall(r"'s/(.*?)/", services["nginx"]["command"])
    assert line in (ROOT / "docs" / "nginx.conf").read_text()


def test_commands_name_commands_of_the_site():
    texts = [unit.read_text() for unit in UNITS] + [
        (DEPLOY / name).read_text() for name in ("compose.yaml", "Dockerfile")
    ]
    named = {name for text in texts for name in re.findall(r"manage\.py ([a-z_]+)", text)}
    from django.core.management import get_commands

    assert {"backup", "verify_record", "migrate"} <= named <= set(get_commands())


def test_queues_of_the_units_are_all_queues():
    [queues] = re.findall(
        r"^Environment=QUEUES=(.*)$", (DEPLOY / "systemd" / "imprimatur-worker@.service").read_text(), re.M
    )
    assert set(queues.split(",")) == set(site.QUEUES)


def test_the_copied_files_are_there():
    for line in re.findall(r"^COPY (.*) \./$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE):
        assert all((ROOT / name).is_file() for name in line.split())


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_unit(unit: Path, tmp_path: Path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here.")
    # Programs that are here stand for those that will be there.
    text = re.sub(r"/opt/imprimatur/\.venv/bin/\w+", "/bin/true", unit.read_text())
    file = tmp_path / unit.name.replace("@.", "@1.")
    file.write_text(text)
    if unit.suffix == ".timer":
        (tmp_path / unit.with_suffix(".service").name).write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    done = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
