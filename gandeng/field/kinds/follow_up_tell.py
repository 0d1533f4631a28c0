"""follow_up.tell: what she found out about a payment that did not arrive. One entry, one FollowUp of the same id.

The form is the page's own, so that the same thing is refused in the same words.
"""

from dataclasses import replace

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, refused_by
from gandeng.follow_up.actions import FollowUpRefused, tell
from gandeng.follow_up.forms import TellForm
from gandeng.follow_up.models import FollowUp
from gandeng.follow_up.queries import Subject, access_subject, told_of
from gandeng.payments.models import Payment
from gandeng.reconciliation.words import reason_name

_TYPED = ("how", "found", "reason_code", "note")


def take(acting: Acting, given: Given) -> str:
    """Keep it. Conflict where the money has arrived, or been settled, since she saw the task."""
    form = TellForm(
        given.typed(*_TYPED) | {"entry_id": str(given.record_id), "on_day": given.day("on_day").isoformat()}
    )
    if not form.is_valid():
        raise refused_by(form)
    subject = _subject(acting, given)
    try:
        told = form.told()
        tell(acting, subject, replace(told, note=given.signed(told.note)))
    except FollowUpRefused as why:
        raise Refused(Why(str(why), why.field)) from why
    return reverse("registry:family", args=[given.family.pk])


def _subject(acting: Acting, given: Given) -> Subject:
    payment = _payment(given)
    if payment is None:
        raise Refused(Why(_("Pembayaran itu bukan pembayaran keluarga ini."), "payment_id"))
    try:
        return access_subject(acting, payment.pk, timezone.localdate())
    except Http404:
        if given.by_office:
            return Subject(payment, None, None)
        raise Conflict(_("Masalah pembayaran ini sudah selesai sejak daftar Anda diambil.")) from None


def _payment(given: Given) -> Payment | None:
    asked = str(given.body.get("payment_id", ""))[:80]
    return Payment.objects.select_related("family", "cycle").filter(pk=asked, family=given.family).first()


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside the newest news of the same payment."""
    payment, told = _payment(given), given.typed(*_TYPED, "on_day")
    last = told_of([payment.pk]).first() if payment else None
    return [
        Line(
            pgettext("satu", "Pembayaran"), str(given.body.get("payment_id", "")),
            str(payment.cycle) if payment else _("tidak ada"),
        ),
        Line(_("Hari"), told["on_day"], last.on_day.isoformat() if last else ""),
        Line(_("Cara"), _label(FollowUp.How, told["how"]), last.get_how_display() if last else ""),
        Line(_("Hasil"), _label(FollowUp.Found, told["found"]), last.get_found_display() if last else ""),
        Line(_("Sebab"), reason_name(told["reason_code"]) or told["reason_code"],
             reason_name(last.reason_code) if last else ""),
        Line(_("Catatan"), told["note"], last.note if last else ""),
    ]  # fmt: skip


def _label(choices: type[FollowUp.How] | type[FollowUp.Found], code: str) -> str:
    return str(dict(choices.choices).get(code, code))


KIND = Kind("follow_up.tell", 1, gettext_lazy("Tindak lanjut penyaluran"), take, compare, May.WORK_EXCEPTIONS)
