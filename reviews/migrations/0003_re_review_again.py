"""A closed re-review can be followed by another one: what was dismissed may be reported again, with another notice."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0002_re_reviews"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="rereview", name="re_review_once"),
        migrations.AddConstraint(
            model_name="rereview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)), fields=("edition", "event"), name="re_review_one_open"
            ),
        ),
    ]
