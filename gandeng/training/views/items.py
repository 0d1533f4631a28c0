"""Figures of questions in plain words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.training.items import Flag
from gandeng.training.paper_queries import ItemRow
from gandeng.training.question_lists import LETTERS

FLAGS = {
    Flag.TOO_FEW: gettext_lazy("Jawaban masih terlalu sedikit untuk dinilai"),
    Flag.TOO_EASY: gettext_lazy("Hampir semua benar: terlalu mudah untuk membedakan"),
    Flag.TOO_HARD: gettext_lazy("Hampir semua salah: terlalu sulit, atau materinya tidak diajarkan"),
    Flag.NEGATIVE: gettext_lazy("Yang nilainya tinggi justru sering salah: periksa kuncinya"),
    Flag.MISLEADING: gettext_lazy("Satu jawaban salah lebih sering dipilih daripada yang benar"),
}
_STRONG, _FAIR = 0.3, 0.15


def item_words(row: ItemRow) -> dict[str, Any]:
    """A row of the table."""
    item, question = row.item, row.question
    options = [
        {"letter": LETTERS[place], "text": text, "chosen": item.chosen[place], "right": place == question.right_option}
        for place, text in enumerate(question.options)
    ]
    return {
        "question": question, "item": item, "options": options, "flags": [str(FLAGS[one]) for one in item.flags],
        "bad": Flag.NEGATIVE in item.flags or Flag.MISLEADING in item.flags,
        "few": Flag.TOO_FEW in item.flags, "difference": difference_words(item.discrimination),
    }  # fmt: skip


def difference_words(discrimination: float | None) -> str:
    """Whether the question tells who knows from who does not."""
    if discrimination is None:
        return _("Belum dapat dihitung")
    told = f"{discrimination:.2f}".replace(".", ",")
    if discrimination < 0:
        return _("%(figure)s (terbalik)") % {"figure": told}
    if discrimination < _FAIR:
        return _("%(figure)s (lemah)") % {"figure": told}
    if discrimination < _STRONG:
        return _("%(figure)s (cukup)") % {"figure": told}
    return _("%(figure)s (baik)") % {"figure": told}
