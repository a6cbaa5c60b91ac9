"""The site's own settings with one bare view behind the middleware: what the answer page is held against."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
