"""Markdown to safe HTML: parsed, numbered and sanitised in a rendering child. Callers use `door`, and nothing else."""
