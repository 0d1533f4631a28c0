"""What if: how many people which district needs. Arithmetic in the address; the solver for one district as a job."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.region_code import DISTRICT_DIGITS, RegionCode
from gandeng.exports.refused import Refused
from gandeng.facilitators import plan_jobs, what_if
from gandeng.facilitators.actions.plans import Asked
from gandeng.facilitators.load_queries import limits_on
from gandeng.facilitators.measures import Measures
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.plan_export import KINDS, export_table
from gandeng.facilitators.plan_forms import WhatIfForm, regions_for
from gandeng.facilitators.plan_queries import names_of
from gandeng.facilitators.queries import loads
from gandeng.facilitators.views.plan_parts import trail
from gandeng.facilitators.what_if import Line, Question
from gandeng.jobs.work import start
from gandeng.web.answers import as_file
from gandeng.web.language import indonesian
from gandeng.web.paging import known_filters, query_of

FIELDS = ("region", "newcomers", "families", "percent", "leaves", "norm")
_SECONDS = 60
_TITLE = "Bagaimana jika: {region}"
_HEADER = (
    "Kode", "Kabupaten/kota", "Pendamping sekarang", "Keluarga sekarang", "Beban terberat sekarang", "Tambahan",
    "Pendamping sesudah", "Keluarga sesudah", "Rata-rata sesudah", "Terberat bila dibagi rata", "Kurang sampai norma",
    "Kurang sampai batas",
)  # fmt: skip


class _Asked:
    """The form of the address, and its answer where it is right."""

    def __init__(self, who: Acting, told: dict[str, str]) -> None:
        self.today = timezone.localdate()
        self.regions = sorted({*regions_for(who, May.SEE_STAFF), *regions_for(who, May.PLAN_CASELOAD)})
        self.region = told["region"] or (self.regions[0] if self.regions else "")
        if self.region and self.region not in self.regions:
            raise Http404
        self.people = loads(self.region, self.today) if len(self.region) == DISTRICT_DIGITS else []
        people = [(one.staff_id, one.name) for one in sorted(self.people, key=lambda one: one.name)]
        usual = norm_families(self.today) or 1
        filled = told | {"region": self.region} if any(told.values()) else None
        self.form = WhatIfForm(self.regions, people, usual, filled)
        self.right = self.form.is_valid() if filled else bool(self.region)
        self.told: dict[str, Any] = self.form.cleaned_data if filled and self.right else {"norm": usual}

    def question(self) -> Question:
        """As arithmetic takes it."""
        leaves = self.told.get("leaves") or None
        return Question(
            self.told.get("newcomers", 0), self.told.get("families", 0), self.told.get("percent", 0),
            self.region if leaves else "", UUID(leaves) if leaves else None,
        )  # fmt: skip

    def lines(self) -> list[Line]:
        """A district each."""
        if not self.right:
            return []
        districts = what_if.districts_on(self.region, self.today)
        return what_if.answered(districts, self.question(), self.told["norm"], limits_on(self.region, self.today))


@allowed(May.PLAN_CASELOAD, May.SEE_STAFF)
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """The question and its table."""
    who = acting(request)
    told = known_filters(request, FIELDS)
    asked = _Asked(who, told)
    lines = asked.lines()
    one = lines[0] if len(lines) == 1 and len(asked.region) == DISTRICT_DIGITS else None
    context = {
        "form": asked.form, "lines": [_told(line) for line in lines], "total": what_if.total_of(lines),
        "norm": asked.told.get("norm"), "region": region_name(asked.region) if asked.region else "",
        "regions": asked.regions, "asked": any(told.values()), "right": asked.right,
        "kept": [(name, value) for name, value in told.items() if value and name != "region"],
        "may_solve": one is not None and one.after.people > 0 and who.may(May.PLAN_CASELOAD, asked.region),
        "code": asked.region, "limits": any(line.limit is not None for line in lines),
        "trail": trail(_("Bagaimana jika")), "today": asked.today,
    }  # fmt: skip
    return render(request, "facilitators/what_if.html", context, status=422 if asked.form.errors else 200)


def _told(line: Line) -> dict[str, Any]:
    def mean(one: what_if.District) -> float | None:
        return one.families / one.people if one.people else None

    return {
        "line": line, "name": region_name(line.before.code), "mean_before": mean(line.before),
        "mean_after": mean(line.after),
    }  # fmt: skip


@allowed(May.PLAN_CASELOAD, May.SEE_STAFF)
@require_POST
def file(request: HttpRequest) -> HttpResponse:
    """The table as CSV or XLSX."""
    who = acting(request)
    form = request.POST.get("form", "")
    if form not in KINDS:
        raise Http404
    asked = _Asked(who, {name: request.POST.get(name, "").strip() for name in FIELDS})
    if not asked.right:
        messages.error(request, _("Pertanyaannya belum benar. Perbaiki dahulu isiannya."))
        return redirect("plans:what_if")
    with indonesian():  # what leaves the office
        rows = [_cells(line) for line in asked.lines()]
    try:
        content = export_table(who, "WhatIf", asked.region, _HEADER, rows, form)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("plans:what_if")
    return as_file(content, f"bagaimana-jika-{asked.region}.{form}", KINDS[form])


def _cells(line: Line) -> list[str | int]:
    before, after = line.before, line.after
    mean = f"{after.families / after.people:.1f}".replace(".", ",") if after.people else ""
    return [
        RegionCode(before.code).dotted(), region_name(before.code), before.people, before.families, before.worst,
        line.newcomers, after.people, after.families, mean, after.worst, line.to_norm,
        "" if line.to_limit is None else line.to_limit,
    ]  # fmt: skip


@allowed(May.PLAN_CASELOAD)
@require_POST
def solve(request: HttpRequest) -> HttpResponse:
    """Ask the solver about one district."""
    who = acting(request)
    told = {name: request.POST.get(name, "").strip() for name in FIELDS}
    asked = _Asked(who, told)
    if len(asked.region) != DISTRICT_DIGITS or not who.may(May.PLAN_CASELOAD, asked.region):
        raise Http404
    if not asked.right:
        messages.error(request, _("Pertanyaannya belum benar. Perbaiki dahulu isiannya."))
        return redirect(f"{reverse('plans:what_if')}?{query_of(told)}")
    lines, question = asked.lines(), asked.question()
    more = sum(line.after.families - line.before.families for line in lines)
    left_out = (question.leaves,) if question.leaves else ()
    wanted = Asked(asked.region, asked.today, asked.told["norm"], left_out, _SECONDS)
    job = start(
        who, plan_jobs.WHAT_IF, _TITLE.format(region=region_name(asked.region)), asked=wanted.to_json(),
        newcomers=question.newcomers, families=more,
    )  # fmt: skip
    return redirect("jobs:job", job.pk)


@allowed(May.PLAN_CASELOAD)
@require_GET
def result(request: HttpRequest) -> HttpResponse:
    """What the solver found; the answer stands in the address that the job gave, and nowhere else."""
    who = acting(request)
    told = known_filters(request, ("hasil",))
    try:
        kept = plan_jobs.result_of(told["hasil"])
    except signing.BadSignature as error:
        raise Http404 from error
    asked = Asked.from_json(kept["asked"]["asked"])
    if kept["person"] != str(who.person_id) or not who.may(May.PLAN_CASELOAD, asked.region):
        raise Http404
    found = kept["found"]
    gap = found["gap_permille"]
    context = {
        "asked": asked, "region": region_name(asked.region), "newcomers": kept["asked"]["newcomers"],
        "families": kept["asked"]["families"], "leaves": list(names_of(asked.left_out).values()),
        "before": Measures.from_json(kept["before"]), "found": found, "gap": gap / 1000,
        "km": found["km_tenths"] / 10, "mean": found["families"] / found["people"],
        "trail": [*trail(), {"label": _("Bagaimana jika"), "url": reverse("plans:what_if")},
                  {"label": region_name(asked.region), "url": ""}],
    }  # fmt: skip
    return render(request, "facilitators/what_if_result.html", context)
