"""Addresses of the library: the list, one work, its form, an import, and the picker of the editor."""

from __future__ import annotations

from django.urls import path

from desk.library import again, bulk, citing, exporting, flagging, importing, lists, lookup, merging, views, work

urlpatterns = [
    path("library/", lists.library, name="library"),
    path("library/new/", lookup.new, name="reference_new"),
    path("library/import/", importing.library_import, name="library_import"),
    path("library/imports/<int:pk>/", importing.one, name="import"),
    path("library/imports/<int:pk>/progress/", importing.progress, name="import_progress"),
    path("library/export/", exporting.library_export, name="library_export"),
    path("library/kind/", bulk.works_kind, name="works_kind"),
    path("library/cite/", citing.cite, name="library_cite"),
    path("library/picker/", lists.picker, name="picker"),
    path("library/likely/", merging.likely, name="library_likely"),
    path("library/merge/<int:kept>/<int:gone>/", merging.merge_works, name="library_merge"),
    path("library/<int:pk>/", work.reference, name="reference"),
    path("library/<int:pk>/look-up/", again.look_up_again, name="reference_look_up"),
    path("library/<int:pk>/flag/", flagging.reference_flag, name="reference_flag"),
    path("library/flags/<int:pk>/dismiss/", flagging.flag_dismiss, name="flag_dismiss"),
    path("library/<int:pk>/edit/", views.edit, name="reference_edit"),
]
