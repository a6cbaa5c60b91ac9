"""The free words are gone: what the public reads is the sentence of the newest declaration."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0005_interests_become_declarations")]

    operations = [migrations.RemoveField(model_name="user", name="interests")]
