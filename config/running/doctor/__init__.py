"""What is wrong with this installation, in sentences: `manage.py doctor`. Each finding says what to do."""

from config.running.doctor.examining import examine
from config.running.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]
