"""`manage.py check_templates`: does every template of the project compile, and keep scripts and styles out of line?"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template import TemplateSyntaxError
from django.template.loader import get_template

# Linked data is no script: a browser runs nothing of that type.
SCRIPT = r'<script(?! type="application/ld\+json">)(?![^>]*\bsrc=)[^>]*>'
INLINE = re.compile(rf"<style\b|{SCRIPT}|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}")


class Command(BaseCommand):
    help = "Compile every template and refuse inline scripts and styles."

    def handle(self, *args: Any, **options: Any) -> None:
        root = settings.BASE_DIR / "templates"
        found = []
        paths = sorted([*root.rglob("*.html"), *root.rglob("*.txt")])
        for path in paths:
            name = str(path.relative_to(root))
            try:
                get_template(name)
            except TemplateSyntaxError as error:
                found.append(f"{name}: {error}")
            if path.suffix == ".html" and (match := INLINE.search(COMMENT.sub("", path.read_text()))):
                found.append(f"{name}: {match[0].strip()} is inline, which the content security policy forbids")
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise CommandError(f"{len(found)} of {len(paths)} templates are not right.")
        self.stdout.write(f"{len(paths)} templates compile, with no inline script or style.")
