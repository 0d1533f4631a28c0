"""Draws, families to be asked and who asks them, each within what one may see; row security keeps the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django_scopes import scope

from gandeng.accounts.acting import Acting, grants_on
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May, Role
from gandeng.audit.sealing import Place, unseal
from gandeng.core.region_code import DISTRICT_DIGITS, SUB_DISTRICT_DIGITS
from gandeng.facilitators.models import Accompaniment
from gandeng.facilitators.staff_queries import on_day
from gandeng.jobs.nightly import roles_that
from gandeng.monitoring.models import Answer, Draw, Drawn, Handing, Opened, Stratum
from gandeng.monitoring.published import value
from gandeng.monitoring.signs import TROUBLE
from gandeng.payments.models import Cycle, Payment
from gandeng.payments.queries import cycles_visible_to
from gandeng.reconciliation.queries import in_force
from gandeng.registry.models import Family
from gandeng.web.finding import found_or_404, key_asked, region_asked
from gandeng.web.scoping import EVERYWHERE, Territory

FIELD = frozenset({Role.FACILITATOR, Role.SUB_DISTRICT_LEAD})
"""Roles that ask what they were given, and nothing else."""
ROW_FILTERS = ("tahap", "district", "staff", "kind")
KINDS = ("waiting", "reached", "whole", "less", "nothing", "elsewhere", "levied", "not_reached", "troubled")
_PEOPLE_MAX = 200


@contextmanager
def wherever() -> Iterator[None]:
    """Rows beyond one's own territory that row security lets one see: families one was given to ask."""
    with scope(territory=EVERYWHERE, channels=EVERYWHERE):
        yield


def stages(acting: Acting) -> list[Cycle]:
    """Newest first, those of which results may have come."""
    rows = cycles_visible_to(acting).filter(state__in=(
        Cycle.State.INSTRUCTED, Cycle.State.RECONCILING, Cycle.State.SIGNED, Cycle.State.CLOSED))  # fmt: skip
    return list(rows[:24])


def stage_asked(cycles: list[Cycle], asked: str) -> Cycle | None:
    """The one asked for, else the newest. Raises BadRequest."""
    if not asked:
        return cycles[0] if cycles else None
    found = next((one for one in cycles if str(one.pk) == asked), None)
    if found is None:
        raise BadRequest("tahap")
    return found


def access_stage(acting: Acting, cycle_id: UUID, district: str, right: May) -> Cycle:
    """A stage in a district one has that right in. Raises Http404."""
    cycle = found_or_404(cycles_visible_to(acting), cycle_id)
    fits = len(district) == DISTRICT_DIGITS and district.isdigit() and district.startswith(cycle.region_code)
    if not fits or not acting.may(right, district):
        raise Http404
    return cycle


def draws_of(cycle: Cycle, district: str) -> list[Draw]:
    """In their order."""
    return list(Draw.objects.filter(cycle=cycle, region_code=district).select_related("by").order_by("number"))


def access_draw(acting: Acting, draw_id: UUID) -> Draw:
    """Raises Http404."""
    found = found_or_404(Draw.objects.select_related("cycle", "by"), draw_id)
    if not acting.may(May.SEE_MONITORING, found.region_code):
        raise Http404
    return found


def access_stratum(acting: Acting, stratum_id: UUID, right: May) -> Stratum:
    """One facilitator's families of a draw. Raises Http404."""
    found = found_or_404(Stratum.objects.select_related("draw__cycle", "staff__person"), stratum_id)
    if not acting.may(right, found.region_code):
        raise Http404
    return found


def strata_of(draw: Draw) -> QuerySet[Stratum]:
    """Each with `.given`, the name of whoever was given its families, if anybody."""
    newest = Handing.objects.filter(stratum=OuterRef("pk")).order_by("-id")
    rows: QuerySet[Stratum] = Stratum.objects.filter(draw=draw).select_related("staff__person").annotate(
        given=Subquery(newest.values("to__name")[:1])
    )  # fmt: skip
    return rows.order_by("staff__staff_no")


def drawn() -> QuerySet[Any]:
    """Families drawn with the newest answer beside each: `.last_reached`, `.last_why`, signs; and `.tries`.

    What corrects an answer is no further try.
    """
    last = Answer.objects.filter(drawn=OuterRef("pk")).order_by("-number")
    tries = (
        Answer.objects.filter(drawn=OuterRef("pk"), corrects=None).order_by().values("drawn").annotate(n=Count("pk"))
    )
    told = {f"last_{name}": Subquery(last.values(name)[:1]) for name in (
        "id", "reached", "on_day", "next_on", "whole", "less", "nothing", "elsewhere", "levied",
        "in_hand_rupiah")}  # fmt: skip
    told |= {"last_why": Subquery(last.values("why_not")[:1]), "tries": Subquery(tries.values("n"))}
    rows: QuerySet[Any] = Drawn.objects.annotate(**told)
    return rows


def waits() -> Q:
    """Not asked yet, or not reached and to be tried again."""
    again = Q(last_reached=False, tries__lt=value("attempts")) & ~Q(last_why=Answer.WhyNot.UNWILLING)
    return Q(last_reached=None) | again


def is_troubled() -> Q:
    """Any sign of trouble."""
    found = Q()
    for name in TROUBLE:
        found |= Q(**{f"last_{name}": True})
    return found


def rows_of(filters: dict[str, str]) -> QuerySet[Any]:
    """As the page narrows them. Raises BadRequest."""
    rows = drawn().select_related("cycle", "staff__person")
    if filters["tahap"]:
        rows = rows.filter(cycle_id=key_asked(filters["tahap"]))
    if filters["district"]:
        rows = rows.filter(village_code__within=Territory(frozenset({region_asked(filters["district"])})))
    if filters["staff"]:
        rows = rows.filter(staff_id=None if filters["staff"] == "none" else key_asked(filters["staff"]))
    kind = filters["kind"]
    if kind and kind not in KINDS:
        raise BadRequest("kind")
    if kind == "waiting":
        return rows.filter(waits())
    if kind == "not_reached":
        return rows.filter(last_reached=False).exclude(waits())
    if kind == "troubled":
        return rows.filter(is_troubled())
    return rows.filter(**{f"last_{kind}": True}) if kind else rows


def _office(acting: Acting) -> Territory:
    """Where one asks families as an office does."""
    own = (one for one in acting.grants if May.ASK_FAMILIES in one.rights and one.role not in FIELD)
    return Territory(frozenset(one.region_code for one in own))


def _given_to(acting: Acting) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Strata whose newest handing names this person, and those whose newest names somebody else who may ask today."""
    newest = Handing.objects.filter(stratum=OuterRef("stratum")).order_by("-id").values("id")[:1]
    last = Handing.objects.filter(id=Subquery(newest)).exclude(to=None)
    asking = grants_on(timezone.localdate()).filter(role__in=roles_that(May.ASK_FAMILIES))
    return (
        last.filter(to_id=acting.person_id).values("stratum_id"),
        last.exclude(to_id=acting.person_id).filter(to_id__in=asking.values("person_id")).values("stratum_id"),
    )


def _asker_accompanies() -> Exists:
    """Of a family drawn: whoever was given it last accompanies it today."""
    last = Handing.objects.filter(stratum=OuterRef(OuterRef("stratum"))).order_by("-id").values("to")[:1]
    held = Accompaniment.objects.filter(on_day(timezone.localdate()), family_id=OuterRef("family_id"))
    return Exists(held.filter(staff__person_id=Subquery(last)))


def askable(acting: Acting) -> QuerySet[Any]:
    """Families this person asks: given ones, and for an office those of its place that nobody else was given.

    One that whoever was given it accompanies by now does not find it, so it is the office's too.
    """
    if not acting.may(May.ASK_FAMILIES):
        return drawn().none()
    with wherever():
        own, others = _given_to(acting)
        office = Drawn.objects.filter(village_code__within=_office(acting))
        office = office.filter(~Q(stratum_id__in=others) | Q(_asker_accompanies()))
        given = Drawn.objects.filter(stratum_id__in=own)
        return drawn().filter(pk__in=given.values("pk").union(office.values("pk")))  # an index each, where OR has none


def tasks(acting: Acting) -> QuerySet[Any]:
    """Those of them that wait."""
    return askable(acting).filter(waits())


def access_task(acting: Acting, drawn_id: UUID) -> Any:
    """A family this person asks, or asked. Raises Http404."""
    with wherever():
        return found_or_404(askable(acting).select_related("cycle"), drawn_id)


def access_answered(acting: Acting, drawn_id: UUID) -> Any:
    """A family drawn, for those who ask it and those who see what came of it. Raises Http404."""
    with wherever():
        found = found_or_404(drawn().select_related("cycle", "staff__person"), drawn_id)
        if acting.may(May.SEE_MONITORING, found.village_code) or _office(acting).holds(found.village_code):
            return found
        return found_or_404(askable(acting).select_related("cycle", "staff__person"), drawn_id)


def answers_of(one: Drawn) -> list[dict[str, Any]]:
    """Newest first, with their words."""
    with wherever():
        rows = list(Answer.objects.filter(drawn=one).select_related("by").order_by("-number"))
    return [{"row": row, "words": words_of(row)} for row in rows]


def words_of(row: Answer) -> str:
    """What was noted beside the answers."""
    sealed = bytes(row.words_sealed)
    return unseal(sealed, Place("monitoring_answer", "words", str(row.pk))) if sealed else ""


def opened_from(one: Drawn) -> list[Opened]:
    """Complaints opened from its answers that one sees."""
    return list(Opened.objects.filter(answer__drawn=one).select_related("case").order_by("at"))


def drawn_of(family: Family) -> list[Any]:
    """Newest first."""
    return list(drawn().filter(family=family).select_related("cycle").order_by("-id"))


def still_waiting(draw: Draw) -> int:
    """How many of a draw wait to be asked; the seed is told at none."""
    return drawn().filter(draw=draw).filter(waits()).count()


def people_for(stratum: Stratum) -> list[Person]:
    """Who may be given its families: desks of the district, and facilitators of its other sub-districts.

    The database asks again, and whether they accompany one of them (0002_guards).
    """
    villages = Drawn.objects.filter(stratum=stratum).values_list("village_code", flat=True)
    near = {code[:SUB_DISTRICT_DIGITS] for code in villages}
    held = grants_on(timezone.localdate())
    field = held.filter(role__in=FIELD, region_code__startswith=stratum.region_code)
    for code in near:
        field = field.exclude(region_code__startswith=code)
    desk = held.filter(role__in=(Role.DISTRICT_OPERATOR, Role.HELPDESK), region_code=stratum.region_code)
    people = Person.objects.filter(Q(pk__in=field.values("person_id")) | Q(pk__in=desk.values("person_id")))
    if stratum.staff_id:
        people = people.exclude(staff=stratum.staff_id)
    return list(people.distinct().order_by("name", "pk")[:_PEOPLE_MAX])


_TOLD_OF = (Cycle.State.RECONCILING, Cycle.State.SIGNED)
"""Before that no result is in; of a closed stage nobody is asked any more."""


def waiting_draws(acting: Acting) -> int:
    """Districts of one's own whose newest stage with credited money was not drawn yet."""
    districts = [one for one in acting.where(May.DRAW_FAMILIES).regions if len(one) == DISTRICT_DIGITS]
    found = 0
    for district in districts:
        here = Territory(frozenset({district}))
        paid = Payment.objects.alias(net=in_force("net_rupiah")).filter(
            cycle=OuterRef("pk"), village_code__within=here, net__gt=0
        )
        one = Subquery(paid.values("pk")[:1])
        drawn_here = Draw.objects.filter(cycle=OuterRef("pk"), region_code=district)
        rows = Cycle.objects.filter(~Exists(drawn_here), state__in=_TOLD_OF)
        found += rows.alias(one=one).filter(one__isnull=False).count()
    return found
