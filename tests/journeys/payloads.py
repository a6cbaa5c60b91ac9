"""Texts that try to run a script, made from the grammar of such attempts: element × handler × writing × surroundings.

Each calls `ran(number)`, which tests/journeys/test_nothing_runs.py listens for. What is combined is what HTML offers:
elements that load or can be acted on, handlers that need nobody's hand, addresses that are scripts, ways to write a
character, places of a page to break out of, and what Markdown itself makes of an address.
"""

from __future__ import annotations

from collections.abc import Iterator

ELEMENTS = {
    "img src=x": ("onerror", "onload", "onloadstart", "onmouseover"),
    "img src=/favicon.ico": ("onload", "onerror"),
    "svg": ("onload", "onbegin", "onfocusin"),
    "svg><animate attributeName=x dur=1s": ("onbegin", "onend", "onrepeat"),
    "svg><set attributeName=x": ("onbegin", "onend"),
    "math><mtext><img src=x": ("onerror", "onload"),
    "video><source": ("onerror",),
    "video src=x": ("onerror", "onloadstart"),
    "audio src=x": ("onerror", "onloadstart"),
    "body": ("onload", "onpageshow", "onfocus", "onhashchange"),
    "iframe": ("onload", "onfocus"),
    "embed src=/": ("onload",),
    "object data=/": ("onload", "onerror"),
    "input autofocus": ("onfocus", "oninput", "onblur"),
    "textarea autofocus": ("onfocus",),
    "select autofocus": ("onfocus",),
    "button autofocus": ("onfocus", "onclick"),
    "a href=# autofocus": ("onfocus", "onclick", "onmouseover"),
    "details open": ("ontoggle",),
    "dialog open tabindex=1 autofocus": ("onfocus", "onclose"),
    "marquee": ("onstart", "onfinish"),
    "link rel=stylesheet href=/static/css/base.css": ("onload", "onerror"),
    "style": ("onload",),
    "script src=/static/js/page.js": ("onload", "onerror"),
    "p contenteditable autofocus": ("onfocus", "onfocusin"),
    "div style=animation-name:x": ("onanimationstart", "ontransitionend", "onscroll"),
    "form><input type=submit": ("onclick",),
    "isindex": ("onfocus",),
    "x-element tabindex=1 autofocus": ("onfocus", "onfocusin"),
}
SCHEMES = (
    "javascript:{}",
    "JaVaScRiPt:{}",
    "java\tscript:{}",
    "java\nscript:{}",
    "\x01javascript:{}",
    " javascript:{}",
    "javascript&colon;{}",
    "&#106;avascript:{}",
    "&#x6a&#x61vascript:{}",
    "&#0000106avascript:{}",
    "java&Tab;script:{}",
    "java&NewLine;script:{}",
    "javascript://x%0a{}",
    "vbscript:{}",
    "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5yYW4oMCk8L3NjcmlwdD4=",
    "data:image/svg+xml,<svg onload={}>",
    "feed:javascript:{}",
    "view-source:javascript:{}",
    "blob:javascript:{}",
    "\u200bjavascript:{}",
    "javascript\u00ad:{}",
    "&#8;javascript:{}",
    "javascript:/*x*/{}",
)
CARRIERS = (
    '<a href="{}" autofocus>x</a>',
    "<a href='{}'>x</a>",
    "<iframe src='{}'></iframe>",
    "<form action='{}'><input type=submit></form>",
    "<button formaction='{}'>x</button>",
    "<svg><a xlink:href='{}'><text y=9>x</text></a></svg>",
    "<math href='{}'>x</math>",
    "<object data='{}'></object>",
    "<embed src='{}'>",
    "<base href='{}'>",
    "<meta http-equiv=refresh content='0;url={}'>",
    "<img src='{}'>",
    "<area href='{}' shape=default>",
    "[x]({})",
    "[x](<{}>)",
    '[x]({} "title")',
    "![x]({})",
    "<{}>",
    "[x]: {}\n\n[x]",
    "[x][y]\n\n[y]: <{}> 'z'",
    "https://example.org/{}",
)
HANDLERS = (
    "<{} {}={}>",
    "<{} {}='{}'>",
    '<{} {}="{}">',
    "<{} {} = {} //",
    "<{}/{}={}//>",
    "<{}\x0c{}={}>",
    "<{}\n{}\n=\n{}>",
    "<<{} {}={}>>",
    "&lt;{} {}={}&gt;",
    "&#60;{} {}={}&#62;",
    "\\<{} {}={}\\>",
    "%3C{}%20{}={}%3E",
    "\uff1c{} {}={}\uff1e",
    "<{} x='>' {}={}>",
    "<{} a=`x` {}={}",
    "<!--><{} {}={}>-->",
    "<![CDATA[<{} {}={}>]]>",
)
BREAKS = (
    "",
    '">',
    "'>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</script>",
    "</style>",
    "</noscript>",
    "</template>",
    "</select>",
    '" autofocus x="',
    "{{ '",
    "${",
    "`",
    "\x00",
    "</option></datalist>",
)
WHOLE = (
    "<script>{}</script>",
    "<SCRIPT>{}</SCRIPT>",
    "<script/x>{}</script>",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<script\x0c>{}</script>",
    "<script src=data:,{}></script>",
    "<svg><script>{}</script></svg>",
    "<svg><script href=data:,{} />",
    "<math><mi//xlink:href='data:x,<script>{}</script>'>",
    "<noscript><p title='</noscript><img src=x onerror={}>'>",
    "<svg></p><style><a id='</style><img src=x onerror={}>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={}&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={}>",
    "<svg><style><img src=x onerror={}></style></svg>",
    "<template><script>{}</script></template>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>",
    "<iframe srcdoc='&lt;img src=x onerror=parent.{}&gt;'></iframe>",
    "<style>@import 'data:text/css,*{{}}';</style><img src=x onerror={}>",
    "<xss style='behavior:url(#default#time2)' onbegin={}>",
    "<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{}</x:script>",
    "<!ENTITY x '<script>{}</script>'>&x;",
    "<img srcset='x 1x' src onerror={}>",
    "<input type=image src=x onerror={}>",
    "<link rel=import href=data:text/html,<script>{}</script>>",
    "<object><param name=src value=javascript:{}></object>",
    "<table background=javascript:{}>",
    "<div style=background:url(javascript:{})>",
    "<div style=width:expression({})>",
    "<svg><use href='data:image/svg+xml,<svg id=x><image href=1 onerror={} /></svg>#x'>",
    "<svg><foreignObject><iframe onload={}></foreignObject></svg>",
    "<div data-x='</div><img src=x onerror={}>'>",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
    "::: plain\n<img src=x onerror={}>\n:::",
    "| a | <img src=x onerror={}> |\n|---|---|\n| `<img src=x onerror={}>` | b |",
    "## <img src=x onerror={}>",
    "- <img src=x onerror={}>\n    - <script>{}</script>",
    "```html\n<script>{}</script>\n```",
    '``` "><img src=x onerror={}>\ncode\n```',
    "`<img src=x onerror={}>`",
    "**<img src=x onerror={}>**",
    "[<img src=x onerror={}>](https://example.org)",
    "[x](https://example.org '\"><img src=x onerror={}>')",
    '<https://example.org/"onmouseover={}>',
    '<x@example.org"onfocus={} autofocus>',
    "x[@alpha, p. <img src=x onerror={}>]",
)


def payloads() -> list[str]:
    """All of them, each once, with its own number."""
    made = dict.fromkeys(_made())
    return [text.replace("ran(0)", f"ran({number})") for number, text in enumerate(made)]


def _made() -> Iterator[str]:
    call = "ran(0)"
    for whole in WHOLE:
        for before in BREAKS:
            yield before + whole.replace("{}", call).replace("{{", "{").replace("}}", "}")
    for carrier in CARRIERS:
        for scheme in SCHEMES:
            yield carrier.replace("{}", scheme.replace("{}", call))
    for element, handlers in ELEMENTS.items():
        for handler in handlers:
            for writing in HANDLERS:
                yield writing.format(element, handler, call)
            for before in BREAKS[1:]:
                yield f"{before}<{element} {handler}={call}>"


def some(count: int) -> list[str]:
    """So many of them, from everywhere in the list, always the same; all where they are fewer."""
    every = payloads()
    step = max(1, len(every) // count)
    return every[::step]
