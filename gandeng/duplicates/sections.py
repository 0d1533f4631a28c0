"""Panels on the registry's pages: that a family's people look like others, and what a request rests on."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from gandeng.accounts.acting import Acting
from gandeng.duplicates import queries
from gandeng.duplicates.models import Judgement
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.web.sections import Section, Shown, later

ALIKE = 80
"""Of 100, from where on a new member's name is told to look like another's of the same day: our proposal."""
_SHOWN = 5


def of_family(acting: Acting, family: Family) -> Shown | None:
    """Pairs nobody has judged, for whoever may see them; asked for once the page is there."""
    if not any(acting.may(right, family.village_code) for right in queries.SEEN_BY):
        return None
    return later(_("Data mirip"), reverse("duplicates:of_family", args=[family.pk]))


def pairs_of(acting: Acting, family: Family) -> Section:
    """What the panel holds, once it is asked for."""
    pairs = queries.of_family(acting, family)
    rows = [{"found": one, "beside": one.other if one.family_id == family.pk else one.family} for one in pairs]
    return Section(_("Data mirip"), "duplicates/sections/of_family.html", {"rows": rows})


def of_change(acting: Acting, change: ChangeRequest) -> Shown | None:
    """Why a member is to leave or a family to end; of a new member or a corrected one, who looks like that already."""
    if change.kind in (ChangeRequest.Kind.BIRTH, ChangeRequest.Kind.IDENTITY):
        return _born_that_day(change)
    if change.kind == ChangeRequest.Kind.RESUME:
        return _ended_as_double(acting, change)
    if change.kind not in (ChangeRequest.Kind.LEFT, ChangeRequest.Kind.END):
        return None
    rows = list(queries.judged(acting, {}).filter(change=change, verdict=Judgement.Verdict.SAME).order_by("pk"))
    waits = change.state == ChangeRequest.State.PENDING
    nowhere = queries.recorded_nowhere_by(acting, change) if waits else []
    if not rows and not nowhere:
        return None
    context = {"rows": rows, "nowhere": nowhere, "once": _not_twice(change, rows) if waits else []}
    return _("Tercatat dua kali"), "duplicates/sections/of_change.html", context


def _ended_as_double(acting: Acting, change: ChangeRequest) -> Shown | None:
    """Of a family that is to come back, who was said to stand twice when it was ended for that."""
    ended = Q(change__family=change.family_id, change__kind=ChangeRequest.Kind.END, change__state="APPROVED")
    rows = list(queries.judged(acting, {"verdict": Judgement.Verdict.SAME}).filter(ended).order_by("pk"))
    if not rows or change.before.get("status") != Family.Status.ENDED:
        return None
    return _("Tercatat dua kali"), "duplicates/sections/comes_back.html", {"rows": rows}


def _not_twice(change: ChangeRequest, rows: list[Judgement]) -> list[Member]:
    """Who lives in a family that is to end as one that stands there twice, and was not said to stand there twice."""
    if change.kind != ChangeRequest.Kind.END or not rows:
        return []
    living = Member.objects.filter(family=change.family_id, deceased_on__isnull=True, left_on__isnull=True)
    return list(living.exclude(pk__in=[row.ends_id for row in rows]).order_by("member_no"))


def _born_that_day(change: ChangeRequest) -> Shown | None:
    """Other living members of the district born that day with a name like it."""
    if change.state != ChangeRequest.State.PENDING:
        return None
    born = Member.objects.filter(
        village_code__startswith=change.village_code[:4], birth_date=change.after["birth_date"],
        deceased_on__isnull=True, left_on__isnull=True,
    ).select_related("family")  # fmt: skip
    name = str(change.after["name"]).upper()
    told = [(fuzz.token_sort_ratio(name, one.name_key), one) for one in born if one.pk != change.member_id]
    alike = sorted(((ratio, str(one.pk), one) for ratio, one in told if ratio >= ALIKE), reverse=True)
    if not alike:
        return None
    shown = [one for _ratio, _key, one in alike[:_SHOWN]]
    return _("Mungkin sudah tercatat"), "duplicates/sections/born_that_day.html", {"rows": shown}
