"""Settings that do not go together, found at start; `gandeng check --deploy` names every unsafe choice."""

import os
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.http.request import validate_host
from django.utils import timezone

from gandeng.accounts.certificate import office_certificate
from gandeng.documents.signing import CertificateUnreadable
from gandeng.web.mail import NOT_TAKEN

_SECRET_MIN = 50
_FLUSHED = ["fsync", "full_page_writes", "synchronous_commit"]
_NO_MAIL = ("console", "dummy", "filebased", "locmem")
_SECURITY = ("none", "starttls", "tls")
_HERE = ("localhost", "127.0.0.1", "::1")
_CERTIFICATE_SOON = timedelta(days=30)


@register(Tags.security)
def settings_fit(**_: Any) -> list[Error | Caution]:
    """What must not be, in any office."""
    found: list[Error | Caution] = []
    if not _secret_key():
        found.append(Error("GANDENG_SECRET_KEY is empty", hint="gandeng keys make writes one", id="gandeng.E001"))
    if settings.DEMO and settings.HTTPS:
        found.append(Error("GANDENG_DEMO opens every door and must not face a network", id="gandeng.E002"))
    if settings.MAIL_SECURITY not in _SECURITY:
        hint = f"one of {', '.join(_SECURITY)}"
        found.append(Error("GANDENG_EMAIL_SECURITY is no way to close a connection", hint=hint, id="gandeng.E009"))
    return found + _certificate_fits() + _files_fit()


def _secret_key() -> str:
    """Empty where there is none, for which Django raises."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return ""


def _files_fit() -> list[Error | Caution]:
    """Where files lie is one of three places, and what it needs is there."""
    bucket = settings.FILES.startswith("s3://")
    if settings.FILES not in ("", "disk") and not bucket:
        return [Error("GANDENG_FILES is no place", hint="empty, disk, or s3://bucket/folder", id="gandeng.E007")]
    if bucket and find_spec("obstore") is None:
        return [Error("GANDENG_FILES names a bucket", hint="pip install 'gandeng[s3]'", id="gandeng.E008")]
    return []


def _certificate_fits() -> list[Error | Caution]:
    """What must not be said together of the office's certificate."""
    found: list[Error | Caution] = []
    passwords = (settings.SIGNING_PASSWORD, settings.SIGNING_PASSWORD_FILE)
    if not settings.SIGNING_CERTIFICATE and any((*passwords, settings.SIGNING_TIMESTAMP_URL)):
        hint = "set GANDENG_SIGNING_CERTIFICATE, or take the other GANDENG_SIGNING_... away"
        found.append(Error("a password or a timestamp address without a certificate", hint=hint, id="gandeng.E003"))
    if all(passwords):
        hint = "keep GANDENG_SIGNING_PASSWORD_FILE"
        found.append(Error("the certificate's password is told twice", hint=hint, id="gandeng.E004"))
    if (url := settings.SIGNING_TIMESTAMP_URL) and not url.startswith(("https://", "http://")):
        found.append(Error("GANDENG_SIGNING_TIMESTAMP_URL is no address", hint="https://...", id="gandeng.E005"))
    try:
        office_certificate()
    except CertificateUnreadable:
        hint = "is it PKCS#12 with its key, and is the password right? openssl pkcs12 -info -noout -in FILE"
        found.append(Error("GANDENG_SIGNING_CERTIFICATE cannot be read", hint=hint, id="gandeng.E006"))
    return found


@register(Tags.security, deploy=True)
def fit_for_an_office(**_: Any) -> list[Error | Caution]:
    """What an office must not run with."""
    rules = {
        "E010": (settings.DEMO, "GANDENG_DEMO is on: anybody signs in as anybody"),
        "E011": (settings.DEBUG, "GANDENG_DEBUG is on: errors show data"),
        "E012": (not settings.HTTPS, "GANDENG_HTTPS is off: passwords travel in the open"),
        "E013": (len(_secret_key()) < _SECRET_MIN, "GANDENG_SECRET_KEY is shorter than 50 characters"),
        "E014": (not settings.DATABASE_URL, "DATABASE_URL is not set"),
        "E015": (
            settings.DATABASE_URL == settings.DATABASE_OWNER_URL,
            "DATABASE_URL is the owner of the tables: row security does not bind the owner",
        ),
        "E016": ("*" in settings.ALLOWED_HOSTS, "GANDENG_HOSTS lets any host name in"),
        "E030": (
            not _leads_here(settings.ADDRESS),
            "GANDENG_ADDRESS, which papers and mails print, is not https://HOST with a host of GANDENG_HOSTS",
        ),
        "E017": (_readable_by_others(settings.KEY_FILE), "the key file can be read by others: chmod 600"),
        "E018": (
            not os.access(settings.LOG_KEY_FILE, os.R_OK),
            "there is no key to seal the log with, or this user may not read it: gandeng keys make-log, chown",
        ),
        "E026": (
            not os.access(settings.KEY_FILE, os.R_OK),
            "there is no key file, or this user may not read it: gandeng keys make, chown",
        ),
        "E022": (
            any(_readable_by_others(path) for path in (settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD_FILE)),
            "the office's certificate or its password can be read by others: chmod 600",
        ),
        "E028": (
            _sends_no_mail(),
            "GANDENG_EMAIL_BACKEND sends no mail: invitations and ways back in reach nobody, or stand in a log",
        ),
        "E031": (
            settings.MAIL_SECURITY == "none" and settings.MAIL_HOST not in _HERE,
            "GANDENG_EMAIL_SECURITY is none: ways in go to the server of mails for everybody on the way to read",
        ),
        "E029": (
            _readable_by_others(settings.DATA_DIR),
            "GANDENG_DATA can be read by others, and files of banks lie in it as they came: chmod 700",
        ),
        "E033": (
            not Path(os.environ.get("GANDENG_DATA", "")).is_absolute(),
            "GANDENG_DATA is no whole path: site, worker and backup would each look where they were started",
        ),
        "E019": (_readable_by_others(settings.LOG_KEY_FILE), "the log's key can be read by others: chmod 600"),
    }
    wrong = [Error(words, id=f"gandeng.{code}") for code, (wrong, words) in rules.items() if wrong]
    return [*wrong, *_certificate_lasts(timezone.now())]


@register(Tags.security, deploy=True)
def row_security_binds(**_: Any) -> list[Error | Caution]:
    """The same role under another spelling of its address, a superuser, a member of the owner: PostgreSQL knows."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), current_user from pg_class where relrowsecurity and not row_security_active(oid)"
            )
            tables, role = cursor.fetchone()
    except DatabaseError:
        return []  # database_keeps_what_it_answers names it
    hint = "give DATABASE_URL a role that owns no table, belongs to no owner and is no superuser (database-roles.sql)"
    wrong = f"row security does not bind the role {role} of DATABASE_URL (tables: {tables})"
    return [Error(wrong, hint=hint, id="gandeng.E027")] if tables else []


@register(Tags.security, deploy=True)
def mail_goes_out(**_: Any) -> list[Error | Caution]:
    """The server of mails takes us, as it must for an invitation; nothing is sent."""
    if _sends_no_mail():
        return []  # fit_for_an_office names it
    try:
        with mailers.default:
            return []
    except NOT_TAKEN as error:
        hint = "are GANDENG_EMAIL_HOST, _PORT, _SECURITY, _USER and _PASSWORD right? Nobody can be invited without it"
        return [Caution(f"the server of mails does not take us: {error}", hint=hint, id="gandeng.W032")]


@register(Tags.security, deploy=True)
def database_keeps_what_it_answers(**_: Any) -> list[Error | Caution]:
    """Nothing that was answered may be lost with the power."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select name from pg_settings where name = any(%s) and setting = 'off' order by 1", [_FLUSHED]
            )
            lazy = [str(name) for (name,) in cursor.fetchall()]
    except DatabaseError:
        return [Error("the database cannot be asked", hint="is DATABASE_URL right?", id="gandeng.E025")]
    hint = "set it on in postgresql.conf, and for no role or database off"
    return [
        Error(f"{name} is off: the database answers before it has written", hint=hint, id="gandeng.E024")
        for name in lazy
    ]


def _certificate_lasts(now: datetime) -> list[Error | Caution]:
    """Minutes made with a certificate that is over bear no signature, which is found out too late."""
    try:
        certificate = office_certificate()
    except CertificateUnreadable:
        return []  # settings_fit names it
    if certificate is None:
        return []
    day = f"{timezone.localtime(certificate.valid_until):%Y-%m-%d}"
    hint = "minutes are made without the office's signature until a new one is in GANDENG_SIGNING_CERTIFICATE"
    if certificate.unfit(now):
        return [Error(f"the office's certificate does not hold today (until {day})", hint=hint, id="gandeng.E020")]
    if certificate.valid_until - now < _CERTIFICATE_SOON:
        return [Caution(f"the office's certificate ends soon, on {day}", hint=hint, id="gandeng.W021")]
    return []


def _sends_no_mail() -> bool:
    return any(f".{kind}." in settings.MAILERS["default"]["BACKEND"] for kind in _NO_MAIL)


def _leads_here(address: str) -> bool:
    parts = urlsplit(address)
    return (
        parts.scheme == "https"
        and not (parts.path or parts.query or parts.fragment or parts.username)
        and validate_host(parts.hostname or "", settings.ALLOWED_HOSTS)
    )


def _readable_by_others(path: Path | None) -> bool:
    return bool(path and path.exists() and path.stat().st_mode & 0o077)
