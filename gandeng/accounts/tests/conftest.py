"""Whoever signs in."""

import pytest

from gandeng.accounts.models import User
from gandeng.accounts.tests.test_sessions import WORDS


@pytest.fixture
def user(operator):
    """The operator's login, with a password."""
    user = User.objects.get(person_id=operator.person_id)
    user.set_password(WORDS)
    user.save()
    return user
