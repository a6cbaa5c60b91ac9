"""Addresses of writing: the list, an article, its editor, what is kept, preview, history, submission.

`pk` is an article's.
"""

from __future__ import annotations

from django.urls import path

from desk.writing import editing, images, keeping, listing, overview, previewing, submitting, versions, word

urlpatterns = [
    path("articles/", listing.articles, name="articles"),
    path("articles/new/", editing.new, name="article_new"),
    path("articles/word/", word.word_import, name="word_import"),
    path("articles/word/<int:pk>/", word.word, name="word"),
    path("articles/<int:pk>/", overview.article, name="article"),
    path("articles/<int:pk>/edit/", editing.edit, name="article_edit"),
    path("articles/<int:pk>/history/", versions.history, name="history"),
    path("articles/<int:pk>/trail.json", versions.trail, name="trail"),
    path("articles/<int:pk>/compare/", versions.compare, name="compare"),
    path("articles/<int:pk>/restore/", versions.restore, name="restore"),
    path("articles/<int:pk>/submit/", submitting.submit, name="submit"),
    path("writing/keep/", keeping.keep, name="keep"),
    path("writing/kept/<slug:tab>/", keeping.kept, name="kept"),
    path("articles/<int:pk>/images/", images.images, name="images"),
    path("articles/<int:pk>/images/<int:image>/", images.image_edit, name="image_edit"),
    path("articles/<int:pk>/images/<int:image>/delete/", images.image_delete, name="image_delete"),
    path("preview/", previewing.preview, name="preview"),
]
