"""Django's settings, from the workspace. Importing this writes nothing; the secret key is made when it is first needed.

A door left open: single sign-on and passkeys (another AUTHENTICATION_BACKENDS entry).
"""

from pathlib import Path

from django.utils.functional import SimpleLazyObject

from tanba import workspace
from tanba.web.database import database

HERE = Path(__file__).parent
WORKSPACE = workspace.current()
CONFIG = WORKSPACE.config()

SECRET_KEY = SimpleLazyObject(lambda: workspace.current().secret_key())
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", CONFIG.host, *filter(None, CONFIG.allowed_hosts.replace(" ", "").split(","))]

TRUSTED_PROXIES = CONFIG.proxies

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "tanba.web.accounts",
    "tanba.web.systems",
    "tanba.web.assessments",
    "tanba.web.obligations",
    "tanba.web.lawtracker",
    "tanba.web.evidence",
    "tanba.web.marks",
    "tanba.web.faces",
    "tanba.web.notices",
    "tanba.web.requests",
    "tanba.web.agreements",
    "tanba.web.incidents",
    "tanba.web.decisions",
    "tanba.web.risks",
    "tanba.web.documents",
    "tanba.web.companyforms",
    "tanba.web.exchange",
    "tanba.web.audits",
    "tanba.web.state",
]

MIDDLEWARE = [
    "tanba.web.proxies.proxies_middleware",
    "django.middleware.security.SecurityMiddleware",
    "tanba.web.security.policy_middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tanba.web.language.language_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "tanba.web.urls"
WSGI_APPLICATION = "tanba.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tanba.web.templatetags", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tanba.web.context.frame",
            ],
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": database(WORKSPACE, CONFIG.register_database)}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator"},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 7 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tanba.web.security.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
if CONFIG.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "tanba": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
