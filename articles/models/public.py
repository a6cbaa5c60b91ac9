"""What the public may see: the standing of each answer, its finished pages and its notices.

Rows here follow the moves of `reviews/workflow`; nothing else writes a standing.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from articles.models.drafting import Article, Topic
from articles.models.editions import Edition


class Standing(models.TextChoices):
    """How an answer stands towards the public. An answer that never was public has no row."""

    LIVE = "live", _("live")
    CAUTION = "caution", _("live with caution")
    LEFT = "left", _("left the public")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublicationQuerySet(models.QuerySet["Publication"]):
    """The only door from public pages to answers."""

    def readable(self) -> PublicationQuerySet:
        """Answers whose text the public may read: live, live with caution, or withdrawn and marked so."""
        return self.filter(standing__in=[Standing.LIVE, Standing.CAUTION, Standing.WITHDRAWN])

    def known(self) -> PublicationQuerySet:
        """Answers that are or once were public: of one that left, readers are told what happened and nothing else."""
        return self.all()

    def listed(self) -> PublicationQuerySet:
        """Answers that lists and search may name: the retracted among them only with their mark."""
        return self.filter(standing__in=[Standing.LIVE, Standing.CAUTION])

    def offered(self) -> PublicationQuerySet:
        """Answers that a page may put before a reader who did not ask for them: never a retracted one."""
        return self.listed().filter(is_retracted=False)

    def told(self) -> PublicationQuerySet:
        """Approved and live: for feeds, which tell of a retraction and mark it."""
        return self.filter(standing=Standing.LIVE)

    def indexable(self) -> PublicationQuerySet:
        """Approved, live and not retracted: for the sitemap and search engines."""
        return self.told().filter(is_retracted=False)


class Publication(models.Model):
    """The standing of one answer, with copies of what lists need from its public edition.

    `statement` is the review statement, handed down as plain data (see `articles/statements.py`).
    """

    article = models.OneToOneField(Article, on_delete=models.PROTECT, related_name="publication")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="publications")
    standing = models.CharField(max_length=12, choices=Standing.choices)
    slug = models.SlugField(max_length=120, unique=True)
    statement = models.JSONField()
    question = models.CharField(max_length=300)
    plain_question = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    plain_summary = models.TextField(blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="publications")
    reviewed_by = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="answers_reviewed",
        help_text="Whose signed approval stands under a public edition, as the statement says.",
    )
    change_note = models.TextField(blank=True, help_text="What this edition changed, in a sentence for readers.")
    first_published_at = models.DateTimeField()
    published_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    review_reminder_on = models.DateField(
        null=True, blank=True, help_text="The next day on which owner and editors are reminded of the review."
    )
    is_overdue = models.BooleanField(default=False, help_text="Its pages say that the next review is overdue.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    explanation = models.TextField(blank=True)
    is_retracted = models.BooleanField(default=False, help_text="A retraction stands against its public edition.")
    is_sample = models.BooleanField(default=False)
    pages_due = models.BooleanField(default=False, help_text="Its live pages have to be composed again.")
    related_due = models.BooleanField(
        default=True, help_text="It changed, so the related answers have to be looked at."
    )
    composer = models.CharField(
        max_length=64, db_index=True, help_text="With which templates and site texts its pages were made."
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            # Lists are read in their order, so that none is sorted whole: few of its rows are not to be listed.
            # Home and feeds: newest first.
            models.Index(fields=["-published_at", "-id"], name="publication_newest_first"),
            # Home: recently reviewed. And how many there are of a standing.
            models.Index(fields=["standing", "-reviewed_at", "-id"], name="publication_by_review"),
            # The list from A to Z.
            models.Index(Lower("question"), "id", name="publication_a_to_z"),
            # The sweep asks whom to remind of a review.
            models.Index(fields=["review_reminder_on"], name="publication_to_remind", condition=Q(standing="live")),
            # The desk's list of reviews that are due.
            models.Index(fields=["review_due_on"], name="publication_review_due", condition=Q(standing="live")),
            # The sweep asks for pages that are due.
            models.Index(fields=["id"], name="publication_pages_due", condition=Q(pages_due=True)),
            # The sweep asks for answers that changed, to relate others to them.
            models.Index(fields=["id"], name="publication_related_due", condition=Q(related_due=True)),
            # Home: recently changed.
            models.Index(
                fields=["-published_at", "-id"],
                name="publication_changed_first",
                condition=Q(published_at__gt=F("first_published_at")),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="publication_withdrawn_says_why",
                condition=~Q(standing="withdrawn") | (Q(withdrawn_at__isnull=False) & ~Q(explanation="")),
            ),
            models.CheckConstraint(
                name="publication_live_is_reviewed",
                condition=~Q(standing="live") | Q(reviewed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_caution_is_not_reviewed",
                condition=~Q(standing="caution") | Q(reviewed_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_standing_display()}"


class Related(models.Model):
    """That the page of one answer names another as related, and at which place.

    Derived by `articles/related.py` alone, from live editions, and can be made again at any time.
    """

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="named_by")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "other"], name="related_once"),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id}: {self.other_id}"


class FormerSlug(models.Model):
    """A slug that a public answer once had: it redirects for ever and is never given to another answer."""

    slug = models.SlugField(max_length=120, primary_key=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="former_slugs")

    def __str__(self) -> str:
        return self.slug


class LivePage(models.Model):
    """A finished page: compressed bytes for one address and one audience, made by the write that changed it.

    `path` is what follows /answers/: "slug" for the live page, "slug/editions/3" for an edition's permanent address.
    """

    path = models.CharField(max_length=160)
    audience = models.CharField(max_length=12, blank=True)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="live_pages")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="live_pages")
    http_status = models.PositiveSmallIntegerField(default=200)
    noindex = models.BooleanField()
    body = models.BinaryField(help_text="gzip of the page in UTF-8")
    etag = models.CharField(max_length=64)
    composed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["path", "audience"], name="live_page_one_per_address"),
        ]

    def __str__(self) -> str:
        return f"{self.path} for {self.audience or 'everyone'}"


class NoticeKind(models.TextChoices):
    MINOR = "minor", _("Minor correction")
    CORRECTION = "correction", _("Major correction")
    CONCERN = "concern", _("Expression of concern")
    RETRACTION = "retraction", _("Retraction")


class Notice(models.Model):
    """A correction, retraction or expression of concern on a published answer. Never removed with it.

    `edition` was the public one when it was made. Of a correction that a newer edition brings, `corrects` is the
    earlier edition with the mistake.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="notices")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    corrects = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="notices_after")
    text = models.TextField()
    reason = models.TextField(blank=True)
    asked_by = models.CharField(max_length=200, blank=True, help_text="Who asked for it, in words for readers.")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices_made")

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
