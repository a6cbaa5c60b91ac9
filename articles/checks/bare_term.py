"""Terms of the glossary that the plain text leaves bare: they stand only where nothing is put in, as in headings.

The first mention elsewhere is explained when the edition is frozen; see articles/markup/glossary.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.checks.finding import Finding
from articles.checks.view import View
from articles.markup.glossary import BARE, Matcher


def check(view: View) -> Iterator[Finding]:
    uses = view.rendering.terms.values() if view.rendering else ()
    bare = {use.id for of_text in uses for use in of_text if use.how == BARE}
    matcher = Matcher(term for term in view.terms if term.id in bare)
    for block in view.meant_plain if bare else ():
        for mention in matcher.find(block.masked.replace("\x00", " ")):
            if mention.term.id in bare:
                bare.discard(mention.term.id)
                message = _("The plain text leaves “%(term)s” bare, which the glossary explains as “%(plain)s”.")
                filled = message % {"term": mention.term.term, "plain": mention.term.plain}
                yield block.warns("bare-term", filled, (mention.start, mention.end))
