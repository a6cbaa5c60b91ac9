"""All settings, from the environment, with defaults that work on one machine.

Without DEBUG the site refuses to start on an unsafe value and says which one: see the end of this file.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from config import database, env
from config.running import sentry

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG")
SECRET_KEY = env.text("SECRET_KEY")
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]"}
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
"""The public address of the site: for links in mail, canonical links and citations."""
HTTPS = urlsplit(SITE_URL).scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SAMPLE_ACCOUNTS_MAY_SIGN_IN = DEBUG and all(host in LOCAL_HOSTS for host in ALLOWED_HOSTS)
"""Accounts of the sample content sign in only where every allowed host is this machine itself."""

INSTALLED_APPS = [
    "config",
    "desk",
    "reviews",
    "readers",
    "articles",
    "references",
    "people",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "reversion",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]

MIDDLEWARE = [
    "config.running.probes.Probes",
    "config.running.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.content_policy.ContentPolicy",
    "readers.caching.WithoutCookies",
    "readers.caching.UntilTheSecondEnds",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.typed.TypedText",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "desk.access.PolicyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.site.context",
                "desk.access.navigation",
            ],
            # Kept in memory under DEBUG as well, as Django itself does: the reloader forgets them when a file changes.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

# -- Data -----------------------------------------------------------------------------------------------------

DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'imprimatur.sqlite3'}")
DATABASES = {"default": database.configured(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# -- Work after commit ----------------------------------------------------------------------------------------

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or REDIS_URL or "filesystem://"
QUEUES = ("publishing", "mail", "watching", "search")
"""A worker takes from all of them unless it is started with some: `celery worker --queues mail,search`."""
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {
    "people.outbox.*": "mail",
    "references.*": "watching",
    "articles.links.*": "watching",
    "articles.search.*": "search",
}
CELERY_TASK_DEFAULT_QUEUE = "publishing"
CELERY_TASK_QUEUES = [Queue(name) for name in QUEUES]
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "reviews.tasks.sweep", "schedule": 20.0, "options": {"expires": 60}},
    "questions": {"task": "readers.tasks.sweep_questions", "schedule": 60.0, "options": {"expires": 55}},
    "duplicates": {"task": "references.identity.likeness.find_duplicates", "schedule": crontab(hour=2, minute=40)},
    "search": {"task": "articles.search.index.recount", "schedule": crontab(minute=25)},
    "links": {"task": "articles.links.check_links", "schedule": 120.0, "options": {"expires": 110}},
    "watch": {"task": "references.watching.rounds.watch_library", "schedule": 60.0, "options": {"expires": 55}},
}
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue = VAR_DIR / "queue"
    for _folder in (_queue, VAR_DIR / "queue-done", VAR_DIR / "queue-control"):
        _folder.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "processed_folder": str(VAR_DIR / "queue-done"),
        "control_folder": str(VAR_DIR / "queue-control"),
        "store_processed": False,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        # Of whoever sends: a worker that lost its broker goes on trying by settings of its own.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }

# -- People and sign-in ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sign_in.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "readers:home"
ACCOUNT_ADAPTER = "people.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Imprimatur"
SECOND_FACTOR_REQUIRED = env.flag("SECOND_FACTOR_REQUIRED", default=HTTPS and not DEBUG)
"""Whether the board, editors and administrators open the desk only with a second factor: they are led to set one up."""
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "desk.access.csrf_failure"
SESSION_COOKIE_SAMESITE = "Lax"

# -- Defence --------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS and env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)
"""How many proxies of our own stand before the web process: so many last entries of X-Forwarded-For are believed."""
PAGE_MEMO_MS = env.number("PAGE_MEMO_MS", 500)
"""Milliseconds for which a process keeps an answer's page that it was asked for; 0 asks the database each time."""
if not 0 <= PAGE_MEMO_MS <= 1000:
    raise ImproperlyConfigured("PAGE_MEMO_MS must lie between 0 and 1000: readers see a withdrawal that much later.")
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "desk.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# -- Asking other services ------------------------------------------------------------------------------------

LOOKUP_ENABLED = env.flag("LOOKUP_ENABLED", default=True)
"""Whether the site asks other hosts at all: look-up, watching and link checks."""
LOOKUP_EMAIL = env.text("LOOKUP_EMAIL")
"""Where the people of Crossref, NCBI and DataCite can reach us; with it Crossref answers from its polite pool."""
NCBI_API_KEY = env.text("NCBI_API_KEY")
CROSSREF_URL = env.text("CROSSREF_URL", "https://api.crossref.org").rstrip("/")
EUTILS_URL = env.text("EUTILS_URL", "https://eutils.ncbi.nlm.nih.gov/entrez/eutils").rstrip("/")
DATACITE_URL = env.text("DATACITE_URL", "https://api.datacite.org").rstrip("/")
LOOKUP_PRIVATE_HOSTS = env.words("LOOKUP_PRIVATE_HOSTS")
"""host:port of machines that may be asked although they are not on the public network: for tests and one machine."""

# -- Watching what is known against works ---------------------------------------------------------------------

WATCH_DAYS = env.number("WATCH_DAYS", 7)
"""How often each source is asked about each work."""
RETRACTION_WATCH_FILE = env.text("RETRACTION_WATCH_FILE")
"""Where the Retraction Watch CSV lies, if it is kept here; it is read again when it changes."""

# -- Readers' questions -----------------------------------------------------------------------------------------

QUESTION_DAYS = env.number("QUESTION_DAYS", 180)
"""For how many days a reader's address and personal details are kept with a question."""
QUESTION_READ_DAYS = env.number("QUESTION_READ_DAYS", 7)
"""Within how many days an editor reads what readers send: they are told so, and the desk marks what waits longer."""

# -- Language, time, files, mail ------------------------------------------------------------------------------

LANGUAGE_CODE = env.text("LANGUAGE_CODE", "en-gb")
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if env.text("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Imprimatur <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# -- Watching it run ------------------------------------------------------------------------------------------

METRICS_TOKEN = env.text("METRICS_TOKEN")
"""Who sends it as a bearer token reads /metrics and the details of /health/ready; without it neither is there."""
if METRICS_TOKEN:
    _cache = CACHES["default"]
    _cache["BACKEND"] = f"config.running.counted_cache.Counted{'Redis' if REDIS_URL else 'Memory'}"
BACKUP_DIR = env.text("BACKUP_DIR")
"""Where `manage.py backup` writes, and where `manage.py doctor` looks how old the newest copy is."""
BACKUP_HOURS = env.number("BACKUP_HOURS", 26)
"""How old the newest copy may be before the doctor complains."""
ANCHOR_FILE = env.text("ANCHOR_FILE")
"""A file to which the head of the record's chain is added; best one that only grows, on another machine's disk."""
ANCHOR_MAIL = env.words("ANCHOR_MAIL")
"""Addresses to which the head of the record's chain is mailed."""
ANCHOR_HOURS = env.number("ANCHOR_HOURS", 24)
"""How often that is done. A head that was kept is not kept again."""
if ANCHOR_HOURS < 1:
    raise ImproperlyConfigured("ANCHOR_HOURS must be 1 or more.")
if ANCHOR_FILE or ANCHOR_MAIL:
    CELERY_BEAT_SCHEDULE["anchor"] = {"task": "reviews.tasks.anchor_record", "schedule": ANCHOR_HOURS * 3600.0}
SLOW_QUERY_MS = env.number("SLOW_QUERY_MS", 500)
"""From how many milliseconds on a query is logged; 0 logs none."""
LOG_REQUESTS = env.flag("LOG_REQUESTS")
"""Whether each request is logged: its id, method, view, status and time."""
LOG_FORMAT = env.choice("LOG_FORMAT", "line", ("line", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"told": {"()": "config.running.logs.Told"}},
    "formatters": {"line": {"()": "config.running.logs.Lines"}, "json": {"()": "config.running.logs.Json"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["told"]}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {
        # It warns of the embedded broker's address, which rightly names no host.
        "kombu.connection": {"level": "ERROR"},
        # Django would write under DEBUG by a handler of its own, and mail errors otherwise.
        "django": {"handlers": [], "level": "INFO"},
        # It would write in a form of its own.
        "gunicorn.error": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
SENTRY_DSN = env.text("SENTRY_DSN")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", "production")

SILENCED_SYSTEM_CHECKS: list[str] = []

# -- Refusing to start on what is unsafe ----------------------------------------------------------------------


def _refuse_unsafe() -> None:
    """Raise ImproperlyConfigured, naming the variable, where a site that is not under DEBUG would be unsafe."""
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or weak: set it to 50 or more random characters, for example from "
            'python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
        )
    if not ALLOWED_HOSTS or any(host in {"*", ".", ""} for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS lets every host name in: list the host names of this site.")
    if not HTTPS and any(host not in LOCAL_HOSTS for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured(
            "SITE_URL is not an https:// address although ALLOWED_HOSTS names more than this machine: "
            "passwords would cross the network in the clear."
        )


if DEBUG:
    SECRET_KEY = SECRET_KEY or "django-insecure-for-this-machine-only"
else:
    _refuse_unsafe()

if SENTRY_DSN:
    sentry.start(SENTRY_DSN, SENTRY_ENVIRONMENT)
