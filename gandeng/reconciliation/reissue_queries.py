"""What closed cycles left to this one, what is asked to be sent again, and what was."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum, TextField

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.payments.levels import AFTER_INSTRUCTION
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.queries import after, before
from gandeng.reconciliation.models import ReissueRequest
from gandeng.reconciliation.run_sql import LEFT_OPEN


def closed_before(cycle: Cycle) -> QuerySet[Cycle]:
    """Closed cycles whose late events and open ends this one takes up: those for which `books_for` gives it."""
    if cycle.state == Cycle.State.CLOSED:
        return Cycle.objects.none()
    closed = Cycle.objects.filter(before(cycle), region_code__startswith=cycle.region_code, state=Cycle.State.CLOSED)
    nearer = Cycle.objects.exclude(state=Cycle.State.CLOSED).filter(before(cycle))
    its_region = ExpressionWrapper(OuterRef("region_code"), TextField())
    covering = nearer.alias(its_region=its_region).filter(its_region__startswith=F("region_code"))
    return closed.filter(~Exists(covering.filter(after(OuterRef("year"), OuterRef("stage")))))


def reissues_of(cycle: Cycle) -> QuerySet[ReissueRequest]:
    """Requests this cycle takes up: its own, and what closed ones left to it; the longest waiting first.

    No family is joined: one that has left the territory is none of ours to read, and its request stays here.
    """
    mine = Q(exception__cycle=cycle) | Q(exception__cycle__in=closed_before(cycle))
    told = ReissueRequest.objects.filter(mine)
    return told.select_related("payment__list", "exception__cycle", "asked_by").order_by("asked_at")


def reissues_to_send(cycle: Cycle) -> QuerySet[ReissueRequest]:
    """Those two people have agreed on and no instructed list carries yet."""
    sent = Payment.objects.filter(reissue_of=OuterRef("payment"), list__state=PaymentList.State.INSTRUCTED)
    return reissues_of(cycle).filter(~Exists(sent), state=ReissueRequest.State.APPROVED)


def reissue_totals(cycle: Cycle) -> dict[str, int]:
    """Requests asked for, agreed on and not yet sent (`held` of them by the last list), sent; each with its rupiah."""
    sent = Exists(Payment.objects.filter(reissue_of=OuterRef("payment"), list__state=PaymentList.State.INSTRUCTED))
    found = reissues_of(cycle).order_by().annotate(is_sent=sent).values("state", "is_sent")
    told = dict.fromkeys(("asked", "asked_rupiah", "waiting", "waiting_rupiah", "held", "sent", "sent_rupiah"), 0)
    held = Count("pk", filter=~Q(held_reason=""))
    for row in found.annotate(n=Count("pk"), rupiah=Sum("amount_rupiah"), held=held):
        name = {"ASKED": "asked", "APPROVED": "sent" if row["is_sent"] else "waiting"}.get(row["state"])
        if name:
            told[name] += row["n"]
            told[f"{name}_rupiah"] += int(row["rupiah"])
        if name == "waiting":
            told["held"] += row["held"]
    return told


def left_behind(closed: Iterable[Cycle]) -> dict[str, tuple[int, int]]:
    """Payments of closed cycles that nobody has taken up since, and the rupiah at stake, by the state they go along in.

    OPEN: nobody settled them. SETTLED: somebody did, though their money came back and went nowhere since.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"select l.state, count(*), coalesce(sum(l.at_stake), 0)::bigint from ({LEFT_OPEN}) l group by l.state",
            {"closed": [each.pk for each in closed]},
        )
        return {state: (int(count), int(rupiah)) for state, count, rupiah in cursor.fetchall()}


def reissues_asked(acting: Acting, cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """Requests that somebody else made and this person may decide, by cycle; as many as `waiting_reissues` says."""
    asked = waiting_reissues(acting).filter(exception__cycle__in=list(cycles))
    return dict(asked.values_list("exception__cycle").annotate(n=Count("pk")))


def waiting_reissues(acting: Acting) -> QuerySet[ReissueRequest]:
    """Requests for reissue that wait for this person's decision."""
    if not acting.may(May.WORK_EXCEPTIONS):
        return ReissueRequest.objects.none()
    asked = ReissueRequest.objects.filter(state=ReissueRequest.State.ASKED)
    return asked.exclude(asked_by=acting.person_id).exclude(exception__cycle__state=Cycle.State.CLOSED)


def reissues_to_list(acting: Acting, cycles: Iterable[Cycle]) -> dict[UUID, int]:
    """What `waiting_to_send` says, by cycle."""
    agreed = waiting_to_send(acting).filter(exception__cycle__in=list(cycles))
    return dict(agreed.values_list("exception__cycle").annotate(n=Count("pk")))


def waiting_to_send(acting: Acting) -> QuerySet[ReissueRequest]:
    """Those of stages this person runs that two people agreed on and no list has yet; what a list held has its reason.

    Without this nobody hears that a family waits for a supplementary list to be made.
    """
    if not acting.may(May.RUN_CYCLE):
        return ReissueRequest.objects.none()
    listed = Payment.objects.filter(reissue_of=OuterRef("payment"))
    return ReissueRequest.objects.filter(
        ~Exists(listed), state=ReissueRequest.State.APPROVED, held_reason="",
        exception__cycle__state__in=AFTER_INSTRUCTION,
        exception__cycle__region_code__within=acting.where(May.RUN_CYCLE),
    )  # fmt: skip


def sent_again(cycle: Cycle) -> list[dict[str, Any]]:
    """Payments sent again by district and channel: money that the instructed sum holds a second time."""
    lists = PaymentList.objects.filter(cycle=cycle, round__gt=0, state=PaymentList.State.INSTRUCTED)
    again = Payment.objects.filter(list__in=lists, reissue_of__isnull=False)
    rows = again.values("list__district_code", "channel").annotate(n=Count("pk"), rupiah=Sum("amount_rupiah"))
    return [
        {"district": row["list__district_code"], "channel": row["channel"], "payments": int(row["n"]),
         "rupiah": int(row["rupiah"])}
        for row in rows.order_by("list__district_code", "channel")
    ]  # fmt: skip
