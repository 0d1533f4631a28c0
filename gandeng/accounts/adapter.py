"""What allauth asks us: who may come in, what identity is shown by, how secrets are kept."""

import base64
import time
from functools import partial
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gandeng.accounts.models import User
from gandeng.accounts.refusals import sign_in_refused
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.web.addresses import full_address
from gandeng.web.mail import went_out

_SECRET = Place("mfa_authenticator", "secret", "")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Invitation only; identity is shown again by the second factor where there is one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: an administrator invites."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Her time begins with the session, which is written down anyway: the first page need not write it again."""
        super().login(request, user)
        request.session["seen"] = request.session["began"] = int(time.time())

    def get_client_ip(self, request: HttpRequest) -> str:
        """IPv4 as IPv4: a proxy that listens on both writes `::ffff:198.51.100.7`.

        All such are one network of IPv6, in which one who guesses would keep everybody waiting.
        """
        address = ip_address(super().get_client_ip(request))
        return str(getattr(address, "ipv4_mapped", None) or address)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """At the office's own address: whoever asks for another's letter chooses the host name that was asked for."""
        return full_address(self.request, urlsplit(super().get_reset_password_from_key_url(key)).path)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter that does not go out is told of, in the same words whether the address has a login or not."""
        if not went_out(partial(super().send_mail, template_prefix, email, context)):
            messages.error(
                self.request,
                _(
                    "Server surel tidak menjawab, jadi belum ada surel yang terkirim. Coba lagi sebentar lagi, atau "
                    "hubungi administrator kantor Anda."
                ),
            )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Slows guessing down; what is beyond the limit is written down."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            sign_in_refused(str(credentials.get("email", "")))
            raise

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The second factor alone where there is one: the password neither signs nor takes the factor off."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"].startswith("mfa_reauthenticate")] or methods


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of one-time and recovery codes are sealed like identifiers."""

    def encrypt(self, text: str) -> str:
        """As the table keeps it."""
        return base64.b64encode(seal(text, _SECRET)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As the check of a code needs it."""
        return unseal(base64.b64decode(encrypted_text), _SECRET)
