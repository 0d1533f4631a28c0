"""Where the account or the collector of a request to hold it stands on lists: too late for some, in time for others."""

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.channels import POST
from gandeng.payments.levels import fully_approved
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.registry.cooling import NEVER
from gandeng.registry.models import ChangeRequest
from gandeng.registry.queries import account_in_force
from gandeng.web.sections import Shown

_State, _Asked = PaymentList.State, ChangeRequest.State
_IN_TIME = gettext_lazy("Bila disetujui, daftarnya disusun lagi dahulu sebelum dapat diajukan.")
_HANDED_IN = gettext_lazy("Bila disetujui, daftarnya dikembalikan dan disusun lagi dahulu sebelum dapat disetujui.")
_APPROVED = gettext_lazy("Semua tingkat sudah setuju. Minta agar daftarnya dikembalikan sebelum diperintahkan.")
_SENT = gettext_lazy("Perintahnya sudah dibuat. Hubungi penyalurnya sekarang.")
_DENIED = f"""
with accounts as materialized (select family_id, channel, account_index from registry_account
    where valid_until is null and usable_from > valid_from and usable_from = '{NEVER}'),
collectors as materialized (select f.id as family_id, m.nik_index from registry_family f
    join registry_member m on m.id = f.collector_id
    where f.collector_usable_from > f.entered_on and f.collector_usable_from = '{NEVER}')
select count(*) from payments_payment p where p.list_id = %s and (
    exists (select from accounts a where a.family_id = p.family_id and a.channel = p.channel
        and (a.account_index = p.account_index or (a.channel = '{POST}' and p.account_index is null)))
    or exists (select from collectors c where c.family_id = p.family_id and c.nik_index = p.nik_index))"""


def denied_on(found: PaymentList) -> int:
    """Payments of a list to what is held by now: nobody says yes to it before it is made anew."""
    with connection.cursor() as cursor:
        cursor.execute(_DENIED, [found.pk])
        return int(cursor.fetchone()[0])


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
    rows = rows.select_related("cycle", "list__cycle", "owed_by").order_by("-payment_id")
    if change.kind == ChangeRequest.Kind.HOLD_COLLECTOR:
        collector = change.family.collector
        return rows.filter(nik_index=collector.nik_index) if collector and collector.nik_index else rows.none()
    account = account_in_force(change.family)
    if account is None or (account.account_index is None and account.channel != POST):
        return rows.none()
    return rows.filter(channel=account.channel, account_index=account.account_index)


def _helps(found: PaymentList) -> str | Promise:
    if found.state == fully_approved(found.cycle):
        return _APPROVED
    return {_State.DRAFT: _IN_TIME, _State.INSTRUCTED: _SENT}.get(_State(found.state), _HANDED_IN)
