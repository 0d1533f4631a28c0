"""An answer becomes a complaint by one press, never by itself; a sensitive one goes to heads of offices alone."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.money import format_rupiah
from gandeng.helpdesk.actions.cases import Told, file_case, link
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import kinds
from gandeng.helpdesk.queries import may_work
from gandeng.monitoring.models import Answer, Drawn, Opened
from gandeng.monitoring.queries import words_of as noted
from gandeng.monitoring.refused import MonitoringRefused, words_of
from gandeng.web.language import indonesian
from gandeng.web.refusals import guarded
from gandeng.web.templatetags.gandeng import tahap

KINDS = {"nothing": "NOT_RECEIVED", "less": "AMOUNT", "elsewhere": "CARD_HELD", "levied": "LEVY"}
"""By the sign it follows from."""


def kinds_for(answer: Answer) -> list[str]:
    """Kinds of complaint its signs lead to; less money while somebody asked for a part is a levy, told once."""
    found = [kind for sign, kind in KINDS.items() if getattr(answer, sign)]
    return [kind for kind in found if not (kind == "AMOUNT" and answer.levied)]


def may_open(acting: Acting, one: Drawn) -> bool:
    """Whoever works complaints of the place: a facilitator who asked leaves it to the office."""
    return acting.may(May.WORK_CASES, one.village_code) and acting.may(May.TELL_CASE, one.village_code)


def open_case(acting: Acting, one: Drawn, answer: Answer, kind: str) -> Case | None:
    """The complaint; None where it is a sensitive one that whoever opened it does not find again.

    Raises MonitoringRefused, PermissionDenied.
    """
    authority = acting.authority(May.WORK_CASES, one.village_code)
    if kind not in kinds_for(answer):
        raise MonitoringRefused(_("Jawaban itu sudah berubah. Muat ulang halamannya."))
    key, sensitive = uuid4(), kinds()[kind].sensitive
    with transaction.atomic(), guarded(words_of):
        file_case(acting, Told(kind, one.village_code, _what(one, answer), Case.Came.FIELD), key)
        found = Case.objects.filter(pk=key).first()
        if found is not None and not sensitive and may_work(acting, found):
            link(acting, found, one.payment)
        Opened.objects.bulk_create([
            Opened(answer=answer, kind=kind, case_id=key, by_id=acting.person_id, authority=authority)
        ])  # fmt: skip
        if not sensitive:
            record(
                acting, "monitoring.opened", answer, region=one.village_code, authority=authority, kind=kind,
                case=str(key),
            )  # fmt: skip
    return found


def _what(one: Drawn, answer: Answer) -> str:
    """What the desk reads, in Indonesian: which money, what the channel says, what the family says."""
    with indonesian():
        told = _(
            "Pemantauan pasca-salur %(stage)s, pembayaran %(payment)s. Menurut penyalur %(ours)s dikreditkan; "
            "menurut keluarga %(said)s di tangannya. Kartu: %(card)s. PIN diketahui: %(pin)s. Potongan: %(levy)s."
        ) % {
            "stage": tahap(one.cycle), "payment": one.payment_id, "ours": format_rupiah(one.net_rupiah),
            "said": format_rupiah(answer.in_hand_rupiah or 0), "card": answer.get_card_display(),
            "pin": answer.get_pin_display(), "levy": answer.get_levy_display(),
        }  # fmt: skip
        words = noted(answer)
        return f"{told} {_('Catatan')}: {words}" if words else told
