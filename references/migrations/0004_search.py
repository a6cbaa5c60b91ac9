"""The words of each work in the form that the search index reads, and the index."""

from django.db import migrations

from references.searching import search_index
from references.searching.words import indexed

BATCH = 1000


def fill(apps, schema_editor):
    reference = apps.get_model("references", "Reference")
    rows = []
    for row in reference.objects.defer("abstract").order_by("pk").iterator(BATCH):
        names = [part for name in (*row.authors, *row.editors) for part in name.values()]
        numbers = [row.year, row.doi, row.pmid, row.pmcid, row.isbn, row.nct]
        row.search_text = indexed([row.key, row.title, *names, *(str(number) for number in numbers if number)])
        rows.append(row)
        if len(rows) == BATCH:
            reference.objects.bulk_update(rows, ["search_text"])
            rows = []
    reference.objects.bulk_update(rows, ["search_text"])


def lay(apps, schema_editor):
    search_index.lay(schema_editor.connection)


def remove(apps, schema_editor):
    search_index.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("references", "0003_blocks")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop), migrations.RunPython(lay, remove)]
