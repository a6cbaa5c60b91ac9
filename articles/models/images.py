"""Images: those that the draft of an article may show, and the bytes that editions froze."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.drafting import Article
from articles.models.editions import Edition


class Image(models.Model):
    """An image of an article, for its draft to show by its name: `![alternative text](image:name "caption")`.

    What stands in the text is what readers get; `alternative` and `caption` are what *Insert* writes there. `credit` is
    printed under the image wherever it stands. `data` is as `articles.images.encoding` wrote it: it can be deleted
    while no edition froze it, so that a picture taken in by mistake is gone.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="images")
    name = models.CharField(_("name"), max_length=60)
    alternative = models.CharField(_("alternative text"), max_length=500)
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(_("credit"), max_length=300, blank=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes")
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    data = models.BinaryField()
    original_name = models.CharField(max_length=200, blank=True, help_text="Of the uploaded file; never published.")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="images_uploaded")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["article", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "name"], name="image_name_once"),
            models.CheckConstraint(name="image_has_alternative", condition=~models.Q(alternative="")),
        ]
        indexes = [
            # The desk shows an image by its digest.
            models.Index(fields=["digest"], name="image_by_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.article_id}"


class ImageFile(models.Model):
    """The bytes of an image that an edition froze, stored once by their digest. Triggers refuse UPDATE and DELETE."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.BinaryField()

    def __str__(self) -> str:
        return self.digest


class EditionImage(models.Model):
    """That an edition shows an image: what serving one asks. Derived from its frozen bytes, like `Citation`."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="shown_images")
    file = models.ForeignKey(ImageFile, on_delete=models.PROTECT, related_name="shown_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "file"], name="edition_image_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} shows {self.file_id}"
