"""The record in the admin, to look at: nothing is added, changed or deleted there."""

from __future__ import annotations

from django.contrib import admin

from articles.admin import ReadOnly
from reviews.models import Review, Transition, Verdict


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ("edition", "state", "submitted_at", "submitted_by", "decided_at")
    list_filter = ("state",)
    list_select_related = ("edition", "submitted_by")


@admin.register(Verdict)
class VerdictAdmin(ReadOnly):
    list_display = ("edition", "member", "kind", "at", "signature")
    list_filter = ("kind",)
    list_select_related = ("edition", "member")
    exclude = ("statement",)


@admin.register(Transition)
class TransitionAdmin(ReadOnly):
    list_display = ("number", "move", "edition", "from_state", "to_state", "by_name", "at", "via")
    list_filter = ("subject", "move", "via")
    list_select_related = ("edition",)
    ordering = ("-number",)
