"""Checks of the mail server: it answers, it encrypts, and bounces have a place to come to."""

import smtplib
import ssl
from collections.abc import Iterator

from deployments.doctor.result import Result
from models.settings import Settings
from notifications.addresses import mail_domain
from notifications.smtp import IMPLICIT_TLS

SECONDS = 10


def check_mail(settings: Settings) -> Iterator[Result]:
    """Yield whether letters can be handed over, where bounces go, and the sender. Nothing is sent, nobody is named."""
    yield _server(settings)
    yield _return_path(settings)
    yield _sender(settings)


def _server(settings: Settings) -> Result:
    where = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        words = _greet(settings)
    except smtplib.SMTPNotSupportedError:
        return Result(
            "mail server", f"{where} offers no STARTTLS", "Use a mail server that encrypts; letters hold links."
        )
    except (OSError, smtplib.SMTPException) as error:
        remedy = "Set WELLKEPT_SMTP_HOST and WELLKEPT_SMTP_PORT; letters wait in the store meanwhile."
        if settings.demo:
            remedy = "The demo's mailbox takes letters while `wellkept up --demo` runs."
        return Result("mail server", f"{where} does not take us: {error}", remedy)
    return Result("mail server", f"{where} {words}")


def _greet(settings: Settings) -> str:
    """Say EHLO, and STARTTLS where it is asked for. Raises OSError and smtplib's errors."""
    context = ssl.create_default_context()
    implicit = settings.smtp_port == IMPLICIT_TLS
    with _connected(settings, context if implicit else None) as server:
        server.ehlo_or_helo_if_needed()
        if settings.smtp_starttls and not implicit:
            server.starttls(context=context)
            server.ehlo()
        if settings.smtp_username and settings.smtp_password:
            server.login(settings.smtp_username, settings.smtp_password.get_secret_value())
    encrypted = implicit or settings.smtp_starttls
    return "answers, encrypted" if encrypted else "answers, not encrypted"


def _connected(settings: Settings, context: ssl.SSLContext | None) -> smtplib.SMTP:
    if context:
        return smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=SECONDS, context=context)
    return smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=SECONDS)


def _return_path(settings: Settings) -> Result:
    if _is_nobodys(settings.bounce_domain, settings):
        remedy = "Set WELLKEPT_BOUNCE_DOMAIN to a domain whose mail comes to `wellkept mail bounce`."
        return Result("return path", f"{settings.bounce_domain} is nobody's domain", remedy)
    return Result("return path", f"bounces come to bounces+…@{settings.bounce_domain}")


def _sender(settings: Settings) -> Result:
    if _is_nobodys(mail_domain(settings), settings):
        return Result("sender", f"{settings.mail_from} is nobody's address", "Set WELLKEPT_MAIL_FROM.")
    return Result("sender", f"letters come from {settings.mail_from}")


def _is_nobodys(domain: str, settings: Settings) -> bool:
    """Tell whether a domain is one that nobody can own (RFC 2606); a demo may have such."""
    return domain.endswith((".example", ".invalid", ".test")) and not settings.demo
