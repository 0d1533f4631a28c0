"""Signs to look at, those somebody looked at, and those about one's own records."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import BooleanField, Func, OuterRef, QuerySet, Subquery
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import User
from gandeng.accounts.roles import May
from gandeng.facilitators.models import Staff
from gandeng.signs.kinds import KINDS
from gandeng.signs.models import Found, Sign, Step
from gandeng.web.counting import counted_by
from gandeng.web.finding import region_asked

FILTERS = ("region", "kind")
LOOKED_FILTERS = ("region", "kind", "state")
STATES = Step.Kind


def known(filters: dict[str, str]) -> dict[str, str]:
    """Raises BadRequest for a kind or state there is none of."""
    if filters.get("kind") and filters["kind"] not in KINDS:
        raise BadRequest("kind")
    if filters.get("state") and filters["state"] not in STATES:
        raise BadRequest("state")
    return filters


def found(acting: Acting, filters: dict[str, str]) -> QuerySet[Found]:
    """What nobody has looked at, where one looks; never about oneself. Raises BadRequest."""
    rows = Found.objects.filter(district_code__within=acting.where(May.REVIEW_SIGNS))
    return _narrowed(rows, acting, filters)


def _narrowed(rows: QuerySet[Any], acting: Acting, filters: dict[str, str]) -> QuerySet[Any]:
    """By place and kind, and without those about oneself."""
    rows = rows.exclude(about_id=acting.person_id).select_related("about", "family__collector")
    if region := filters.get("region"):
        rows = rows.filter(village_code__startswith=region_asked(region))
    if kind := filters.get("kind"):
        rows = rows.filter(kind=kind)
    return rows


def counted(acting: Acting, region: str) -> tuple[dict[str, int], Any]:
    """How many of each kind, and when they were found."""
    return counted_by(found(acting, {"region": region}), "kind")


def _with_last(rows: QuerySet[Any]) -> QuerySet[Any]:
    last = Step.own.filter(sign=OuterRef("pk")).order_by("-number")
    told: QuerySet[Any] = rows.annotate(
        state=Subquery(last.values("kind")[:1]), outcome=Subquery(last.values("outcome")[:1]), over=_OVER
    )
    return told


_OVER = Func("pk", function="signs_over", output_field=BooleanField())
"""Whether it was closed, also where the step is not hers to see."""


def looked(acting: Acting, filters: dict[str, str]) -> QuerySet[Any]:
    """What somebody looked at, with `.state` and `.outcome` of its last step. Raises BadRequest."""
    every: QuerySet[Any] = Sign.objects.filter(district_code__within=acting.where(May.REVIEW_SIGNS))
    rows = _with_last(_narrowed(every, acting, filters))
    if state := filters.get("state"):
        rows = rows.filter(state=state)
    return rows


def own(acting: Acting) -> QuerySet[Any]:
    """About one's own records, and one was asked."""
    return _with_last(Sign.own.filter(about_id=acting.person_id, asked=True)).select_related("family__collector")


def waiting(acting: Acting) -> QuerySet[Found]:
    """What nobody has looked at."""
    return found(acting, {})


def explained(acting: Acting) -> QuerySet[Any]:
    """Explained, and nobody has closed them."""
    return looked(acting, {"state": Step.Kind.EXPLAINED})


def own_waiting(acting: Acting) -> QuerySet[Any]:
    """One was asked and has not explained."""
    return own(acting).filter(state=Step.Kind.ASKED, over=False)


@dataclass(frozen=True)
class Seen:
    """A sign as somebody may see it, and what she may do with it now."""

    sign: Found | Sign
    steps: Sequence[Step]
    reviews: bool
    """Looks at signs here, and it is not about her."""
    about_me: bool
    over: bool = False
    """Nothing follows any more, also where the last step is not hers to see."""
    has_login: bool = False
    """There is somebody it is about, who could read a question."""

    @property
    def last(self) -> Step | None:
        """The newest."""
        return self.steps[-1] if self.steps else None

    @property
    def asks(self) -> bool:
        """Somebody could answer and owes no answer; once closed or begun without a question it stays so."""
        begun_with_a_question = not isinstance(self.sign, Sign) or self.sign.asked
        open_to_it = self.last is None or self.last.kind == Step.Kind.EXPLAINED
        return self.reviews and self.has_login and begun_with_a_question and open_to_it

    @property
    def nobody_answers(self) -> bool:
        """It is about somebody who has no login: she is asked outside the program."""
        return self.closes and self.sign.about_id is not None and not self.has_login

    @property
    def closes(self) -> bool:
        """It is not over."""
        return self.reviews and not self.over

    @property
    def explains(self) -> bool:
        """She was asked."""
        asked = self.last is not None and self.last.kind == Step.Kind.ASKED
        return self.about_me and asked and not self.over


def access(acting: Acting, sign_id: UUID) -> Seen:
    """One sign, looked at or only found. Raises Http404."""
    rows = Sign.own.select_related("about", "family__collector", "by").annotate(over=_OVER)
    sign = rows.filter(pk=sign_id).first()
    if sign is not None:
        about_me = sign.about_id == acting.person_id
        reviews = acting.may(May.REVIEW_SIGNS, sign.district_code) and not about_me
        if not reviews and not (about_me and sign.asked):
            raise Http404
        steps = list(Step.own.filter(sign=sign).select_related("by").order_by("number"))
        return Seen(sign, steps, reviews, about_me, vars(sign)["over"], has_login=_has_login(sign))
    row = found(acting, {}).filter(pk=sign_id).first()
    if row is None:
        raise Http404
    return Seen(row, [], reviews=True, about_me=False, has_login=_has_login(row))


def _has_login(sign: Found | Sign) -> bool:
    return sign.about_id is not None and User.objects.filter(person_id=sign.about_id, is_active=True).exists()


def staff_about(sign: Found | Sign) -> Staff | None:
    """Whom it is about, as staff."""
    return Staff.objects.select_related("person").filter(person_id=sign.about_id).first() if sign.about_id else None
