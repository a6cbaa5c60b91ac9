"""When an article should be ready."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_glossary_and_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="due_on",
            field=models.DateField(
                blank=True,
                help_text="When the text should be ready. No part of the source, and no version: see articles/due.py.",
                null=True,
                verbose_name="due on",
            ),
        ),
    ]
