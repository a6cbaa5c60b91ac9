"""Where Celery looks for this app's tasks."""

from people.outbox import send_mail_due

__all__ = ["send_mail_due"]
