"""Django settings of one deployment: everything that differs comes from the environment."""

import os
from pathlib import Path

from yitong.config.database import database_from_url
from yitong.config.secret_key import secret_key

DATA_DIR = Path(os.environ.get("YITONG_DATA", "var"))
YITONG_KEYS = Path(os.environ.get("YITONG_KEYS") or DATA_DIR / "keys")  # the key store's directory
YITONG_CRYPTO = os.environ.get("YITONG_CRYPTO", "international")  # or "sm": SM4, SM3
YITONG_NODE = os.environ.get("YITONG_NODE", "")  # the ledger's public name; empty: from its key
PROFILE = os.environ.get("YITONG_PROFILE", "node")  # "demo" marks everything as synthetic
# Whose node this is, as the frame of every page says it.
NODE_NAMES = {
    "city": os.environ.get("YITONG_CITY", "澜宁市" if PROFILE == "demo" else ""),
    "city_en": os.environ.get("YITONG_CITY_EN", "Lanning City" if PROFILE == "demo" else ""),
    "host": os.environ.get(
        "YITONG_HOST_AGENCY", "澜宁市政务服务和数据管理局（演示）" if PROFILE == "demo" else ""
    ),
    "host_en": os.environ.get(
        "YITONG_HOST_AGENCY_EN",
        "Lanning Bureau of Government Services and Data (demo)" if PROFILE == "demo" else "",
    ),
}
API_PER_MINUTE = int(os.environ.get("YITONG_API_PER_MINUTE", "600"))  # each caller of /api/
METRICS_TOKEN = os.environ.get("YITONG_METRICS_TOKEN", "")  # empty: for the machine itself only
# Under which address people reach the node; without one a mail holds no link.
YITONG_PUBLIC_URL = os.environ.get("YITONG_PUBLIC_URL", "")
# The ways out for messages; without a host or an address there is only the inbox.
YITONG_SMTP_HOST = os.environ.get("YITONG_SMTP_HOST", "")
YITONG_SMTP_PORT = os.environ.get("YITONG_SMTP_PORT", "587")
YITONG_SMTP_SECURITY = os.environ.get("YITONG_SMTP_SECURITY", "starttls")  # or "tls", "none"
YITONG_SMTP_USER = os.environ.get("YITONG_SMTP_USER", "")
YITONG_SMTP_PASSWORD = os.environ.get("YITONG_SMTP_PASSWORD", "")
YITONG_SMTP_FROM = os.environ.get("YITONG_SMTP_FROM", "")
YITONG_SMTP_CA = os.environ.get("YITONG_SMTP_CA", "")
YITONG_SMS_URL = os.environ.get("YITONG_SMS_URL", "")
YITONG_SMS_TOKEN = os.environ.get("YITONG_SMS_TOKEN", "")
YITONG_SMS_SIGNATURE = os.environ.get("YITONG_SMS_SIGNATURE", "一同")
YITONG_SMS_CA = os.environ.get("YITONG_SMS_CA", "")
# For how many months messages and records of their sending are kept; empty: as their table says.
YITONG_KEEP_MESSAGES = os.environ.get("YITONG_KEEP_MESSAGES", "")
YITONG_KEEP_DELIVERIES = os.environ.get("YITONG_KEEP_DELIVERIES", "")
DEBUG = False
SECRET_KEY = secret_key(DATA_DIR)
NODE_PREPARATION = (
    "yitong.config.start.prepare"  # the command line stands below config and calls it by name
)
ALLOWED_HOSTS = os.environ.get("YITONG_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "yitong.ui",
    "yitong.base.ledger",
    "yitong.base.keys",
    "yitong.base.access",
    "yitong.base.regions",
    "yitong.base.files",
    "yitong.base.backups",
    "yitong.base.statutes",
    "yitong.base.identity",
    "yitong.base.messages",
    "yitong.base.duties",
    "yitong.base.jobs",
    "yitong.data.sources",
    "yitong.data.standards",
    "yitong.data.catalogue",
    "yitong.data.sharing",
    "yitong.data.exchange",
    "yitong.portals.citizen",
    "yitong.portals.staff",
    "yitong.portals.bureau",
    "yitong.portals.administration",
    "yitong.portals.gateway",
    "yitong.portals.law",
    "yitong.portals.node",
    "yitong.config",
]

MIDDLEWARE = [
    "yitong.ui.security.PageSecurity",  # first, so that no answer leaves without its headers
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yitong.portals.node.second_factor.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yitong.ui.refusals.RefusalPages",
]

ROOT_URLCONF = "yitong.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the applications' own: the log-in and error pages replace those of packages.
        "DIRS": [Path(__file__).resolve().parent.parent / "portals" / "node" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "yitong.ui.context.shell",
                "yitong.portals.node.person.person",
                "yitong.portals.node.person.ways_in",
            ],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, since the counts of failed log-ins live there; wide, so that nobody can flood them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_ADAPTER = "yitong.base.identity.login.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "5/15m/key,30/m/ip"}
# How many reverse proxies stand before the node; each one's word for the caller's address is then believed.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("YITONG_PROXIES", "0"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
        "UserAttributeSimilarityValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "yitong.base.identity.secret.RandomSecretHasher",  # only for secrets drawn by the node
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
# Staff prove who they are by two things; in the demo they may, and need not.
SECOND_FACTOR = os.environ.get(
    "YITONG_SECOND_FACTOR", "optional" if PROFILE == "demo" else "required"
)
MFA_ADAPTER = "yitong.base.identity.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "yitong.base.identity.factors.CodeForm",
    "reauthenticate": "yitong.base.identity.factors.AgainCodeForm",
    "authenticate_webauthn": "yitong.base.identity.factors.PasskeyForm",
    "login_webauthn": "yitong.base.identity.factors.PasskeyLogInForm",
    "reauthenticate_webauthn": "yitong.base.identity.factors.AgainPasskeyForm",
}
# 统一身份认证 for citizens: the adapter of the agreement with the province, empty where there is none.
SIGN_ON = (
    {
        "adapter": os.environ.get(
            "YITONG_SIGN_ON_ADAPTER", "yitong.base.identity.provincial.ProvincialSignOn"
        ),
        "address_there": os.environ["YITONG_SIGN_ON_URL"],
        "issuer": os.environ.get("YITONG_SIGN_ON_ISSUER", "province"),
        "app": os.environ.get("YITONG_SIGN_ON_APP", ""),
        "secret": os.environ.get("YITONG_SIGN_ON_SECRET", ""),
        "public_key": os.environ.get("YITONG_SIGN_ON_KEY", ""),
    }
    if os.environ.get("YITONG_SIGN_ON_URL")
    else {}
)
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDP_OIDC_ADAPTER = "yitong.base.identity.provider.ProviderAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
