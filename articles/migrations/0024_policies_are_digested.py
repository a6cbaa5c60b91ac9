from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0023_redacted_renewals"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewpolicy",
            name="digest",
            field=models.CharField(
                db_default="", default="", help_text="SHA-256 of all of it: see articles/policies.py.", max_length=64
            ),
        ),
    ]
