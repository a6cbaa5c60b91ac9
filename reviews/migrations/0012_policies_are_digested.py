"""Fill in the digests of the policies that were written before they had one; their triggers step aside for it."""

from django.db import migrations

from articles.policies import digest_of
from reviews.protection import lifted


def fill(apps, schema_editor):
    policies = apps.get_model("articles", "ReviewPolicy").objects
    if not policies.exists():
        return
    with lifted(schema_editor.connection, ["articles_reviewpolicy"]):
        for row in policies.all():
            policies.filter(pk=row.pk).update(digest=digest_of(row))


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0011_verdict_beside_objection"),
        ("articles", "0024_policies_are_digested"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
