"""The application a web server runs: `gandeng serve`, or any WSGI server on `gandeng.wsgi:application`.

Without its keys it does not start: with an empty secret anybody could sign a session.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gandeng.settings")

application = get_wsgi_application()


def _keys_are_there() -> None:
    """Raises ImproperlyConfigured or KeysMissing."""
    from gandeng.audit.sealing import keys

    if settings.SECRET_KEY:
        keys()


_keys_are_there()
