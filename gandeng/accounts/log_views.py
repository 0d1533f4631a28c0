"""The log of acts, for those who may read it. Here and not in `audit`, which knows no people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.audit import queries
from gandeng.audit.heads import anchor
from gandeng.audit.log_keys import log_key
from gandeng.web.answers import as_file
from gandeng.web.paging import known_filters, page_by_column, page_by_key, query_of


@allowed(May.SEE_LOG)
def entries(request: HttpRequest) -> HttpResponse:
    """Newest first, by key; where days are named, by their instant, which has an index."""
    filters = known_filters(request, queries.FILTERS)
    hours = acting(request).hours
    rows = queries.entries(filters, hours)
    if any(filters[day] for day in queries.DAYS):
        page = page_by_column(rows, request, "at", descending=True)
    else:
        page = page_by_key(rows, request, key="id", descending=True)
    context = {
        "page": page, "filters": filters, "acts": queries.acts(filters["action"]), "hours": hours,
        "query": query_of(filters),
    }  # fmt: skip
    return render(request, "audit/entries.html", context)


@allowed(May.SEE_LOG)
def heads(request: HttpRequest) -> HttpResponse:
    """The daily heads, newest first, each with the line to keep outside."""
    known_filters(request, ())
    page = page_by_key(queries.heads(), request, key="number", descending=True)
    key = log_key()
    context = {
        "page": page,
        "rows": [{"head": head, "anchor": anchor(head)} for head in page.rows],
        "trail": [{"label": _("Jejak"), "url": reverse("audit:entries")}, {"label": _("Segel jejak"), "url": ""}],
        "key": key.public_text if key else "",
        "today": queries.heads().filter(day=timezone.localdate()).exists(),
    }
    return render(request, "audit/heads.html", context)


@allowed(May.SEE_LOG)
def anchors(request: HttpRequest) -> HttpResponse:
    """Every line, oldest first, as `gandeng verify --anchor` reads them."""
    known_filters(request, ())
    text = "".join(f"{anchor(head)}\n" for head in queries.heads().order_by("number"))
    return as_file(text, "segel-jejak.txt", "text/plain; charset=utf-8")
