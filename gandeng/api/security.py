"""The key in the description of the API. That it is asked for at all is the rule of each address (accounts.rules)."""

from django.http import HttpRequest
from ninja.security.base import AuthBase

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting


class ApiKey(AuthBase):
    """`Authorization: Bearer gandeng_...`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Acting:
        """Who acts; the middleware has read the key, entered the territory and refused everybody else."""
        return acting(request)


key_of_request = ApiKey()
