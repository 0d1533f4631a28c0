"""Settings, read from the environment; `gandeng check --deploy` names every unsafe choice (docs/operations.md)."""

from pathlib import Path

from django.utils.csp import CSP
from environs import env, validate

ROOT = Path(__file__).parent


def _file(name: str) -> Path | None:
    """A file an office may leave out, by leaving the line out or empty."""
    told = env.str(name, default="")
    return Path(told) if told else None


DEMO = env.bool("GANDENG_DEMO", default=False)
"""The try-out: invented people, sign-in by one click, keys in a folder. Said on every page."""

DATA_DIR = Path(env.str("GANDENG_DATA", default="gandeng-data")).resolve()
"""Files of the office: uploads, results of runs, minutes, and the try-out's keys and database."""

FILES = env.str("GANDENG_FILES", default="")
"""Where files lie that people send: empty, the database; `disk`, a folder of GANDENG_DATA; `s3://bucket/folder`."""
FILES_ENDPOINT = env.str("GANDENG_FILES_ENDPOINT", default="")
FILES_REGION = env.str("GANDENG_FILES_REGION", default="")

DEBUG = env.bool("GANDENG_DEBUG", default=False)
SECRET_KEY = env.str("GANDENG_SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("GANDENG_HOSTS", default=["localhost", "127.0.0.1"])
HTTPS = env.bool("GANDENG_HTTPS", default=not DEMO)
ADDRESS = env.str("GANDENG_ADDRESS", default="").rstrip("/")
"""What papers, letters and mails say this site is found at: `https://...`. Empty: what the browser asked for."""
KEY_FILE = Path(env.str("GANDENG_KEY_FILE", default=str(DATA_DIR / "keys.json")))
LOG_KEY_FILE = Path(env.str("GANDENG_LOG_KEY_FILE", default=str(DATA_DIR / "log-key.json")))
"""Signs the daily head of the log; apart from the keys of identifiers."""
RETENTION_FILE = _file("GANDENG_RETENTION")
"""How long the office keeps what, with sources (docs/privacy.md). None: everything is kept."""
SIGNING_CERTIFICATE = _file("GANDENG_SIGNING_CERTIFICATE")
"""PKCS#12 with the office's certificate, its key and its chain: signs the minutes. None: they stay unsigned."""
SIGNING_PASSWORD = env.str("GANDENG_SIGNING_PASSWORD", default="")
SIGNING_PASSWORD_FILE = _file("GANDENG_SIGNING_PASSWORD_FILE")
SIGNING_TIMESTAMP_URL = env.str("GANDENG_SIGNING_TIMESTAMP_URL", default="")
"""Of a time-stamping authority (RFC 3161). Nothing is asked of the network where it is empty."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "gandeng.web",
    "gandeng.audit",
    "gandeng.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "gandeng.jobs",
    "gandeng.exports",
    "gandeng.registry",
    "gandeng.civil_registry",
    "gandeng.duplicates",
    "gandeng.cleansing",
    "gandeng.facilitators",
    "gandeng.conduct",
    "gandeng.certificates",
    "gandeng.training",
    "gandeng.achievements",
    "gandeng.family_sessions",
    "gandeng.entitlements",
    "gandeng.payments",
    "gandeng.reconciliation",
    "gandeng.follow_up",
    "gandeng.graduation",
    "gandeng.commitments",
    "gandeng.helpdesk",
    "gandeng.monitoring",
    "gandeng.privacy",
    "gandeng.performance",
    "gandeng.reporting",
    "gandeng.field",
    "gandeng.signs",
    "gandeng.api",
    "gandeng.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gandeng.web.middleware.PrivatePages",
    "gandeng.web.middleware.ChosenLanguage",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "gandeng.accounts.middleware.TerritoryMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "gandeng.urls"
WSGI_APPLICATION = "gandeng.wsgi.application"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gandeng.accounts.context.who",
                "gandeng.home.navigation.navigation",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "gandeng.web.templatetags.gandeng",
                "gandeng.accounts.templatetags.places",
            ],
            "string_if_invalid": "",
        },
    }
]
COTTON_SNAKE_CASED_NAMES = False
FORM_RENDERER = "gandeng.web.controls.Controls"

AS_OWNER = env.bool("GANDENG_AS_OWNER", default=False)
"""Migrations alone: they need the owner of the tables. Pages and jobs use a role that row security binds."""
DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default=DATABASE_URL)
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL", default="postgres:///gandeng"),
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c statement_timeout=15000 -c timezone=UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["gandeng.accounts.passwords.Argon2Sized"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "gandeng.accounts.passwords.NotAProgrammeWord"},
]

ACCOUNT_ADAPTER = "gandeng.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_RATE_LIMITS = {"reset_password": "20/m/ip,5/h/key"}
"""allauth's other limits stay. Each letter that leads back in opens the same: who asks for more buries somebody."""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
RECOVERY_REST_HOURS = env.int("GANDENG_RECOVERY_REST_HOURS", default=24)
"""How long rights over money rest after somebody was let in again: a proposal, for no rule is known."""
FIELD_SENDS_MAX = env.int("GANDENG_FIELD_SENDS_MAX", default=1_000)
"""Deliveries and photos one phone may send in ten minutes. 500 entries and 100 photos of a returning one are 110."""
MFA_ADAPTER = "gandeng.accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gandeng"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
USERSESSIONS_TRACK_ACTIVITY = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-gandeng" if HTTPS else "gandeng"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "gandeng.accounts.views.expired"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = SESSION_COOKIE_AGE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health(/worker)?$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("GANDENG_BEHIND_PROXY", False) else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

CACHES = {
    "default": {
        "BACKEND": "gandeng.accounts.counts.Counts",
        "LOCATION": DATA_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
"""Counts of sign-in attempts, shared by the processes of the site; nothing of a family is ever cached."""

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_BYTES_MAX = 200 * 1024 * 1024
API_USES_PER_MINUTE = env.int("GANDENG_API_USES_PER_MINUTE", default=120)
"""Requests of one key; machines that ask more often are told to wait."""

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = HTTPS, True, "Lax"
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parent / "accounts" / "locale"]
"""Asked before every package: there stands our word for mail in what Django and allauth say."""

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_EMAIL_BACKEND = env.str(
    "GANDENG_EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend" if DEMO else _SMTP
)
MAIL_HOST = env.str("GANDENG_EMAIL_HOST", default="") or "localhost"
MAIL_SECURITY = env.str("GANDENG_EMAIL_SECURITY", default="") or "none"
"""How the way to the server of mails is closed: `starttls`, `tls`, or `none`, for one on this machine."""
MAILERS = {
    "default": {
        "BACKEND": _EMAIL_BACKEND,
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": env.int("GANDENG_EMAIL_PORT", default=None),
            "username": env.str("GANDENG_EMAIL_USER", default=""),
            "password": env.str("GANDENG_EMAIL_PASSWORD", default=""),
            "use_tls": MAIL_SECURITY == "starttls",
            "use_ssl": MAIL_SECURITY == "tls",
            "timeout": 10,
        }
        if _EMAIL_BACKEND == _SMTP
        else {},
    }
}
DEFAULT_FROM_EMAIL = env.str("GANDENG_EMAIL_FROM", default="gandeng@localhost")

PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LOG_LEVEL = env.str("GANDENG_LOG_LEVEL", default="WARNING", validate=validate.OneOf(_LEVELS))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"bare": {"()": "gandeng.web.log_lines.BareLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "bare"}},
    "loggers": {name: {"handlers": [], "propagate": True} for name in ("django", "django.server")},
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
}
