"""What goes on in open editors: texts that are not saved yet, and who has which article open.

Neither is a version, and neither makes anybody a contributor. Rows here end by themselves: see `articles.autosaves` and
`articles.presence`, which alone write them.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models.drafting import Article


class Autosave(models.Model):
    """What one opened editor held when it was last heard of: the form's fields, as they were typed.

    `tab` names the opened editor, so that two tabs of one person never overwrite each other. `number` rises with each
    text of a tab; an older one never replaces a newer one. A closed row (saved as a version, or discarded) holds no
    text and stays for a while, so that a late arrival does not bring an old text back.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="autosaves")
    article = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="autosaves",
        help_text="Null while a new answer was never saved.",
    )
    tab = models.CharField(max_length=32)
    base_version = models.PositiveIntegerField(help_text="The version that the text began from.")
    number = models.BigIntegerField()
    fields = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "tab"], name="autosave_once_for_a_tab"),
            models.CheckConstraint(
                name="autosave_closed_without_text", condition=models.Q(closed_at=None) | models.Q(fields={})
            ),
        ]
        indexes = [
            # The sweep asks for what is old.
            models.Index(fields=["saved_at"], name="autosave_by_age"),
        ]

    def __str__(self) -> str:
        return f"unsaved text of {self.person_id} from {self.saved_at:%Y-%m-%d %H:%M}"


class Presence(models.Model):
    """That a person has an article open in a tab; renewed every few seconds, and gone after some silence."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="presences")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    tab = models.CharField(max_length=32)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "person", "tab"], name="presence_once_for_a_tab"),
        ]
        indexes = [
            # The sweep asks for what is old.
            models.Index(fields=["seen_at"], name="presence_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has {self.article_id} open"
