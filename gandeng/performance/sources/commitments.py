"""From commitments: members whose quarter she verified at school or clinic (RHK 3)."""

from django.utils.translation import gettext_lazy

from gandeng.commitments.models import Verdict
from gandeng.performance.sources import Source


def _verdict(code: str) -> str:
    return str(Verdict.Kind(code).label) if code in Verdict.Kind else code


COMMITMENTS = Source(
    "commitments.verdicts", 3, gettext_lazy("verifikasi komitmen anggota keluarga"),
    "select * from performance_commitments(%(staff)s, %(since)s, %(until)s)", kind_words=_verdict,
)  # fmt: skip
