"""Editions and what is public in the admin, to look at: nothing is added, changed or deleted there."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from articles.models import Edition, Notice, Publication


class ReadOnly(admin.ModelAdmin):
    """Rows to look at, for staff; changing them is refused to everybody, superusers included."""

    actions = None
    show_full_result_count = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Edition)
class EditionAdmin(ReadOnly):
    list_display = ("question", "number", "digest", "created_at", "created_by")
    list_select_related = ("created_by",)
    ordering = ("-pk",)
    exclude = ("source", "frozen")


@admin.register(Publication)
class PublicationAdmin(ReadOnly):
    list_display = ("question", "standing", "edition", "published_at", "reviewed_at", "review_due_on")
    list_filter = ("standing",)
    list_select_related = ("edition",)


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("article", "kind", "at", "by")
    list_select_related = ("article", "by")
