"""From payment follow-up: what she found out about money that did not arrive (RHK 1)."""

from django.utils.translation import gettext_lazy

from gandeng.follow_up.models import FollowUp
from gandeng.performance.sources import Source


def _found(code: str) -> str:
    return str(FollowUp.Found(code).label) if code in FollowUp.Found else code


FOLLOW_UPS = Source(
    "follow_up.follow_ups", 1, gettext_lazy("tindak lanjut pembayaran yang belum sampai"),
    "select * from performance_follow_ups(%(staff)s, %(since)s, %(until)s)", kind_words=_found,
)  # fmt: skip
