"""Who approved what is public, from what they signed, for answers that were made public before it was kept."""

from django.db import migrations


def fill(apps, schema_editor):
    """Name the members who approved the edition of each answer that is live, or an earlier one that stays readable."""
    database = schema_editor.connection.alias
    publications = apps.get_model("articles", "Publication").objects.using(database)
    transitions = apps.get_model("reviews", "Transition").objects.using(database)
    verdicts = apps.get_model("reviews", "Verdict").objects.using(database)
    public = transitions.filter(subject="publication", to_state__in=["live", "caution"])
    signed = (
        verdicts.filter(
            kind="approve",
            edition__review__state="approved",
            edition__in=public.values("edition"),
            edition__article__publication__isnull=False,
        )
        .values_list("edition__article__publication", "member")
        .order_by()
        .distinct()
    )
    through = publications.model.reviewed_by.through
    through.objects.using(database).bulk_create(
        (through(publication_id=publication, user_id=member) for publication, member in signed),
        ignore_conflicts=True,
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_reviewed_by"),
        ("reviews", "0005_rounds"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
