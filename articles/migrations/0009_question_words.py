"""The words of questions, by which near-duplicates are found; noted for the articles that are there already."""

import django.db.models.deletion
from django.db import migrations, models

from articles.alike import words_of


def fill(apps, schema_editor):
    article, word = (apps.get_model("articles", name) for name in ("Article", "QuestionWord"))
    for row in article.objects.only("pk", "question").order_by("pk").iterator(500):
        word.objects.bulk_create(word(article_id=row.pk, word=each) for each in sorted(words_of(row.question)))


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_open_editors")]

    operations = [
        migrations.CreateModel(
            name="QuestionWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="question_words",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["word", "article"], name="question_by_word")],
                "constraints": [models.UniqueConstraint(fields=("article", "word"), name="question_word_once")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
