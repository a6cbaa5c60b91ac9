"""`python -m benchmarks.page_weight`: what a phone pays for the public pages, in real Chromium at 360 px.

The sample site is served by gunicorn on this machine; every page is opened in a fresh window with nothing cached. For
each: the largest paint and the shift of the layout as the browser reports them, what came over the wire, how much that
is unpacked, and how many requests it took. The aims are under 100 kB and no shift. Needs Chromium. Its database is its
own, beside the one of DATABASE_URL, dropped at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import scratch
from benchmarks.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Response

MOST_BYTES, MOST_SHIFT = 100_000, 0.0
PHONE = {"width": 360, "height": 640}
SETTLES = 400
"""Milliseconds after the load in which late shifts would come."""
WATCH = """
window.seen = { paint: 0, shift: 0 };
new PerformanceObserver((list) => {
    for (const one of list.getEntries()) window.seen.paint = one.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.seen.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });
"""
QUESTION = "I have pneumonia, how long do I have to take antibiotics, and is it safe to stop after five days?"


class Weight(NamedTuple):
    """One visit of a page: milliseconds, the layout's shift, bytes on the wire and unpacked, requests."""

    paint: float
    shift: float
    wire: int
    unpacked: int
    requests: int


def prepare() -> str:
    """Migrate and load the sample site; the slug of its longest public answer."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from articles.models import LivePage
    from config.sample_site import SampleSite

    SampleSite().load()
    pages = LivePage.objects.filter(audience="patient", http_status=200).exclude(path__contains="/")
    slug = max(pages, key=lambda page: len(page.body)).path
    connections.close_all()
    return slug


def visit(browser: Browser, origin: str, path: str) -> Weight:
    """Open a page in a window of its own; the address `ask` asks a question first and weighs what comes back."""
    context = browser.new_context(viewport=PHONE, base_url=origin, device_scale_factor=2, is_mobile=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    responses: list[Response] = []
    if path == "ask":
        page.goto("/ask/?for=patient")
        page.locator("#ask-question").fill(QUESTION)
        page.context.clear_cookies()
    page.on("response", lambda response: responses.append(response))
    if path == "ask":
        page.get_by_role("button", name="See what our answers say").click()
        page.wait_for_load_state("load")
    else:
        page.goto(path)
    page.wait_for_timeout(SETTLES)
    seen = page.evaluate("window.seen")
    sizes = [one.request.sizes() for one in responses]
    weight = Weight(
        paint=seen["paint"],
        shift=seen["shift"],
        wire=sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes),
        unpacked=sum(len(one.body()) for one in responses if one.status == 200),
        requests=len(responses),
    )
    context.close()
    return weight


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=5)
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if not chromium:
        print("This needs Chromium: install the Debian package chromium.", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    is_within = True
    with scratch.site():
        slug = prepare()
        process, port = serve("config.settings", dict(os.environ))
        pages: dict[str, Any] = {
            "home": "/",
            "answer": f"/answers/{slug}/",
            "answer, patient": f"/answers/{slug}/?for=patient",
            "search": "/search/?q=antibiotics",
            "topics": "/topics/",
            "asking": "/ask/",
            "what answers say": "ask",
        }
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
                visit(browser, f"http://127.0.0.1:{port}", "/")
                print(f"{'':20}{'largest paint':>15}{'shift':>8}{'kB sent':>10}{'kB unpacked':>13}{'requests':>10}")
                for name, path in pages.items():
                    weights = [visit(browser, f"http://127.0.0.1:{port}", path) for _turn in range(options.visits)]
                    paint = statistics.median(one.paint for one in weights)
                    shift = max(one.shift for one in weights)
                    wire = max(one.wire for one in weights)
                    unpacked, requests = weights[-1].unpacked, weights[-1].requests
                    print(
                        f"{name:20}{paint:12.0f} ms{shift:8.3f}{wire / 1000:10.1f}{unpacked / 1000:13.1f}{requests:10}"
                    )
                    is_within = is_within and wire <= MOST_BYTES and shift <= MOST_SHIFT
                browser.close()
        finally:
            process.terminate()
            process.wait()
    print("Every page is within the aims." if is_within else "A page is over the aims.")
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
