"""The shared library's rows: works, their identity, what is watched of them, and imports."""

from references.models.identity import Alias, Likeness, Merge, Relation
from references.models.imports import Import
from references.models.watch import Check, Event, Report
from references.models.works import DERIVED, Kind, Reference, Status, Type

__all__ = [
    "DERIVED",
    "Alias",
    "Check",
    "Event",
    "Import",
    "Kind",
    "Likeness",
    "Merge",
    "Reference",
    "Relation",
    "Report",
    "Status",
    "Type",
]
