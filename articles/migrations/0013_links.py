"""What the drafts link to, and what each address last answered; with the links of the drafts that are there already."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q

from articles.checks.view import FIELDS
from articles.links import addresses_in


def fill(apps, schema_editor):
    article, link = apps.get_model("articles", "Article"), apps.get_model("articles", "Link")
    has_some = Q()
    for name in FIELDS:
        has_some |= Q(**{f"{name}__icontains": "http"})
    for row in article.objects.filter(has_some).only("pk", *FIELDS).order_by("pk").iterator(200):
        addresses = addresses_in({name: getattr(row, name) for name in FIELDS})
        link.objects.bulk_create(link(article_id=row.pk, address=address) for address in addresses)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_kinds_of_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=1000)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("answered", "answers"), ("gone", "does not answer"), ("failed", "could not check")],
                        help_text="Empty: never asked.",
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(blank=True, help_text="Of HTTP, where there was one.", null=True),
                ),
                (
                    "checked_at",
                    models.DateTimeField(blank=True, help_text="The last try, whatever came of it.", null=True),
                ),
                (
                    "failures",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="How often in a row it could not be checked."
                    ),
                ),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="link_check_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("address",), name="link_check_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", ""), ("checked_at__isnull", False), _connector="OR"),
                        name="link_check_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=1000)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="articles.article"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["address"], name="link_by_address")],
                "constraints": [models.UniqueConstraint(fields=("article", "address"), name="link_once_in_draft")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
