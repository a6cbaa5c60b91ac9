"""The house: imports run down only, models import no rules, and safe HTML has one door."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BELOW: dict[str, set[str]] = {
    "people": set(),
    "references": {"people"},
    "articles": {"references", "people"},
    "reviews": {"articles", "references", "people"},
    "readers": {"articles", "references", "people"},
    "desk": {"reviews", "readers", "articles", "references", "people"},
    "config": {"desk", "reviews", "readers", "articles", "references", "people"},
}
"""What each app may import of ours, besides itself."""


def _imports(path: Path) -> set[str]:
    """Modules that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _files(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


@pytest.mark.parametrize("app", sorted(BELOW))
def test_imports_run_down_only(app: str):
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in _files(app)
        for module in _imports(path)
        if module.split(".")[0] in BELOW.keys() - BELOW[app] - {app}
    ]
    assert wrong == []


def test_every_app_stands_in_the_list():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps == set(BELOW)


RULES = ("workflow", "rules", "drafting", "freezing", "publishing", "composing", "checks", "statements", "library")


@pytest.mark.parametrize("app", sorted(BELOW))
def test_models_import_no_rules(app: str):
    models = [path for path in _files(app) if path.name == "models.py" or path.parent.name == "models"]
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in models
        for module in _imports(path)
        if module.split(".")[0] in BELOW and ".models" not in module and set(module.split(".")) & set(RULES)
    ]
    assert wrong == []


def test_no_module_import_circle():
    """Among our own modules, no import leads back to where it began (imports inside functions count too)."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for app in BELOW
        for path in _files(app)
        if "migrations" not in path.parts
    }
    graph = {
        name: {module for module in _imports(path) if module in names and module != name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for module in sorted(graph[name]):
            walk(module, (*trail, name))
        done.add(name)

    for name in sorted(graph):
        walk(name, ())


def test_safe_html_has_one_door():
    marks = re.compile(r"mark_safe|\|\s*safe\b|autoescape off|SafeString\(|SafeText|format_html_join\(\s*mark")
    found = {
        str(path.relative_to(ROOT))
        for folder in (*BELOW, "templates")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html"} and marks.search(path.read_text())
    }
    assert found == {"articles/markup/door.py"}


@pytest.mark.parametrize("app", sorted(BELOW))
def test_every_file_says_what_belongs_there(app: str):
    silent = [
        str(path.relative_to(ROOT))
        for path in _files(app)
        if "migrations" not in path.parts
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
