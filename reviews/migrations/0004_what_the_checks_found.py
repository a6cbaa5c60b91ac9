"""A review keeps what the checks found when its edition was submitted. Older ones have none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_re_review_again")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="report",
            field=models.JSONField(
                blank=True,
                help_text="What the checks found at submission (articles/checks/finding.py); null before there was one.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="justifications",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text=(
                    "Why it cites works that are flagged: {key, status, text}; and why other findings may stand: "
                    "{code, field, line, mark, text}. Its record stands in the transition."
                ),
            ),
        ),
    ]
