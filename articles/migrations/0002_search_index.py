"""The first search index: an FTS5 table on SQLite, a text search index on PostgreSQL. 0019_search replaces it."""

from django.db import migrations

CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS articles_search USING fts5(title, summary, text, words, "
    "content='articles_searchentry', content_rowid='publication_id', "
    'tokenize="porter unicode61 remove_diacritics 2")'
)
VECTOR = (
    "(setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B') || "
    "setweight(to_tsvector('english', words), 'B') || setweight(to_tsvector('english', text), 'D'))"
)
CREATE_POSTGRESQL = (
    f"CREATE INDEX IF NOT EXISTS articles_searchentry_vector ON articles_searchentry USING gin ({VECTOR})"
)


def create(apps, schema_editor):
    schema_editor.execute(CREATE_SQLITE if schema_editor.connection.vendor == "sqlite" else CREATE_POSTGRESQL)


def drop(apps, schema_editor):
    sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(
        "DROP TABLE IF EXISTS articles_search" if sqlite else "DROP INDEX IF EXISTS articles_searchentry_vector"
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
