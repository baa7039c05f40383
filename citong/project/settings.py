"""Settings of an installation: what differs between two of them comes from the environment or the home folder.

CITONG_HOME           folder of this installation: files/, mail/, log/, database/, secrets.json; the `citong` command
                      sets it from --home
DATABASE_URL          postgres://user:password@host:port/name; without it `citong` starts the embedded one of the home
CITONG_HOSTS          comma-separated host names this server answers to
CITONG_ORIGIN         public address, e.g. https://city.example, used in receipts and mails; https makes cookies secure
CITONG_OPENID         JSON list of OpenID Connect providers, as django-allauth reads them
CITONG_EMAIL_BACKEND  Django's e-mail backend; the default writes letters to mail/ of the home
CITONG_EMAIL_HOST     mail server, for the backend django.core.mail.backends.smtp.EmailBackend
CITONG_EMAIL_PORT     its port, 25 if unsaid
CITONG_EMAIL_USER     name to sign in there, with CITONG_EMAIL_PASSWORD
CITONG_EMAIL_PASSWORD password to sign in there
CITONG_EMAIL_TLS      1 when it wants STARTTLS
CITONG_EMAIL_FROM     sender of letters
CITONG_SMS_SENDER     dotted name of a function (number, text) that sends a text message
CITONG_SIGNALS_SIMULATOR dotted name of a function (trial, tell) that tries plan changes of signals before the street
CITONG_ROADS_FILE     road graph of the city for escorts; roads.npz of the home if unsaid
CITONG_SIGNAL_PORT    dotted name of a function that gives the door to the lights (SignalPort); none if unsaid
CITONG_TIMESTAMP_URL  address of a time-stamp authority (RFC 3161) that stamps the ledger's checkpoints; none if unsaid
CITONG_TIMESTAMP_CERTIFICATES PEM file with the roots of that authority and of earlier ones; needed to check stamps
CITONG_OPEN311_KEYS   comma-separated keys of the programs that may write through Open311; none, and none may
CITONG_HOOK_NETWORKS  comma-separated inner networks webhooks may lead into, e.g. 10.8.0.0/16; none if unsaid
CITONG_PAPER_FONTS    folder of the font of papers, Noto Serif SC; if unsaid, the one installed with the front end
CITONG_THROTTLE       factor on all limits of tries; 0 switches them off, for tests of load alone
CITONG_LOG_LEVEL      DEBUG, INFO, WARNING or ERROR
CITONG_DEBUG          1 shows errors with their source; never on a server that others reach
"""

import json
import os
import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

from citong.project.services import ADAPTERS, SERVICES

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CITONG_HOME", PACKAGE.parent / ".citong"))
ORIGIN = os.environ.get("CITONG_ORIGIN", "http://127.0.0.1:8000")


def _secret(name: str) -> str:
    """The home's secret of that name, made on first use and readable by the owner alone."""
    path = HOME / "secrets.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        HOME.mkdir(parents=True, exist_ok=True)
        known[name] = secrets.token_urlsafe(48)
        fresh = path.with_suffix(".fresh")  # whole or not at all: a half written one would stop the house
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(known, file)
        fresh.replace(path)
    return known[name]


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "citong",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 20, "timeout": 5, "reconnect_timeout": 4},
            "server_side_binding": True,
        },
        "CONN_HEALTH_CHECKS": True,  # connections that died with the database are found out before a request gets one
        "TEST": {"TEMPLATE": "template0"},
    }


SECRET_KEY = _secret("django")
RECEIPT_PEPPER = _secret("receipt").encode()
REGISTER_KEY = _secret("register").encode()  # seals what a person must not have read by chance
REGISTER_PEPPER = _secret("register_keys").encode()  # and lets equal values be found without reading them
PAPERS_KEY = _secret("papers")  # under which the certificates of units lie in keys/
DEBUG = os.environ.get("CITONG_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("CITONG_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
SECURE = ORIGIN.startswith("https://")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "citong.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    *(
        f"citong.core.{name}"
        for name in (
            "ledger",
            "places",
            "people",
            "files",
            "clocks",
            "papers",
            "cases",
            "search",
            "knowledge",
            "notices",
            "hooks",
            "register",
            "flow",
            "sync",
        )
    ),
    *SERVICES,
    *ADAPTERS,
]

MIDDLEWARE = [
    "citong.web.security.Bounds",
    "citong.web.short.Short",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "citong.web.security.NoNul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "citong.web.security.ContentSecurityPolicy",
    "citong.web.throttle.Throttled",
    "allauth.account.middleware.AccountMiddleware",
]

SHORT_WAYS = ("/field/",)  # where views may be that go past all of the middleware after `Short`

ROOT_URLCONF = "citong.project.urls"
ASGI_APPLICATION = "citong.project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "citong.web.context.shell",
            ],
            "builtins": ["citong.web.templatetags.citong_ui", "django.templatetags.i18n"],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgres://citong@127.0.0.1/citong"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "citong.web.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "citong.web.sign_in.ProviderAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # the step before and after, as RFC 6238, section 5.2 advises: clocks differ, typing takes time
MFA_ALLOW_UNVERIFIED_EMAIL = True  # staff accounts are made by the city, whose address is known
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {"APPS": json.loads(os.environ.get("CITONG_OPENID", "[]"))}
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", _("Simplified Chinese")),
    ("zh-hant", _("Traditional Chinese")),
    ("en", _("English")),
]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 31_536_000
THROTTLE = float(os.environ.get("CITONG_THROTTLE", "1"))
CACHES = {"default": {"BACKEND": "citong.web.shared_cache.SharedCache"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
LARGEST_BODY = 125_000_000  # six photos and their form
FILES_ROOT = HOME / "files"
PAPER_FONTS = os.environ.get("CITONG_PAPER_FONTS", PACKAGE.parent / "node_modules/@expo-google-fonts/noto-serif-sc")

EMAIL_BACKEND = os.environ.get("CITONG_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("CITONG_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("CITONG_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("CITONG_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CITONG_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("CITONG_EMAIL_TLS") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("CITONG_EMAIL_FROM", "citong@localhost")

TIMESTAMP_URL = os.environ.get("CITONG_TIMESTAMP_URL", "")
TIMESTAMP_CERTIFICATES = os.environ.get("CITONG_TIMESTAMP_CERTIFICATES", "")
OPEN311_KEYS = [key.strip() for key in os.environ.get("CITONG_OPEN311_KEYS", "").split(",") if key.strip()]
HOOK_NETWORKS = [
    ip_network(one.strip()) for one in os.environ.get("CITONG_HOOK_NETWORKS", "").split(",") if one.strip()
]
SIGNALS_SIMULATOR = os.environ.get("CITONG_SIGNALS_SIMULATOR", "citong.adapters.sumo.trial.simulate")
SMS_SENDER = os.environ.get("CITONG_SMS_SENDER", "citong.adapters.sms.files.send")
ROADS_FILE = os.environ.get("CITONG_ROADS_FILE", HOME / "roads.npz")
SIGNAL_PORT = os.environ.get("CITONG_SIGNAL_PORT", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "citong.web.logs.Discreet", "whole": DEBUG}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CITONG_LOG_LEVEL", "WARNING")},
}
