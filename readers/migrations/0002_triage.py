import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import readers.models

DAYS = 180


def carry_over(apps, schema_editor):
    """Questions that were only seen wait for triage again; each gets the day on which personal details go."""
    questions = apps.get_model("readers", "FollowUpQuestion").objects
    questions.filter(state="seen").update(state="new")
    for row in questions.only("pk", "asked_at").order_by("pk").iterator(500):
        questions.filter(pk=row.pk).update(expires_on=(row.asked_at + datetime.timedelta(days=DAYS)).date())


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_word_documents"),
        ("readers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="followupquestion",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_answered",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="asked_back",
            field=models.TextField(blank=True, help_text="What the editor asked the reader."),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_drafted",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="readers.followupquestion",
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="erased_why",
            field=models.CharField(
                blank=True, choices=[("expired", "its date had come"), ("wish", "the reader wished so")], max_length=8
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="expires_on",
            field=models.DateField(
                default=readers.models.last_day, help_text="The last day on which personal details are kept."
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="note",
            field=models.TextField(blank=True, help_text="Why, for the desk."),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="reply",
            field=models.TextField(blank=True, help_text="What the reader answered to that."),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="told_at",
            field=models.DateTimeField(
                blank=True, help_text="When the reader was told of the answer, once.", null=True
            ),
        ),
        migrations.AddField(
            model_name="followupquestion",
            name="triaged_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions_triaged",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="followupquestion",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "new"),
                    ("asked-back", "asked back"),
                    ("draft", "being answered"),
                    ("answered", "answered"),
                    ("duplicate", "asked before"),
                    ("out-of-scope", "out of scope"),
                    ("closed", "closed"),
                ],
                default="new",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="followupquestion",
            name="text",
            field=models.TextField(blank=True, max_length=2000, verbose_name="your question"),
        ),
        migrations.AddIndex(
            model_name="followupquestion",
            index=models.Index(
                condition=models.Q(("erased_at", None)), fields=["expires_on"], name="question_to_erase"
            ),
        ),
        migrations.AddIndex(
            model_name="followupquestion",
            index=models.Index(condition=models.Q(("state", "draft")), fields=["draft"], name="question_to_tell"),
        ),
        migrations.AddConstraint(
            model_name="followupquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("state", "draft"), _negated=True), ("draft__isnull", False), _connector="OR"),
                    models.Q(
                        models.Q(("state", "answered"), _negated=True), ("answered_by__isnull", False), _connector="OR"
                    ),
                    models.Q(
                        models.Q(("state", "duplicate"), _negated=True),
                        ("duplicate_of__isnull", False),
                        _connector="OR",
                    ),
                ),
                name="question_state_has_its_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at", None),
                    models.Q(("email", ""), models.Q(("erased_why", ""), _negated=True)),
                    _connector="OR",
                ),
                name="question_erased_keeps_no_address",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
