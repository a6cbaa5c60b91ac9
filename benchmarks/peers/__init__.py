"""A site of Wagtail's and ours in one run: see `__main__`."""
