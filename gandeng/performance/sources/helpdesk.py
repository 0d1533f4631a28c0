"""From the helpdesk: answers to complaints and questions (RHK 6), sensitive ones apart."""

from django.utils.translation import gettext_lazy

from gandeng.helpdesk.published import kind_words, kinds
from gandeng.performance.sources import Source


def _kind(code: str) -> str:
    return kind_words(code) if code in kinds() else code


ANSWERS = Source(
    "helpdesk.answers", 6, gettext_lazy("pengaduan yang dijawab"),
    "select * from performance_answers(%(staff)s, %(since)s, %(until)s)", kind_words=_kind,
)  # fmt: skip
