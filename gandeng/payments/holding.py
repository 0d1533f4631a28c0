"""Where the account or the collector of a request to hold it stands on lists: too late for some, in time for others."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.machine import MACHINE
from gandeng.accounts.roles import May
from gandeng.core.channels import POST
from gandeng.payments.levels import fully_approved
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.registry.models import Account, ChangeRequest, Member
from gandeng.registry.queries import held_now
from gandeng.web.sections import Shown

_State, _Asked = PaymentList.State, ChangeRequest.State
_IN_TIME = gettext_lazy("Bila disetujui, daftarnya disusun lagi dahulu sebelum dapat diajukan.")
_HANDED_IN = gettext_lazy("Bila disetujui, daftarnya dikembalikan dan disusun lagi dahulu sebelum dapat disetujui.")
_APPROVED = gettext_lazy("Semua tingkat sudah setuju. Minta agar daftarnya dikembalikan sebelum diperintahkan.")
_SENT = gettext_lazy("Perintahnya sudah dibuat. Hubungi penyalurnya sekarang.")


def denied_on(found: PaymentList) -> int:
    """Payments of a list to what is held by now: nobody says yes to it before it is made anew."""
    held = held_now()
    if not held:
        return 0
    with in_territory(MACHINE):  # a family may live elsewhere by now
        there = _paid_to(Account.objects.filter(pk__in=held), Member.objects.filter(pk__in=held))
        return Payment.objects.filter(there, list=found).count()


def on_lists(acting: Acting, change: ChangeRequest) -> Shown | None:
    """Payments of stages that are not closed to what would be held, each with what helps; None where there are none."""
    if change.kind not in ChangeRequest.HOLDS or change.state not in (_Asked.PENDING, _Asked.APPROVED):
        return None
    if not acting.may(May.SEE_PAYMENTS, change.village_code):
        return None
    rows = [{"payment": one, "stage": one.owed_by or one.cycle, "helps": _helps(one.list)} for one in _payments(change)]
    return (_("Pembayaran ke sana"), "payments/on_lists.html", {"rows": rows}) if rows else None


def _payments(change: ChangeRequest) -> QuerySet[Payment]:
    accounts, collectors = Account.objects.none(), Member.objects.none()
    if change.kind == ChangeRequest.Kind.HOLD_ACCOUNT:
        accounts = Account.objects.filter(family=change.family_id, valid_until__isnull=True)
    else:
        collectors = Member.objects.filter(collects_for=change.family_id)
    rows = Payment.objects.filter(_paid_to(accounts, collectors), family_id=change.family_id)
    rows = rows.exclude(cycle__state=Cycle.State.CLOSED)
    return rows.select_related("cycle", "list__cycle", "owed_by").order_by("-payment_id")


def _paid_to(accounts: QuerySet[Account], collectors: QuerySet[Member]) -> Q:
    """Payments that go to one of the accounts, or that one of the people collects, of their own family."""
    same = Q(account_index=OuterRef("account_index")) | Q(channel=POST)
    account = accounts.filter(same, family=OuterRef("family"), channel=OuterRef("channel"))
    collector = collectors.filter(family=OuterRef("family"), nik_index=OuterRef("nik_index"))
    return Q(Exists(account)) | Q(Exists(collector))


def _helps(found: PaymentList) -> str | Promise:
    if found.state == fully_approved(found.cycle):
        return _APPROVED
    return {_State.DRAFT: _IN_TIME, _State.INSTRUCTED: _SENT}.get(_State(found.state), _HANDED_IN)
