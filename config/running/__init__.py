"""Watching the site run: request ids, logs, probes, metrics, and what manage.py doctor says."""
