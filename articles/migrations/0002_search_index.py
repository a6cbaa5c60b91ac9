"""The search index: an FTS5 table on SQLite, a text search index on PostgreSQL."""

from django.db import migrations

from articles.search import CREATE_POSTGRESQL, CREATE_SQLITE


def create(apps, schema_editor):
    schema_editor.execute(CREATE_SQLITE if schema_editor.connection.vendor == "sqlite" else CREATE_POSTGRESQL)


def drop(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute("DROP TABLE articles_search" if sqlite else "DROP INDEX articles_searchentry_vector")


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
