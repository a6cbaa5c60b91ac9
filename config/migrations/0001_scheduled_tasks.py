"""The table of scheduled tasks: see config/models.py. Code of before it neither reads nor writes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ScheduledTask",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("sent_at", models.DateTimeField()),
                (
                    "sent_by",
                    models.CharField(
                        blank=True, help_text="Host and process of the beat that sent it.", max_length=200
                    ),
                ),
                (
                    "done_at",
                    models.DateTimeField(blank=True, help_text="When a worker last did it to its end.", null=True),
                ),
                ("done_by", models.CharField(blank=True, help_text="The worker's name.", max_length=200)),
            ],
        ),
    ]
