"""commitments.told and commitments.appeal: the family was told of a decision; it objects. One entry, one step."""

from collections.abc import Callable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.commitments.actions import CommitmentRefused, appeal, tell
from gandeng.commitments.forms import StepForm
from gandeng.commitments.models import Decision, Step
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, named_in, refused_by
from gandeng.web.templatetags.gandeng import tahap

type Act = Callable[[Acting, Decision, date, str], Step]


def take_told(acting: Acting, given: Given) -> str:
    """Keep that she told the family."""
    return _step(acting, given, Step.Kind.TOLD, tell)


def take_appeal(acting: Acting, given: Given) -> str:
    """Keep that the family objects. Conflict where it was not told yet, as far as is known: that may be on its way."""
    found = _decision(given)
    if not given.by_office and not found.steps.filter(kind=Step.Kind.TOLD).exists():
        raise Conflict(
            _("Belum tercatat bahwa keluarga ini diberi tahu. Keberatannya disimpan; kantor yang memutuskan.")
        )
    return _step(acting, given, Step.Kind.APPEALED, appeal)


def _step(acting: Acting, given: Given, kind: Step.Kind, act: Act) -> str:
    found = _decision(given)
    typed = given.typed("words") | {"kind": kind.value, "on_day": given.day("on_day").isoformat()}
    form = StepForm(typed, kinds=[kind])
    if not form.is_valid():
        raise refused_by(form)
    try:
        act(acting, found, form.cleaned_data["on_day"], given.signed(form.cleaned_data["words"]))
    except CommitmentRefused as why:
        raise Refused(Why(str(why), why.field)) from why
    return reverse("commitments:decision", args=[found.pk])


def _decision(given: Given) -> Decision:
    found = _of_family(given)
    if found is None:
        raise Refused(Why(_("Keputusan itu bukan tentang keluarga ini."), "decision"))
    return found


def _of_family(given: Given) -> Decision | None:
    rows = Decision.objects.filter(family=given.family).select_related("recommendation")
    return named_in(rows, given.body.get("decision"))


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside what has followed the decision so far."""
    told, found = given.typed("on_day", "words"), _of_family(given)
    steps = list(found.steps.select_related("by").order_by("at")) if found else []
    followed = "; ".join(f"{one.get_kind_display()} {one.on_day.isoformat()} ({one.by.name})" for one in steps)
    about = found.recommendation if found else None
    stage = tahap(f"{about.cycle_year}-{about.cycle_stage}").capitalize() if about else _("tidak ada")
    return [
        Line(_("Keputusan"), stage, f"{found.get_outcome_display()}: {found.reason}" if found else ""),
        Line(_("Hari"), told["on_day"], followed),
        Line(_("Cara atau alasannya"), told["words"], steps[-1].words if steps else ""),
    ]


TOLD = Kind("commitments.told", 1, gettext_lazy("Keluarga diberi tahu"), take_told, compare, May.RECORD_COMMITMENT)
APPEAL = Kind(
    "commitments.appeal", 1, gettext_lazy("Keluarga berkeberatan"), take_appeal, compare, May.RECORD_COMMITMENT
)
