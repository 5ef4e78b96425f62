"""Settings. Runs with nothing installed but Python; every value that differs between places comes from the environment.

`.env.example` documents each name; a wrong value is reported by `manage.py check` (reform/checks.py).
"""

import sys
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from jobs.celery_settings import celery_settings
from reform import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env.load_dotenv(BASE_DIR / ".env")

# --- The site ---------------------------------------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY_GIVEN = env.text("SECRET_KEY")
# Without a key sessions end at each restart: good enough to try the application, and check reform.W001 says so.
SECRET_KEY = SECRET_KEY_GIVEN or get_random_secret_key()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
SITE_NAME = env.text("SITE_NAME", "構造改革レポート")
CITY_NAME = env.text("CITY_NAME", "")
TESTING = "pytest" in sys.modules

# --- Applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "reform",
    "reports",
    "surveys",
    "inquiries",
    "kpis",
    "approvals",
    "initiatives",
    "accounts",
    "jobs",
    "charts",
    "sheets",
    "japan",
    "import_export",
    "django_htmx",
    "axes",
    "csp",
    "whitenoise.runserver_nostatic",
    "reform.back_office.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "reform.request_log.NumberMiddleware",
    "constraints.files.UnconfirmedFilesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "accounts.door.caching.PrivatePagesMiddleware",
    "accounts.door.bodies.BodyLimitMiddleware",  # before the CSRF check, which parses the body
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.door.keeping.KeepFormMiddleware",  # before the next, which sends strangers away
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.security_log.DownloadsMiddleware",
    "accounts.middleware.AccessMiddleware",
    "accounts.middleware.FirstPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.door.offering.OfferKeptMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "reform.urls"
WSGI_APPLICATION = "reform.wsgi.application"

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
                "reform.context.site",
            ],
            "builtins": ["accounts.templatetags.door", "reform.templatetags.figures"],
        },
    },
]

# --- Data --------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", VAR_DIR / "reform.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = env.made(env.path("MEDIA_ROOT", VAR_DIR / "media"))
# Below so many free megabytes the office and /healthz are told.
DISK_FREE_MIN_MB = env.number("DISK_FREE_MIN_MB", 500)
EVIDENCE_MAX_MB = env.number("EVIDENCE_MAX_MB", 10)
MEDIA_URL = "/not-served/"  # Files leave only through views that check who asks.
# Never the system's folder: there an upload could fill the disk of everything else.
FILE_UPLOAD_TEMP_DIR = env.made(MEDIA_ROOT / "uploads")
# Papers and editions are read by this user alone; the files of the pages, below, by the proxy too.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes of a page's text; its files come on top (accounts/door/bodies.py)

# --- Background work -----------------------------------------------------------------------------------------------
# Each web process and worker looks at this interval for work that died; one of them at a time. 0: none does.
JOBS_SWEEP_SECONDS = env.number("JOBS_SWEEP_SECONDS", 60)
REDIS_URL = env.address("REDIS_URL", {"redis": "redis://ホスト:6379/0", "rediss": "rediss://ホスト:6379/0"})
globals().update(celery_settings(REDIS_URL))
# Each process keeps what it can make again in its own memory: no page and no report waits for a Redis that hangs.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "fonts": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fonts",
        "OPTIONS": {"MAX_ENTRIES": 50},  # a report has two
    },
}

# --- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.leaving.PostBackend"]
# So many days after the last post of a person ended, the account is closed (accounts.leaving).
LEAVER_GRACE_DAYS = env.number("LEAVER_GRACE_DAYS", 14)
PASSWORD_HASHERS = ["accounts.door.hashing.BoundedPBKDF2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("employee_number", "name", "furigana", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.NotTooLong"},
    {"NAME": "accounts.passwords.NoKnownWords"},
    {"NAME": "accounts.passwords.NotTheOldPassword"},
]
# The city's name as people type it in Latin letters, and other words that no password here may be made of.
PASSWORD_WORDS = env.words("PASSWORD_WORDS", [])
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
# The sign-in form calls the employee number "username"; Axes would look for the model's name and count everybody as one.
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
# Generous, because a whole hall may stand behind one address; 0 does not count (accounts/door/attempts.py).
FAILURES_PER_ADDRESS = env.number("FAILURES_PER_ADDRESS", 200)
# Passwords that a process compares or hashes at the same time (accounts/door/hashing.py).
HASHES_AT_ONCE = env.number("HASHES_AT_ONCE", 1)
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS: list[str] = []  # its lines name whom they are about; passwords it masks all the same
# Whose address counts when somebody fails to sign in: X-Forwarded-For is believed only as far as our own proxies wrote it.
PROXY_COUNT = env.number("PROXY_COUNT", 0)
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.counted_address"

# --- Language and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = None

# --- Files of the pages ----------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "reform.plotly_files.PlotlyFinder",
]
# collectstatic (the image runs it) gives hashed, compressed names; without it files are served as they lie.
STATIC_IS_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file() and not TESTING
STORAGES = {
    "default": {"BACKEND": "constraints.files.RowStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if STATIC_IS_COLLECTED or "collectstatic" in sys.argv
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        ),
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = not STATIC_IS_COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG and not STATIC_IS_COLLECTED
REPORT_FONT_DIRS = env.words("REPORT_FONT_DIRS", ["/usr/share/fonts", "/usr/local/share/fonts"])

# --- Security ------------------------------------------------------------------------------------------------------
# Plain http inside the city hall's network is common; SECURE=true when TLS ends in front of the application.
SECURE = env.flag("SECURE", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SESSION_ENGINE = "accounts.door.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60  # from the sign-in on, whatever is done meanwhile
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "accounts.door.keeping.csrf_failure"
# What was typed when a session had ended is kept for its person so long (accounts/door/keeping.py).
KEPT_MINUTES = min(30, max(1, env.number("KEPT_MINUTES", 30)))
SESSION_IDLE_MINUTES = max(1, env.number("SESSION_IDLE_MINUTES", 60))
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The month form and the admin's lists post many fields at once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- Mail ------------------------------------------------------------------------------------------------------------
globals().update(env.mail("EMAIL_URL"))
MAIL_IS_SET = bool(globals().get("EMAIL_HOST"))  # without it nobody is mailed, and check reform.W004 says so
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "webmaster@localhost")
SITE_URL: str = env.address("SITE_URL", {"http": "http://kpi.example.lg.jp", "https": "https://kpi.example.lg.jp"})

# --- Log -------------------------------------------------------------------------------------------------------------
# Who signed in, whose rights changed, what left the application: JSON lines in a file of mode 600, or "-" for the console.
SECURITY_LOG = env.text("SECURITY_LOG", str(VAR_DIR / "security.jsonl"))
_SECURITY_HANDLER: dict[str, object] = {
    "class": "accounts.security_log.SecurityFile",
    "filename": SECURITY_LOG,
    "delay": True,
}
if TESTING:
    _SECURITY_HANDLER = {"class": "logging.NullHandler"}
elif SECURITY_LOG == "-":
    _SECURITY_HANDLER = {"class": "logging.StreamHandler"}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"numbered": {"()": "reform.request_log.NumberedLines"}},
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} {message}",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",  # the city's clock, and how far it is from UTC
            "style": "{",
        },
        "json": {"()": "accounts.security_log.JsonLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["numbered"]},
        "security": {**_SECURITY_HANDLER, "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
    "loggers": {
        "security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        "django.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},  # says at each start that it has started
        "weasyprint": {"level": "WARNING"},
    },
}

# What check --deploy says about https in English, reform.W002 says once, and for the case at hand: redirecting and HSTS
# are the business of the proxy that ends TLS.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
