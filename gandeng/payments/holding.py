"""Where the account or the collector of a request to hold it stands on lists: too late for some, in time for others."""

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.channels import POST
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.registry.models import ChangeRequest
from gandeng.registry.queries import account_in_force
from gandeng.web.sections import Shown

_State, _Asked = PaymentList.State, ChangeRequest.State
_IN_TIME = gettext_lazy("Tertahan bila disetujui sebelum daftarnya disusun lagi.")
_HANDED_IN = gettext_lazy("Daftarnya sudah diajukan. Minta agar dikembalikan dan disusun lagi.")
_SENT = gettext_lazy("Perintahnya sudah dibuat. Hubungi penyalurnya sekarang.")


def on_lists(acting: Acting, change: ChangeRequest) -> Shown | None:
    """Payments of stages that are not closed to what would be held, each with what helps; None where there are none."""
    if change.kind not in ChangeRequest.HOLDS or change.state not in (_Asked.PENDING, _Asked.APPROVED):
        return None
    if not acting.may(May.SEE_PAYMENTS, change.village_code):
        return None
    rows = [{"payment": one, "stage": one.owed_by or one.cycle, "helps": _helps(one.list)} for one in _payments(change)]
    return (_("Pembayaran ke sana"), "payments/on_lists.html", {"rows": rows}) if rows else None


def _payments(change: ChangeRequest) -> QuerySet[Payment]:
    rows = Payment.objects.filter(family_id=change.family_id).exclude(cycle__state=Cycle.State.CLOSED)
    rows = rows.select_related("cycle", "list", "owed_by").order_by("-payment_id")
    if change.kind == ChangeRequest.Kind.HOLD_COLLECTOR:
        collector = change.family.collector
        return rows.filter(nik_index=collector.nik_index) if collector and collector.nik_index else rows.none()
    account = account_in_force(change.family)
    if account is None or (account.account_index is None and account.channel != POST):
        return rows.none()
    return rows.filter(channel=account.channel, account_index=account.account_index)


def _helps(found: PaymentList) -> str | Promise:
    if found.state == _State.DRAFT:
        return _IN_TIME
    return _SENT if found.state == _State.INSTRUCTED else _HANDED_IN
