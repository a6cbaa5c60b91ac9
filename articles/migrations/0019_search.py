"""The search index in tables of our own, the same on both databases. The sweep fills it from the live editions."""

import django.db.models.deletion
from django.db import migrations, models


def drop_first_index(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(
        "DROP TABLE IF EXISTS articles_search" if sqlite else "DROP INDEX IF EXISTS articles_searchentry_vector"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0018_notices"),
    ]

    operations = [
        migrations.RunPython(drop_first_index, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SearchCount",
            fields=[
                ("word", models.BigIntegerField(primary_key=True, serialize=False)),
                ("answers", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchForm",
            fields=[
                ("form", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("word", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchNeighbour",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "form", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("form", models.CharField(db_index=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="SearchPosting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "word",
                        "impact",
                        "publication_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("word", models.BigIntegerField()),
                ("impact", models.SmallIntegerField()),
                (
                    "publication",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.publication",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="searchentry",
            name="folded",
            field=models.TextField(
                default="", help_text="All its words in order, folded, between spaces: for phrases."
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="indexer",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="By which version of the index it was written."
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="kind",
            field=models.CharField(
                blank=True, help_text="The slug of the kind of answer, where it has one.", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="passages",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["indexer"], name="search_entry_indexer"),
        ),
        migrations.AddIndex(
            model_name="searchposting",
            index=models.Index(fields=["publication", "word", "impact"], name="search_posting_by_answer"),
        ),
    ]
