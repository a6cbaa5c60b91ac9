"""The workflow's diagram for the docs, drawn from the rule table."""

from __future__ import annotations

from people.models import Role
from reviews.models import State, Transition
from reviews.workflow import FOLLOWED_BY, MOVES, Move

NONE_NAME = {Transition.Subject.REVIEW: "draft", Transition.Subject.PUBLICATION: "never public"}

HEAD = """# The workflow

Drawn from the rule table, `reviews/workflow/table.py`, by `python manage.py draw_workflow`. A test compares.

An edition has a review state; an answer has a standing towards the public. Each arrow is a move of the table.
"""


def document() -> str:
    """The whole page in Markdown: two Mermaid diagrams and the table of moves."""
    parts = [HEAD, "## The review of an edition\n", _diagram(Transition.Subject.REVIEW)]
    parts += ["## The standing of an answer\n", _diagram(Transition.Subject.PUBLICATION)]
    parts += ["## The moves\n", _table()]
    return "\n".join(parts)


def _diagram(subject: str) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for move in MOVES.values():
        if move.subject != subject:
            continue
        for source in sorted(move.sources):
            target = move.target or source
            lines.append(f"    {_node(source, subject)} --> {_node(target, subject)}: {move.name}")
    lines.append("```\n")
    return "\n".join(lines)


def _node(state: str, subject: str) -> str:
    return (state or NONE_NAME[Transition.Subject(subject)]).replace(" ", "_")


def _table() -> str:
    lines = ["| move | from | to | who | conditions | with |", "|---|---|---|---|---|---|"]
    for move in MOVES.values():
        lines.append("| " + " | ".join(_cells(move)) + " |")
    return "\n".join(lines) + "\n"


def _cells(move: Move) -> list[str]:
    names = {role.value: str(role.label) for role in Role}
    follows = [name for name, following in FOLLOWED_BY.items() if following == move.name]
    who = ", ".join(names[role] for role in sorted(move.roles)) or (
        f"follows {', '.join(follows)}" if follows else "follows a verdict"
    )
    asked = [word for word, there in (("reason", move.needs_reason), ("signature", move.is_signed)) if there]
    sources = (_name(state, move) for state in sorted(move.sources))
    return [
        f"`{move.name}`",
        ", ".join(sources),
        _name(move.target, move) if move.target else "(unchanged)",
        who,
        ", ".join(condition.__name__.replace("_", " ") for condition in move.conditions),
        ", ".join(asked),
    ]


def _name(state: str, move: Move) -> str:
    if not state:
        return NONE_NAME[Transition.Subject(move.subject)]
    return str(State(state).label) if move.subject == Transition.Subject.REVIEW else state
