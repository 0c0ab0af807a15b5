"""Settings of the portal, in the order of Django's documentation.

Machines differ by environment variables only; `.env.example` explains each.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("KIPP_VAR", default=str(BASE_DIR / "var")))

# Core ------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("KIPP_DEMO", default=False)
DEMO_PASSWORD = env.str("KIPP_DEMO_PASSWORD", default="inovasi-tegal-2022")
SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Put a long random value into the environment "
        "or into .env (see .env.example)."
    )
# Old keys, so that what they signed and enciphered can still be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
BASE_URL = env.str("KIPP_BASE_URL", default="http://127.0.0.1:8000")
SERVED_BY_TLS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "health_check",
    "import_export",
    "template_partials",
    "core",
    "notifications",
    "accounts",
    "documents",
    "innovations",
    "competitions",
    "submissions",
    "judging",
    "awards",
    "catalogue",
    "monitoring",
    "kipp_portal",
]

MIDDLEWARE = [
    "core.middleware.RequestTimeMiddleware",
    "accounts.middleware.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.PrivatePageMiddleware",
    "accounts.middleware.SignedInMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "kipp_portal.urls"
WSGI_APPLICATION = "kipp_portal.wsgi.application"
# Narrows a person to the body they act in, for apps below the one that knows bodies.
ACTING_AS = "accounts.acting.acting"
# Tells in which zone people live, to an app below the one that knows it.
ZONES_OF = "accounts.zones.zones_of"
FORM_RENDERER = "core.widgets.LeanRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.workspace",
            ],
        },
    }
]

# Database, cache, broker -----------------------------------------------------

DATABASES = {
    "default": env.db("DATABASE_URL", default="postgresql://kipp@127.0.0.1:5432/kipp")
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
# Nobody waits for long in front of a database that does not answer.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379")
# The portal works on, only slower, while Redis is away: see docs/decisions/0004.
CACHES = {
    "default": {
        "BACKEND": "core.caching.PortalCache",
        "LOCATION": f"{REDIS_URL}/1",
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "LOG_IGNORED_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
        },
    },
    # What guards the sign-in counts on while Redis is away: docs/decisions/0006.
    "limits": {
        "BACKEND": "core.caching.LimitsCache",
        "LOCATION": "accounts_signinlimit",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "kipp_session"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SECURE = SERVED_BY_TLS

CELERY_BROKER_URL = f"{REDIS_URL}/0"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "visibility_timeout": 600,
}
# A row tells what is to be done; a lost message costs a minute, not the work.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # KiB
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds}
    for name, seconds in [
        ("core.periodic.note_beat", 60.0),
        ("notifications.periodic.sweep_deliveries", 60.0),
        ("notifications.periodic.write_digests", 300.0),
        ("notifications.periodic.read_bounces", 300.0),
        ("documents.periodic.sweep_documents", 60.0),
        ("documents.periodic.sweep_files", 60.0),
        ("accounts.periodic.forget_kept_forms", 3600.0),
        ("awards.periodic.announce_awards", 60.0),
        ("awards.periodic.announce_feedback", 60.0),
        ("submissions.periodic.send_deadline_reminders", 300.0),
        ("submissions.periodic.check_links", 3600.0),
        ("submissions.periodic.tend_corrections", 300.0),
        ("submissions.periodic.tell_screening_results", 60.0),
        ("kipp_portal.periodic.sweep_exports", 60.0),
        ("kipp_portal.periodic.tend_data_requests", 900.0),
        ("kipp_portal.periodic.forget_what_is_due", 86_400.0),
        ("competitions.periodic.send_event_reminders", 300.0),
        ("monitoring.periodic.sweep_broadcasts", 30.0),
    ]
}

# Sign-in -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "request_login_code": "accounts.forms.sign_in.RequestLoginCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# An unknown address gets no mail: answering it would make us a relay of mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Windows of five minutes at most: "try again in 5 minutes" is always true. Many people
# may share the address of an office; a right password takes its try back.
ACCOUNT_RATE_LIMITS = {
    "login": "300/5m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "request_login_code": "30/5m/ip,5/5m/key",
    "reset_password": "30/5m/ip,5/5m/key",
    "reset_password_from_key": "30/5m/ip",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
    "change_email": "5/5m/user",
    "accept_invitation": "30/5m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("KIPP_TRUSTED_PROXIES", default=0)

MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Addresses come with the invitation; nobody can claim one that is not theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A code typed as it changes is still right; none is right twice (core.caching).
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "60/5m/ip"}
# Browsers offer passkeys over TLS, and on localhost for development.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SERVED_BY_TLS
PORTAL_NAME = "Portal KIPP"
PORTAL_HOST = urlsplit(BASE_URL).hostname or "localhost"
# Of secretariat and system admins; in the demonstration only if asked for.
SECOND_FACTOR_REQUIRED = not DEMO or env.bool("KIPP_DEMO_MFA", default=False)

IDLE_MINUTES = env.int("KIPP_IDLE_MINUTES", default=30)

# One provider of OpenID Connect, which opens accounts that exist.
SINGLE_SIGN_ON_ISSUER = env.str("KIPP_OIDC_ISSUER", default="")
SINGLE_SIGN_ON_NAME = env.str("KIPP_OIDC_NAME", default="") or "Single sign-on"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SingleSignOnAdapter"
# A link, not a form: the policy of the pages lets no form lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "single_sign_on": {
        "APPS": [
            {
                "client_id": env.str("KIPP_OIDC_CLIENT_ID", default=""),
                "secret": env.str("KIPP_OIDC_CLIENT_SECRET", default=""),
                "name": SINGLE_SIGN_ON_NAME,
                "settings": {"server_url": SINGLE_SIGN_ON_ISSUER},
            }
        ]
        if SINGLE_SIGN_ON_ISSUER
        else []
    }
}

# Language and time ---------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True

# Files ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"  # outside the web root: served by views that ask
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# ClamAV as host:port or the path of its socket, and what becomes of uploads without.
CLAMAV = env.str("KIPP_CLAMAV", default="")
CLAMAV_AWAY = env.str("KIPP_CLAMAV_AWAY", default="refuse")
if CLAMAV_AWAY not in {"refuse", "wait"}:
    raise ImproperlyConfigured("KIPP_CLAMAV_AWAY is either refuse or wait.")
# Whether the portal calls up the addresses that authors give as evidence.
LINK_CHECKS = env.bool("KIPP_LINK_CHECKS", default=False)

# Electronic signatures --------------------------------------------------------------

# Key files (PKCS#12): a folder for each government, named by its code. The demo makes
# specimens there.
SIGNING_KEYS_DIR = env.str(
    "KIPP_SIGNING_KEYS", default=str(VAR_DIR / "specimen-keys") if DEMO else ""
)
SIGNING_TIME_STAMP_URL = env.str("KIPP_TIME_STAMP_URL", default="")
# A certified service with the interface of BSrE's e-sign client.
# Seconds until a paper that somebody waits for is drawn without the worker.
PAPER_PATIENCE = 4.0
SIGNING_SERVICE_URL = env.str("KIPP_SIGNING_SERVICE_URL", default="")
SIGNING_SERVICE_USER = env.str("KIPP_SIGNING_SERVICE_USER", default="")
SIGNING_SERVICE_PASSWORD = env.str("KIPP_SIGNING_SERVICE_PASSWORD", default="")
# Certificates of those whose signatures are trusted.
SIGNING_ROOTS_DIR = env.str("KIPP_SIGNING_ROOTS", default="")

# Mail -----------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", default="smtp://127.0.0.1:8025"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Portal KIPP <portal@kipp.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_SINK_DIR = VAR_DIR / "mail"
# Where reports about mails that came back go, and the folder they are put into.
BOUNCE_ADDRESS = env.str("KIPP_BOUNCE_ADDRESS", default="")
BOUNCE_DIR = env.str("KIPP_BOUNCE_DIR", default="")
# The local hour at which the digest of the day is written.
DIGEST_HOUR = env.int("KIPP_DIGEST_HOUR", default=7)
if DIGEST_HOUR not in range(24):
    raise ImproperlyConfigured("KIPP_DIGEST_HOUR is an hour from 0 to 23.")

# WhatsApp -------------------------------------------------------------------------

# The gateway that takes messages; without an address none is sent that way.
WHATSAPP_GATEWAY = "notifications.channels.whatsapp.HttpGateway"
WHATSAPP_GATEWAY_URL = env.str("KIPP_WHATSAPP_URL", default="")
WHATSAPP_GATEWAY_TOKEN = env.str("KIPP_WHATSAPP_TOKEN", default="")
if WHATSAPP_GATEWAY_URL and not (
    WHATSAPP_GATEWAY_URL.startswith("https://")
    or urlsplit(WHATSAPP_GATEWAY_URL).hostname in {"127.0.0.1", "localhost"}
):
    raise ImproperlyConfigured(
        "KIPP_WHATSAPP_URL must begin with https://: it carries a token and texts."
    )

# Personal data ------------------------------------------------------------------

# How long sign-ins and looks at personal data are kept; the law asks for a year.
ACCESS_LOG_KEPT = timedelta(days=max(365, env.int("KIPP_ACCESS_LOG_DAYS", default=365)))

# Security -------------------------------------------------------------------------

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
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
CSRF_COOKIE_SECURE = SERVED_BY_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
CSRF_FAILURE_VIEW = "kipp_portal.views.csrf_failure"
SECURE_SSL_REDIRECT = SERVED_BY_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SERVED_BY_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_BY_TLS
SECURE_HSTS_PRELOAD = SERVED_BY_TLS
if SERVED_BY_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Libraries ------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
IMPORT_EXPORT_USE_TRANSACTIONS = True

# Logging ----------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        # That nobody vouches for a signer is told on the page, not in the log.
        "pyhanko": {"level": "ERROR"},
    },
}
