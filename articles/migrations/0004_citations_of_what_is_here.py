"""Note what the drafts and editions that are there already cite."""

import json

from django.db import migrations

from articles.markup.citations import bracketed_keys
from references.identity import keys


def fill(apps, schema_editor):
    article, edition, citation = (apps.get_model("articles", name) for name in ("Article", "Edition", "Citation"))
    for row in article.objects.only("pk", "lead", "plain_lead", "body").order_by("pk").iterator(200):
        cited = {keys.normal(key) for key in bracketed_keys("\n".join([row.lead, row.plain_lead, row.body]))}
        citation.objects.bulk_create(
            citation(article_id=row.pk, key=key) for key in sorted(cited) if len(key) <= keys.LONGEST
        )
    for row in edition.objects.only("pk", "article_id", "frozen").order_by("pk").iterator(200):
        frozen = json.loads(bytes(row.frozen).partition(b"\n")[2])
        cited = dict.fromkeys(keys.normal(work["key"]) for work in frozen["references"])
        citation.objects.bulk_create(citation(article_id=row.article_id, edition_id=row.pk, key=key) for key in cited)


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_citations"), ("references", "0003_blocks")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
