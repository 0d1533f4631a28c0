"""The log of acts, for those who may read it. Here and not in `audit`, which knows no people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit import queries
from gandeng.web.paging import known_filters, page_by_key


@allowed(May.SEE_LOG)
def entries(request: HttpRequest) -> HttpResponse:
    """Newest first, by key."""
    filters = known_filters(request, queries.FILTERS)
    page = page_by_key(queries.entries(filters), request, key="id", descending=True)
    return render(request, "audit/entries.html", {"page": page, "filters": filters})
