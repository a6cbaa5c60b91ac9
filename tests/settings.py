"""Settings of the suite: those of one machine, with cheap hashing, mail in memory and tasks run at once."""

import os
import tempfile

os.environ.setdefault("DEBUG", "0")
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
os.environ.setdefault("SITE_URL", "https://answers.example.org")
os.environ.setdefault("SECURE_SSL_REDIRECT", "0")
os.environ.setdefault("LOOKUP_ENABLED", "0")
os.environ.setdefault("SECOND_FACTOR_REQUIRED", "0")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="imprimatur-tests-"))

from config.settings import *  # noqa: E402, F403 - the suite changes a few of the site's settings below

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PAGE_MEMO_MS = 0
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
WHITENOISE_USE_FINDERS = True
# Looked for when it is asked for: otherwise each test client reads the whole folder of static files once.
WHITENOISE_AUTOREFRESH = True
