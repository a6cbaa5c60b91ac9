"""Settings of the processes that the faults are tried on: those of a real site, with cheap hashing and plain styles."""

from config.settings import *  # noqa: F403 - as the site runs

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405

# Shorter than in a site, so that what was lost is picked up while a test waits.
CELERY_BEAT_SCHEDULE["sweep"]["schedule"] = 2.0  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"  # noqa: F405
