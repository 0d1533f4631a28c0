"""A file of periods that cannot be used is found at start, not in the night."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from gandeng.privacy.retention import PeriodsBroken, stated


@register()
def periods_can_be_read(**_: Any) -> list[Error]:
    """GANDENG_RETENTION, where it is set."""
    try:
        stated(settings.RETENTION_FILE)
    except PeriodsBroken as broken:
        hint = "docs/privacy.md says what such a file holds; nothing is deleted meanwhile"
        return [Error(f"the periods of retention cannot be used: {broken}", hint=hint, id="gandeng.E023")]
    return []
