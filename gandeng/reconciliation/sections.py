"""What this package says on the pages of a payment and of a family, and before a stage closes."""

from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.held_queries import came_in, held_by_cycle, held_together
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.models import ExceptionCase, OutcomeInForce
from gandeng.reconciliation.queries import rows_of_payment, under_way_in
from gandeng.reconciliation.reissue_queries import closed_before, reissue_totals
from gandeng.registry.models import Family
from gandeng.web.sections import Shown

PAYMENTS_MAX = 12


def of_payment(acting: Acting, payment: Payment) -> Shown | None:
    """Outcome in force, what each file said, the exception, where it was sent again; None before the first run."""
    if not acting.may(May.SEE_RECONCILIATION):
        return None
    current = OutcomeInForce.objects.filter(payment=payment).select_related("booked_in").first()
    if current is None:
        return None
    cases = ExceptionCase.objects.filter(payment=payment, row__isnull=True).exclude(state=ExceptionCase.State.GONE)
    again = Payment.objects.filter(reissue_of=payment).first()
    told = {
        "current": current, "rows": rows_of_payment(payment.pk), "again": again,
        "case": cases.order_by("-cycle__year", "-cycle__stage").first(),
    }  # fmt: skip
    return _("Hasil bank"), "reconciliation/section_payment.html", told


def of_family(acting: Acting, family: Family) -> Shown | None:
    """Outcomes of the family's payments, newest first."""
    if not acting.may(May.SEE_RECONCILIATION):
        return None
    found = OutcomeInForce.objects.filter(payment__family=family).select_related("cycle", "payment")
    rows = list(found.order_by("-cycle__year", "-cycle__stage", "-payment_id")[:PAYMENTS_MAX])
    if not rows:
        return None
    return _("Hasil penyaluran"), "reconciliation/section_family.html", {"rows": rows}


def of_closing(acting: Acting, cycle: Cycle) -> Shown | None:
    """Requests somebody has to decide or send, exceptions closing leaves unsettled, families it holds, and those that
    closed stages still owe money; else None.
    """
    if not acting.may(May.SEE_RECONCILIATION):
        return None
    told = under_way_in(cycle) | {"came_in": len(came_in(cycle)), "again": (again := reissue_totals(cycle))}
    told["owed"] = owed = held_together(held_by_cycle(closed_before(cycle)).values())
    if not any((told["payments"], told["rows"], told["came_in"], again["asked"], again["waiting"], owed.families)):
        return None
    return _("Yang belum selesai"), "reconciliation/section_closing.html", told
