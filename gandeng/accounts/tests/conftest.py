"""Whoever signs in."""

import pytest
from django.test import override_settings

from gandeng.accounts.models import User
from gandeng.accounts.tests.test_sessions import WORDS


@pytest.fixture
def user(operator):
    """The operator's login, with a password."""
    user = User.objects.get(person_id=operator.person_id)
    user.set_password(WORDS)
    user.save()
    return user


@pytest.fixture
def mail_down():
    """Inside it nobody listens where mail is handed over."""
    smtp = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {"host": "127.0.0.1", "port": 1}}
    return override_settings(MAILERS={"default": smtp})
