"""The portal's settings, all in one place, their values from the environment.

In ``production`` nothing has an unsafe default: the portal refuses to start and names every missing setting.
Elsewhere everything has a value that works on one machine.
"""

import re
import tempfile
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from hubportal.beat import Spread

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

ENVIRONMENT = env.str("HUBPORTAL_ENVIRONMENT", "development")
PRODUCTION = ENVIRONMENT == "production"
# Fictional people with one-click log-in, a movable clock, and a page with the mails sent.
DEMO = env.bool("HUBPORTAL_DEMO", False)

DEMO_KEY = "demo-key-that-every-reader-of-this-file-knows-and-production-refuses"
SECRET_KEY = env.str("HUBPORTAL_SECRET_KEY", DEMO_KEY)
# Errors with their surroundings, templates as they are written, and a bar with the queries of each page.
DEBUG = env.bool("HUBPORTAL_DEBUG", False)
ALLOWED_HOSTS = env.list("HUBPORTAL_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
# The address people type, without a slash at the end: mails and letters name it.
PUBLIC_ADDRESS = env.str("HUBPORTAL_ADDRESS", "http://localhost:8000")
# Where the national statistics of a region stand, with {code} for its code: those of regiobeeld.nl have the same codes.
_STATISTICS = "https://www.regiobeeld.nl/zorggebruik?regio={code}&nederland=NL01"
REGIONAL_STATISTICS = env.str("HUBPORTAL_REGIONAL_STATISTICS", "") or _STATISTICS
if REGIONAL_STATISTICS == "none":
    REGIONAL_STATISTICS = ""

# What the portal makes on its own disk: uploads, letters, the demo's certificates. One folder, to be kept.
STORAGE_DIR = Path(env.str("HUBPORTAL_STORAGE", str(BASE_DIR / ".run" / "storage")))

# Of one machine: how many files are inspected at once is counted in a folder below this.
INSPECTION_FOLDER = Path(tempfile.gettempdir())

# Sealing of letters: a PKCS#12 file and its password; or, with a key on a token (pkcs11:token=…;object=…?module-path=…), the
# PEM file of its certificates and the PIN. The demo makes a certificate of its own.
SIGNING_CERTIFICATE = env.str("HUBPORTAL_SIGNING_CERTIFICATE", "")
SIGNING_PASSWORD = env.str("HUBPORTAL_SIGNING_PASSWORD", "")
SIGNING_TOKEN = env.str("HUBPORTAL_SIGNING_TOKEN", "")
# Who says when a letter was sealed (RFC 3161), and the PEM file of who vouches for that service.
TIMESTAMP_ADDRESS = env.str("HUBPORTAL_TIMESTAMP_ADDRESS", "")
TIMESTAMP_CERTIFICATE = env.str("HUBPORTAL_TIMESTAMP_CERTIFICATE", "")

# The virus scanner (clamd): host:port, or the path of its socket. Without one, files are not scanned, and the office reads so.
CLAMAV = env.str("HUBPORTAL_CLAMAV", "")

# Answers by mail: notices about messages then carry ``answers+TOKEN@host``, which ``manage.py receive_mail`` takes over from the
# mail server by LMTP. Without such an address nobody answers by mail.
ANSWERS_BY_MAIL_ADDRESS = env.str("HUBPORTAL_ANSWERS_ADDRESS", "")
# host:port where that process listens.
ANSWERS_BY_MAIL_LISTENS = env.str("HUBPORTAL_ANSWERS_LISTENS", "127.0.0.1:8024")
# The mail server, by the name that it gives itself in Authentication-Results.
ANSWERS_BY_MAIL_VOUCHER = env.str("HUBPORTAL_ANSWERS_VOUCHER", "")

EMAIL_CONFIG = env.email_url("EMAIL_URL", default=f"filemail://{STORAGE_DIR / 'mails'}")
DATABASE_CONFIG = env.db("DATABASE_URL", default="postgres:///")
REDIS_URL = env.str("REDIS_URL", "")


def _refuse_unsafe_production() -> None:
    """Raise ``ImproperlyConfigured`` in production with a sentence for each missing or unsafe setting."""
    missing = {
        "HUBPORTAL_DEMO must be off: demo people log in without a password": DEMO,
        "HUBPORTAL_DEBUG must be off: error pages would show settings and rows": DEBUG,
        "HUBPORTAL_SECRET_KEY must be a key of your own, of 50 characters or more": SECRET_KEY == DEMO_KEY
        or len(SECRET_KEY) < 50,
        "DATABASE_URL must name a PostgreSQL server": not DATABASE_CONFIG["NAME"],
        "REDIS_URL must name a Redis or Valkey server": not REDIS_URL,
        "HUBPORTAL_HOSTS must list the host names that are served": not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
        "HUBPORTAL_ADDRESS must start with https://": not PUBLIC_ADDRESS.startswith("https://"),
        "HUBPORTAL_REGIONAL_STATISTICS must start with https:// and hold {code}, or be none": bool(
            REGIONAL_STATISTICS
        )
        and not (REGIONAL_STATISTICS.startswith("https://") and "{code}" in REGIONAL_STATISTICS),
        "HUBPORTAL_SIGNING_CERTIFICATE must name a PKCS#12 file that exists, or with a token a PEM file": not (
            SIGNING_CERTIFICATE and Path(SIGNING_CERTIFICATE).is_file()
        ),
        "HUBPORTAL_TIMESTAMP_CERTIFICATE must name the PEM file of the timestamp service": bool(
            TIMESTAMP_ADDRESS
        )
        and not (TIMESTAMP_CERTIFICATE and Path(TIMESTAMP_CERTIFICATE).is_file()),
        "HUBPORTAL_CLAMAV must be host:port or the path of a socket": bool(CLAMAV)
        and not (CLAMAV.startswith("/") or CLAMAV.rpartition(":")[2].isdecimal()),
        "HUBPORTAL_STORAGE must name the folder of files to keep": "HUBPORTAL_STORAGE" not in env.ENVIRON,
        "HUBPORTAL_ANSWERS_ADDRESS must be an address of a domain for answers alone, such as answer@answers.example.nl": bool(
            ANSWERS_BY_MAIL_ADDRESS
        )
        and not re.fullmatch(r"[a-z0-9._-]{1,30}@[a-z0-9-]+(\.[a-z0-9-]+)+", ANSWERS_BY_MAIL_ADDRESS),
        "EMAIL_URL must name a mail server, such as smtp+tls://user:password@host:587": not EMAIL_CONFIG.get(
            "EMAIL_HOST"
        ),
    }
    reasons = [reason for reason, is_missing in missing.items() if is_missing]
    if reasons:
        raise ImproperlyConfigured("The portal does not start in production:\n- " + "\n- ".join(reasons))


if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured("HUBPORTAL_ENVIRONMENT is either development or production")
if PRODUCTION:
    _refuse_unsafe_production()

# ---------------------------------------------------------------------------------------------- apps

INSTALLED_APPS = [
    "hubportal.accounts",
    "hubportal.audit",
    "hubportal.mail",
    "hubportal.documents",
    "hubportal.sweeps",
    "regions",
    "organisations",
    "mapping",
    "imports",
    "pictures",
    "calls",
    "call_questions",
    "coalitions",
    "letters",
    "applications",
    "reviews",
    "decisions",
    "correspondence",
    "completions",
    "takeovers",
    "retention",
    "matching",
    "people",
    "residents",
    "website",
    "hubportal.office.apps.OfficeConfig",
    "hubportal.office.apps.HubAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.forms",
    "crispy_forms",
    "csp",
]
if DEMO:
    INSTALLED_APPS.insert(0, "demo")
# One of the development packages, which need not be there.
TOOLBAR = DEBUG and find_spec("debug_toolbar") is not None
if TOOLBAR:
    INSTALLED_APPS.append("debug_toolbar")

MIDDLEWARE = [
    # First, so that a request that had to wait for a worker is not late by that.
    "hubportal.middleware.received_at",
    "hubportal.middleware.language_of_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that reads a form, and within what gives each answer its headers.
    "hubportal.middleware.only_utf8",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hubportal.middleware.end_of_session",
    "allauth.account.middleware.AccountMiddleware",
    "hubportal.middleware.no_null_bytes",
    "hubportal.middleware.VisibleText",
    "hubportal.whose_page.OneOwner",
    "hubportal.logged_out.keep_what_was_sent",
    "hubportal.middleware.no_log_in_for_scripts",
    "hubportal.middleware.second_factor",
    "hubportal.middleware.private_pages",
    # Around what answers 404 to a second click, and within what gives each answer its headers.
    "hubportal.repeats.answer_repeats",
    "hubportal.busy.TryAgain",
    # Last, around the page alone: what comes before and after writes nothing that a deadline asks after.
    "hubportal.middleware.EndInTime",
]
if TOOLBAR:
    # Below the Content-Security-Policy, which it keeps: all that it loads comes from the portal's own address.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("csp.middleware.CSPMiddleware") + 1,
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    # A handle at the edge, so that the page is seen first.
    DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}

ROOT_URLCONF = "hubportal.urls"
WSGI_APPLICATION = "hubportal.wsgi.application"

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
                "hubportal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "hubportal.templatetags.languages",
                "hubportal.templatetags.mail_words",
                "hubportal.templatetags.remarks",
                "hubportal.templatetags.tables",
                "hubportal.templatetags.typed",
            ],
            # Errors in templates name their line; without it nobody can measure which lines of templates ran.
            "debug": env.bool("HUBPORTAL_TEMPLATE_DEBUG", DEBUG),
        },
    },
]
if DEMO:
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("demo.context.cast")  # type: ignore[index]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("nlds",)
CRISPY_TEMPLATE_PACK = "nlds"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -------------------------------------------------------------------------------------- database, cache

DATABASES = {
    "default": {
        **DATABASE_CONFIG,
        # A socket's folder comes quoted in an address.
        "HOST": unquote(DATABASE_CONFIG.get("HOST") or ""),
        # Tables lie in memory or on a disk that reads any page as fast as the next; else short lists read whole tables.
        "OPTIONS": {"options": "-c random_page_cost=1.1", **DATABASE_CONFIG.get("OPTIONS", {})},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "hubportal.cache.SteadyCache",
        "LOCATION": REDIS_URL or "redis://127.0.0.1:6379/0",
        "KEY_PREFIX": "hubportal",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# After one worked last, and within a day of the log-in: long enough to write an application, short enough for a shared computer.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = False

# ------------------------------------------------------------------------------------------------ jobs

CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:6379/0"
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "hubportal-jobs:", "visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
# A task is dropped only after it ran: rows are the queue, so running one again is harmless.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A queue and a worker of its own: a mail server that hangs holds up no sealing and no letter.
CELERY_TASK_ROUTES = {"mail.*": {"queue": "mail"}}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Amsterdam"
# Seconds between two sweeps; each sweep is dropped when the next one is due.
SWEEP_SECONDS = env.int("HUBPORTAL_SWEEP_SECONDS", 10)
SWEEPS = (
    "hubportal.heartbeat",
    "applications.seal_due_rounds",
    "applications.produce_receipts",
    "applications.remind_to_sign",
    "applications.remind_of_deadlines",
    "applications.remind_partners",
    "applications.tell_of_the_day",
    "applications.scan_attachments",
    "applications.complete_takeovers",
    "applications.lapse_lead_offers",
    "applications.make_copies",
    "applications.copy_consents",
    "applications.copy_signatures",
    "applications.forget_copies",
    "reviews.assign_reviewers",
    "decisions.make_letters",
    "letters.date_anew",
    "letters.print",
    "letters.bundle",
    "letters.fix_moments_of_sending",
    "letters.note_bounces",
    "letters.send_anew",
    "decisions.settle_rounds",
    "mapping.empty_bins",
    "mapping.forget_merges",
    "imports.read_files",
    "imports.check_rows",
    "imports.take",
    "imports.forget",
    "calls.make_forms",
    "pictures.make_regional",
    "mapping.remind_of_questions",
    "mapping.forget_corrections",
    "retention.make_reports",
    "retention.destroy_rows",
    "retention.remove_files",
    "retention.declare",
    "retention.forget_sessions",
    "people.erase_ended",
    "people.remind",
    "people.forget_mails",
    "residents.erase",
    "residents.forget_contacts",
    "correspondence.deliver",
    "completions.end",
    "completions.remind",
    "takeovers.warn",
    "takeovers.tell",
    "website.renew_region_states",
    "website.tell_news",
    "website.end_following",
    "mail.send_due",
    "audit.link_events",
)
CELERY_BEAT_SCHEDULE = {
    name: {
        "task": name,
        "schedule": Spread(timedelta(seconds=SWEEP_SECONDS), place, len(SWEEPS)),
        "options": {"expires": SWEEP_SECONDS},
    }
    for place, name in enumerate(SWEEPS)
}
CELERY_BEAT_SCHEDULE["documents.remove_orphans"] = {
    "task": "documents.remove_orphans",
    "schedule": 60 * 60,
}
CELERY_BEAT_SCHEDULE["website.keep_coverage"] = {"task": "website.keep_coverage", "schedule": 60 * 60}
# A request may take this long; a round is sealed this long after its deadline, when none can be on its way.
REQUEST_TIMEOUT_SECONDS = env.int("HUBPORTAL_REQUEST_TIMEOUT_SECONDS", 60)
SEALING_GRACE_SECONDS = env.int("HUBPORTAL_SEALING_GRACE_SECONDS", 120)

# ------------------------------------------------------------------------------------- files, mail, letters

STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORAGE_DIR / "files", "base_url": None},
    },
    "staticfiles": {
        # Elsewhere files are found where they lie, so that nothing has to be collected first.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("HUBPORTAL_STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

# Largest upload, in bytes; the proxy allows a mebibyte more, for the rest of the form, and a test compares them.
UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(STORAGE_DIR / "mails")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("HUBPORTAL_MAIL_FROM", "Hubportaal <noreply@hubportaal.example>")

# The mailbox to which mails come back, in EMAIL_URL as ?bounces=bounces@host: each mail has bounces+TOKEN@host in its
# envelope. Without one, mails come back to the sender, and are known by their Message-ID.
BOUNCE_ADDRESS = EMAIL_CONFIG.get("OPTIONS", {}).get("BOUNCES", "")

# --------------------------------------------------------------------------------------------- accounts

AUTH_USER_MODEL = "accounts.User"
# The address is unique without regard to capitals, by a constraint that this check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "hubportal.accounts.forms.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "hubportal.accounts.forms.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("website:start")
ACCOUNT_ADAPTER = "hubportal.accounts.adapter.HubAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "hubportal.accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "signup": "hubportal.accounts.signup_form.RegistrationForm",
    "reset_password": "hubportal.accounts.signup_form.NewPasswordForm",
    "request_login_code": "hubportal.accounts.login_code_forms.AskCodeForm",
    "confirm_login_code": "hubportal.accounts.login_code_forms.MailedCodeForm",
}
# A code by mail in the place of a password: eight digits, three tries, a quarter of an hour, in one browser.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
# The own one, a second one, and one that is to come in its place.
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# In the browser in which one registered; elsewhere the password is asked.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The owner of the account is mailed about a changed password, address or second factor.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# An open session is not enough to take an account over: who changes an address shows again who they are.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("website:home")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# A day's limits too: each of these mails somebody, whoever that is. A library or a school registers from one network.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "20/m/ip,200/d/ip",
    # Per mailbox these are counted where they are mailed: who asks much elsewhere is told nothing, and keeps nobody out.
    "reset_password": "20/m/ip,200/d/ip",
    "request_login_code": "20/m/ip,200/d/ip",
    "manage_email": "10/m/user,40/d/user",
    # A second click mails once; longer, a stranger who adds the address would keep the mail of its owner back.
    "confirm_email": "1/10s/key",
}
MFA_ADAPTER = "hubportal.accounts.adapter.HubMfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey is two factors: the device, and the finger, face or PIN that opens it.
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Hubportaal"
# A code of the half minute before or after is taken too, once: people type it over, and clocks of phones differ.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "hubportal.accounts.code_forms.ActivateForm",
    "authenticate": "hubportal.accounts.code_forms.CodeForm",
    "reauthenticate": "hubportal.accounts.code_forms.AskAgainForm",
    "add_webauthn": "hubportal.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "hubportal.accounts.passkey_forms.NamePasskeyForm",
    "login_webauthn": "hubportal.accounts.passkey_forms.PasskeyLoginForm",
    "authenticate_webauthn": "hubportal.accounts.passkey_forms.PasskeyForm",
    "reauthenticate_webauthn": "hubportal.accounts.passkey_forms.PasskeyAgainForm",
}

# --------------------------------------------------------------------------------------------- security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # data: for the QR image of the second factor.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz/"]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PRODUCTION else []
# Behind a proxy of ours: believe what it says of the scheme, the visitor's address and the start of the request.
TRUST_PROXY = env.bool("HUBPORTAL_TRUST_PROXY", False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --------------------------------------------------------------------------------------- language and time

# The first is the language of addresses without a prefix; every other one stands at the beginning of its addresses.
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "hubportal" / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("HUBPORTAL_LOG_LEVEL", "INFO")},
    # 404s of visitors are not logged; errors go to the root.
    "loggers": {
        "django.request": {"level": "ERROR"},
        # aiosmtpd would write each command: addresses of people, and the secrets in addresses to answer to.
        "mail": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "pyhanko": {"level": "WARNING"},
    },
}
