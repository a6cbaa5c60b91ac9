"""What beat and the workers tell each other: when each line of the schedule was last sent, and last done."""

from __future__ import annotations

from django.db import models


class ScheduledTask(models.Model):
    """One line of the schedule (CELERY_BEAT_SCHEDULE). Times are the database's own, whatever the machines' clocks say.

    Whoever moves `sent_at` on may send the task: so several beats send each once (`config/beat.py`).
    """

    name = models.CharField(max_length=60, primary_key=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=200, blank=True, help_text="Host and process of the beat that sent it.")
    done_at = models.DateTimeField(null=True, blank=True, help_text="When a worker last did it to its end.")
    done_by = models.CharField(max_length=200, blank=True, help_text="The worker's name.")

    def __str__(self) -> str:
        return self.name
