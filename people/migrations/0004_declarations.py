"""Declarations of interests, dated and by category."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_chief_editor")]

    operations = [
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("renew_by", models.DateField(help_text="The last day on which it is in date.")),
                (
                    "entries",
                    models.JSONField(
                        blank=True, default=list, help_text="[{category, text}]; empty: nothing to declare."
                    ),
                ),
                (
                    "sentence",
                    models.TextField(blank=True, help_text="What the public reads; empty: nothing to declare."),
                ),
                ("digest", models.CharField(help_text="SHA-256 of all of it: see people/interests.py.", max_length=64)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["renew_by", "person"], name="declaration_in_date")],
            },
        ),
    ]
