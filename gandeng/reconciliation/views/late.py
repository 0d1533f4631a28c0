"""What came in about a cycle after it was closed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle, books_for
from gandeng.reconciliation.late_queries import late_outcomes_of
from gandeng.reconciliation.models import CurrentOutcome
from gandeng.reconciliation.views.cycles import tabs
from gandeng.web.paging import known_filters, page_by_key


@allowed(May.SEE_RECONCILIATION)
@require_GET
def late(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Every change, newest first: what the payment was at the closing, what that report says, where it is booked."""
    known_filters(request, ())
    cycle = access_cycle(acting(request), cycle_id)
    page = page_by_key(late_outcomes_of(cycle), request, key="pk", descending=True)
    then = CurrentOutcome.objects.in_bulk([row.payment_id for row in page.rows])
    context = {
        "cycle": cycle,
        "region": region_name(cycle.region_code),
        "page": page,
        "rows": [{"late": row, "then": then.get(row.payment_id)} for row in page.rows],
        "books": books_for(cycle) if cycle.state == Cycle.State.CLOSED else None,
        "tabs": tabs(cycle, ""),
    }
    return render(request, "reconciliation/late.html", context)
