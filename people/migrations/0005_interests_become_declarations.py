"""What people wrote of their interests in free words becomes their first declaration, as they wrote it.

It was not asked for by category, so it is in date for thirty days: time enough to renew it, and no review stands still.
"""

import datetime

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from people.interests import digest_of

DAYS = datetime.timedelta(days=30)


def declare(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A declaration for each person who wrote something."""
    user, declaration = apps.get_model("people", "User"), apps.get_model("people", "Declaration")
    now = timezone.now()
    for person in user.objects.exclude(interests="").only("pk", "interests").order_by("pk"):
        text = " ".join(person.interests.split())
        if not text:
            continue
        sentence = text if text.endswith((".", "!", "?")) else text + "."
        row = declaration(
            person_id=person.pk,
            at=now,
            renew_by=timezone.localdate(now) + DAYS,
            entries=[{"category": "earlier", "text": text}],
            sentence=sentence,
        )
        row.digest = digest_of(row)
        row.save(force_insert=True)


def give_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The sentence of each person's newest declaration, in free words again."""
    user, declaration = apps.get_model("people", "User"), apps.get_model("people", "Declaration")
    for row in declaration.objects.order_by("at", "pk").iterator():
        user.objects.filter(pk=row.person_id).update(interests=row.sentence)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_declarations")]

    operations = [migrations.RunPython(declare, give_back)]
