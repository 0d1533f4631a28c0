"""Sign-off: who has signed what, one statement, signing, the minutes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import place_chosen, region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.accounts.second_factor import ask_again
from gandeng.audit.actions import record
from gandeng.core.matching_tables import OUTCOMES
from gandeng.core.region_code import DISTRICT_DIGITS, PROVINCE_DIGITS
from gandeng.files.digests import sha256_of
from gandeng.payments.models import Cycle
from gandeng.payments.queries import access_cycle
from gandeng.reconciliation.actions.statements import (
    Needed,
    NotReady,
    level_of,
    make_statement,
    may_make,
    missing,
    needed,
)
from gandeng.reconciliation.actions.statements import sign as put_name
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.paper_signature import paper_signature
from gandeng.reconciliation.queries import access_statement, latest_run, places_of, signatures_of, statements_of
from gandeng.reconciliation.signing_queries import to_sign
from gandeng.reconciliation.views.cycles import tabs
from gandeng.web.addresses import full_address
from gandeng.web.paging import known_filters

SIGNS = (
    May.SIGN_DISTRICT_HEAD, May.SIGN_DISTRICT_COORDINATOR, May.SIGN_CHANNEL, May.SIGN_PROVINCE, May.SIGN_CENTRE,
)  # fmt: skip


@allowed(May.SEE_RECONCILIATION)
def statements(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Every region of one's territory: its statement, who has signed, who is missing."""
    known_filters(request, ())
    cycle = access_cycle(acting(request), cycle_id)
    return render(request, "reconciliation/statements.html", _overview(acting(request), cycle))


def _overview(who: Acting, cycle: Cycle, refused: str = "") -> dict[str, Any]:
    districts, _ = places_of(cycle)
    found = statements_of(cycle)
    in_force = {each.region_code: each for each in found if each.voided_at is None}
    regions = [
        code
        for code in sorted({code[:length] for code in districts for length in (0, 2, 4)}, key=lambda c: (-len(c), c))
        if code.startswith(cycle.region_code) and who.territory.holds(code)
    ]
    return {
        "cycle": cycle,
        "refused": refused,
        "run": latest_run(cycle),
        "lines": sorted((_line(who, region, in_force.get(region)) for region in regions), key=_mine_first),
        "void": [each for each in found if each.voided_at is not None],
        "tabs": tabs(cycle, "statements"),
    }


def _mine_first(line: dict[str, Any]) -> bool:
    return not line["mine"]


def _line(who: Acting, region: str, statement: Statement | None) -> dict[str, Any]:
    signatures = sorted(statement.signatures.all(), key=lambda each: each.at) if statement else []
    return {
        "region": region,
        "name": region_name(region),
        "level": level_of(region).label,
        "statement": statement,
        "signatures": signatures,
        "missing": missing(statement, signatures) if statement else [],
        "mine": bool(_mine(who, statement, signatures)) if statement else False,
        "may_make": statement is None and may_make(who, region),
    }


@allowed(May.WORK_EXCEPTIONS, May.RUN_CYCLE, *SIGNS)
@require_POST
def make(request: HttpRequest, cycle_id: UUID) -> HttpResponse:
    """Prepare a region's statement."""
    cycle = access_cycle(acting(request), cycle_id)
    region = place_chosen(request.POST.get("region", ""))
    if (
        not (region.isdigit() or region == "")
        or len(region) not in (0, PROVINCE_DIGITS, DISTRICT_DIGITS)
        or not acting(request).territory.holds(region)
    ):
        raise Http404
    try:
        made = make_statement(acting(request), cycle, region)
    except NotReady as refused:
        return render(
            request, "reconciliation/statements.html", _overview(acting(request), cycle, str(refused)), status=422
        )
    return redirect("reconciliation:statement", made.pk)


@allowed(May.SEE_RECONCILIATION)
def statement(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """What is signed, by whom, what is missing."""
    known_filters(request, ())
    found = access_statement(acting(request), statement_id)
    return render(request, "reconciliation/statement.html", _shown(request, found))


def _shown(request: HttpRequest, found: Statement, refused: str = "") -> dict[str, Any]:
    signatures, total = signatures_of(found), found.figures["total"]
    who = acting(request)
    mine = _mine(who, found, signatures)
    return {
        "statement": found,
        "cycle": found.cycle,
        "region": region_name(found.region_code),
        "figures": found.figures,
        "gap": found.figures["total"]["instructed"] - found.figures["total"]["net"],
        "signatures": signatures,
        "needed": needed(found.level, found.figures),
        "missing": missing(found, signatures),
        "mine": mine,
        "others": [] if mine else _others_to_sign(who, found),
        "instead": _instead(found),
        "below": _below(found),
        "outcomes": [
            (each, total["counts"][each], total["amounts"][each]) for each in OUTCOMES if total["counts"].get(each)
        ],
        "refused": refused,
        "address": _address(request, found),
        "certificate": paper_signature(found) if found.minutes_sha256 else None,
    }


def _mine(who: Acting, found: Statement, signatures: list[Signature]) -> list[Needed]:
    """The names this person may put under it now."""
    if found.voided_at or any(each.person_id == who.person_id for each in signatures):
        return []
    return [each for each in missing(found, signatures) if who.may(each.may, found.region_code, each.channel or None)]


def _others_to_sign(who: Acting, found: Statement) -> list[Statement]:
    """What else of the stage waits for this person: first what comes after this region."""
    waiting = to_sign(who, Q(cycle=found.cycle_id))
    return sorted(waiting, key=lambda each: each.region_code <= found.region_code)


def _instead(found: Statement) -> Statement | None:
    """What is in force in the place of a void one."""
    if not found.voided_at:
        return None
    return Statement.objects.filter(
        cycle=found.cycle_id, level=found.level, region_code=found.region_code, voided_at=None
    ).first()


def _below(found: Statement) -> list[dict[str, Any]]:
    """The statements it sums up, each with its page where one may see it."""
    told = found.figures.get("below") or []
    pages = dict(Statement.objects.filter(code__in=[each["code"] for each in told]).values_list("code", "pk"))
    return [{**each, "page": pages.get(each["code"])} for each in told]


def _address(request: HttpRequest, found: Statement) -> str:
    return full_address(request, reverse("verification:verify", args=[found.code]))


@allowed(*SIGNS)
@require_POST
def sign(request: HttpRequest, statement_id: UUID) -> HttpResponse:
    """Sign in one capacity, after showing once more who one is."""
    found = access_statement(acting(request), statement_id)
    ask_again(request)
    told = {name: request.POST.get(name, "") for name in ("capacity", "channel", "digest")}
    try:
        put_name(acting(request), found, address=_address(request, found), **told)
    except NotReady as refused:
        found.refresh_from_db()
        return render(request, "reconciliation/statement.html", _shown(request, found, str(refused)), status=422)
    messages.success(request, gettext("Tanda tangan Anda tercatat."))
    return redirect("reconciliation:statement", found.pk)


@allowed(May.SEE_RECONCILIATION)
def minutes(request: HttpRequest, statement_id: UUID) -> HttpResponseBase:
    """The minutes as they were typeset; a file that is not what was kept is not given out."""
    known_filters(request, ())
    found = access_statement(acting(request), statement_id)
    path = found.minutes
    if not found.minutes_sha256 or not path.is_file():
        raise Http404
    if sha256_of(path) != found.minutes_sha256:
        raise PermissionDenied("minutes changed")
    record(acting(request), "minutes.read", found, region=found.region_code, sha256=found.minutes_sha256)
    name = f"berita-acara-{found.cycle}-{found.region_code or 'pusat'}.pdf"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")
