"""Asking other services: one client, what it may ask, how often, and what can go wrong. Nothing about works."""
