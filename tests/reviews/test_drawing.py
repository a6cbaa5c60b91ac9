"""The diagram in the docs is what the rule table says."""

from django.core.management import call_command


def test_the_diagram_is_not_stale():
    call_command("draw_workflow", "--check")
