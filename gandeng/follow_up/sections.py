"""This package's part of the page of an exception."""

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.follow_up.queries import may_tell, told_of
from gandeng.reconciliation.models import ExceptionCase
from gandeng.web.sections import Shown

_SHOWN = 10


def of_exception(acting: Acting, case: ExceptionCase) -> Shown | None:
    """What was found out about its payment, and the way to tell more."""
    if case.payment is None or case.row is not None:
        return None
    rows = list(told_of([case.payment.pk])[:_SHOWN])
    tells = case.worked and may_tell(acting, case.payment, timezone.localdate())
    codes = next((row.reason_code for row in rows if row.reason_code), "")
    context = {
        "rows": rows,
        "payment_id": case.payment.pk if tells else "",
        "other_code": codes if codes != case.reason_code else "",
    }
    return _("Dari lapangan"), "follow_up/section.html", context
