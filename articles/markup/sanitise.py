"""The two locks on HTML: bleach, then nh3, with one list of what may stand in a text and with which value.

The lists name what our own rendering makes and nothing beyond; an author's raw HTML never gets here as markup. bleach
is no longer maintained (DESIGN, section 7), so nh3 has the last word, and its output is what is kept.
"""

from __future__ import annotations

import re
from html import unescape

import bleach
import nh3

from articles.markup.result import IMAGE_ADDRESS

ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {
        "href": re.compile(r"(?:https?://|mailto:|#)\S+"),
        "title": re.compile(r".*", re.DOTALL),
        "rel": re.compile("noopener"),
        "class": re.compile("cite"),
        "id": re.compile(r"cite-(?:lead-|plain-)?\d+-\d+"),
        "role": re.compile("doc-noteref"),
        "aria-label": re.compile(r"Reference \d+"),
    },
    "sup": {"class": re.compile("cites")},
    "span": {"class": re.compile("prefix|locator|cite-unknown|gloss|credit|image-unknown")},
    "img": {
        "src": IMAGE_ADDRESS,
        "alt": re.compile(r".*", re.DOTALL),
        "width": re.compile(r"\d{1,4}"),
        "height": re.compile(r"\d{1,4}"),
        "loading": re.compile("lazy"),
    },
    "th": {"class": re.compile("align-(?:left|right|center)"), "scope": re.compile("col")},
    "td": {"class": re.compile("align-(?:left|right|center)")},
    "ol": {"start": re.compile(r"\d{1,9}")},
    "h2": {"id": re.compile(r"s-[\w-]+")},
    "h3": {"id": re.compile(r"s-[\w-]+")},
    "h4": {"id": re.compile(r"s-[\w-]+")},
    "div": {
        "class": re.compile("table-scroll"),
        "role": re.compile("group"),
        "tabindex": re.compile("0"),
        "aria-label": re.compile(r"Table \d+"),
    },
}
INLINE_TAGS = {"a", "br", "code", "em", "span", "strong", "sup"}
TAGS = INLINE_TAGS | set(ATTRIBUTES) | {"blockquote", "dd", "dl", "dt", "figcaption", "figure", "hr", "li", "p", "pre"}
TAGS |= {"table", "tbody", "thead", "tr", "ul"}
SCHEMES = {"http", "https", "mailto"}

# Written without a scheme, with one of ours only: no control character, backslash, space or quote, nothing relative.
LINK = re.compile(r"(?:https?://[^\s/?#\\\"<>`]|mailto:[^\s/?#\\\"<>`@]+@[^\s/\\\"<>`@])[^\s\\\"<>`]*|#[\w:.-]+", re.I)

ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")


def safe_link(address: str) -> str | None:
    """Return the address as it may stand in a link (entities decoded, spaces encoded), or None where it may not."""
    address = ENTITY.sub(lambda match: unescape(match[0]), address).strip().replace(" ", "%20")
    return address if may_lead(address) else None


def may_lead(address: str) -> bool:
    return address.isprintable() and LINK.fullmatch(address) is not None


def allowed(tag: str, name: str, value: str) -> bool:
    """Whether a tag may have an attribute with just this value. Asked by both locks."""
    pattern = ATTRIBUTES.get(tag, {}).get(name)
    if pattern is None or not pattern.fullmatch(value):
        return False
    return name != "href" or may_lead(value)


def kept_value(tag: str, name: str, value: str) -> str | None:
    return value if allowed(tag, name, value) else None


FIRST_LOCK = bleach.Cleaner(tags=TAGS, attributes=allowed, protocols=SCHEMES, strip=False, strip_comments=True)
SECOND_LOCK = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    attribute_filter=kept_value,
    url_schemes=SCHEMES,
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """Return HTML with nothing in it but what `TAGS` and `ATTRIBUTES` name. Call it once, and keep the result."""
    return SECOND_LOCK.clean(FIRST_LOCK.clean(html)).strip()
