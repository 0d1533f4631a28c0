"""The application a web server runs: `gandeng serve`, or any WSGI server on `gandeng.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gandeng.settings")

application = get_wsgi_application()
