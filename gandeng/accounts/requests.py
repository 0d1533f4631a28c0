"""What a view may take for granted: somebody with grants."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gandeng.accounts.acting import Acting


def acting(request: HttpRequest) -> Acting:
    """Who asks. Raises PermissionDenied for nobody."""
    who = getattr(request, "acting", None)
    if who is None:
        raise PermissionDenied("nobody")
    return cast(Acting, who)
