"""Fill the blocks of the works that are there already."""

from django.db import migrations

from references.identity import blocks

BATCH = 1000


def fill(apps, schema_editor):
    reference = apps.get_model("references", "Reference")
    rows = []
    for row in reference.objects.only("pk", "title", "authors", "year").order_by("pk").iterator(BATCH):
        row.title_block = blocks.of_title(row.title)
        row.author_block = blocks.of_author(row.authors, row.year)
        rows.append(row)
    reference.objects.bulk_update(rows, ["title_block", "author_block"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("references", "0002_shared_and_watched")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
