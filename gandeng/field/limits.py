"""How much one phone may send, so that one gone wild does not keep the others waiting."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from gandeng.accounts.public_tries import count_up_to
from gandeng.field.models import Device

WINDOW = timedelta(minutes=10)


def wait_of(device: Device) -> int:
    """Count one more delivery or photo of this phone: seconds it has to wait, 0 for none."""
    now = timezone.now()
    since = now - timedelta(seconds=now.timestamp() % WINDOW.total_seconds())
    if count_up_to(f"field|{device.pk}", settings.FIELD_SENDS_MAX, since.replace(microsecond=0)):
        return 0
    return max(1, round((since + WINDOW - now).total_seconds()))
