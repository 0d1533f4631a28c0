"""From approved lists to one order per channel, booked as its file is made."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.core.channels import CHANNELS
from gandeng.payments.actions.approvals import require_unchanged, words_of
from gandeng.payments.actions.journal import Account, Kind, Line, book
from gandeng.payments.actions.locking import locked
from gandeng.payments.actions.packing import Packed, Report, keep_password, kept_as, pack, sweep
from gandeng.payments.levels import AFTER_INSTRUCTION, Level, asked, fully_approved
from gandeng.payments.models import Approval, Cycle, Instruction, Payment, PaymentList
from gandeng.payments.refused import Refused

State = PaymentList.State
FORMAT = "zip"


def instruct(
    acting: Acting, cycle: Cycle, report: Report, *, channel: str | None = None, execute_on: date | None = None
) -> list[Instruction]:
    """Order the payments of every channel whose own lists are all approved, or of one; each channel once.

    The same approved lists are instructed and booked once, however often this is asked. Raises Refused.
    """
    authority = acting.authority(May.INSTRUCT, cycle.region_code)
    with locked(cycle, Cycle.State.LISTED, Cycle.State.APPROVED) as found:
        ready = _ready(found, channel)
        if not ready:
            raise Refused("nothing_to_instruct")
        made = timezone.now().replace(microsecond=0)
        day = execute_on or timezone.localdate()
        sweep(found)
        instructions = [_order(acting, authority, found, lists, made, day, report) for lists in ready.values()]
        waiting = PaymentList.objects.filter(cycle=found, round=0, payments__gt=0).exclude(state=State.INSTRUCTED)
        if not waiting.exists():
            found.state = Cycle.State.INSTRUCTED
            found.save(update_fields=["state"])
    return instructions


def instruct_round(
    acting: Acting,
    cycle: Cycle,
    number: int,
    sources: Mapping[Cycle, Iterable[Line]],
    report: Report,
    *,
    execute_on: date | None = None,
) -> list[Instruction]:
    """Order a supplementary round, all its channels at once: with money that came back, and with what was held back.

    `sources` says of each cycle where the money that came back stands: lines into FUNDS, as much as the round sends
    again. Whoever calls has made sure that it stands there (`reconciliation.actions.reissues`). What was held back has
    not left the funds. Raises Refused.
    """
    authority = acting.authority(May.INSTRUCT, cycle.region_code)
    with locked(cycle, *AFTER_INSTRUCTION) as found:
        lists = _by_channel(found, number)
        ordered = [each for group in lists.values() for each in group]
        if not ordered or any(each.state != fully_approved(found) for each in ordered):
            raise Refused("round_not_approved", number=number)
        _require_backed(ordered, sources)
        for about, lines in sources.items():
            source = f"reissue:{found.pk}:{number}:{about.pk}"
            book(acting, found, Kind.REISSUED, source, lines, about_cycle=None if about.pk == found.pk else about)
        made = timezone.now().replace(microsecond=0)
        day = execute_on or timezone.localdate()
        sweep(found)
        return [_order(acting, authority, found, own, made, day, report) for own in lists.values()]


def _by_channel(cycle: Cycle, number: int) -> dict[str, list[PaymentList]]:
    """The lists of a round that are not empty, each channel's by district."""
    rows = PaymentList.objects.filter(cycle=cycle, round=number, payments__gt=0).order_by("district_code")
    lists = {name: [each for each in rows if each.channel == name] for name in CHANNELS}
    return {name: own for name, own in lists.items() if own}


def _require_backed(ordered: list[PaymentList], sources: Mapping[Cycle, Iterable[Line]]) -> None:
    """Not a rupiah more or less than came back."""
    back = sum(rupiah for lines in sources.values() for *_, rupiah in lines)
    again = Payment.objects.filter(list__in=ordered, reissue_of__isnull=False)
    out = again.aggregate(rupiah=Sum("amount_rupiah", default=0))["rupiah"]
    if back != out:
        raise Refused("identity", check=f"sent again = came back {out} {back}")


def _order(
    acting: Acting, authority: str, cycle: Cycle, lists: list[PaymentList], made: datetime, day: date, report: Report
) -> Instruction:
    """One channel's approved lists of one round become its instruction, and their money goes to the channel."""
    _require_approved(cycle, lists)
    require_unchanged(*lists)
    packed = pack(cycle, lists, made, day, report)
    instruction = _kept(acting, cycle, lists[0], packed, made, day)
    _book(acting, cycle, lists)
    facts: dict[str, Any] = {
        "channel": instruction.channel,
        "round": instruction.round,
        "payments": packed.rows,
        "rupiah": packed.total_rupiah,
        "sha256": packed.sha256,
    }
    record(acting, "cycle.instructed", instruction, region=cycle.region_code, authority=authority, **facts)
    return instruction


def _ready(cycle: Cycle, channel: str | None) -> dict[str, list[PaymentList]]:
    """Channels whose lists are all approved and not yet instructed, with those lists."""
    done = fully_approved(cycle)
    return {
        name: own
        for name, own in _by_channel(cycle, 0).items()
        if channel in (None, name) and all(each.state == done for each in own)
    }


def _require_approved(cycle: Cycle, lists: list[PaymentList]) -> None:
    """Every level asked has said yes to the content there is now, each by another person."""
    wanted = {Level.PREPARE.value, *(level.value for level in asked(cycle))}
    for each in lists:
        given = dict(Approval.objects.filter(list=each, root=each.root).values_list("level", "person_id"))
        if set(given) != wanted or len(set(given.values())) != len(wanted):
            raise Refused("not_approved", list=words_of(each))


def _kept(acting: Acting, cycle: Cycle, one: PaymentList, packed: Packed, made: datetime, day: date) -> Instruction:
    """The instruction of the channel and round that `one` of its lists has."""
    region = cycle.region_code or "nasional"
    late = f"-susulan-{one.round}" if one.round else ""
    instruction = Instruction(
        cycle=cycle, channel=one.channel, round=one.round, format=FORMAT, region_code=cycle.region_code,
        path=kept_as(packed.path), name=f"{one.channel}-{cycle.key}-{region}{late}.zip", rows=packed.rows,
        total_rupiah=packed.total_rupiah, list_sha256=packed.list_sha256, sha256=packed.sha256,
        made_by_id=acting.person_id, made_at=made, execute_on=day,
    )  # fmt: skip
    keep_password(instruction, packed.password)
    instruction.save(force_insert=True)
    return instruction


def _book(acting: Acting, cycle: Cycle, lists: list[PaymentList]) -> None:
    """From where approval has put it; a supplementary round's straight from the funds, where it went back or stayed."""
    for each in lists:
        each.state = State.INSTRUCTED
        each.save(update_fields=["state"])
    channel, number = lists[0].channel, lists[0].round
    leaves = Account.FUNDS if number else Account.NOT_SENT
    lines = [(each.district_code, channel, leaves, Account.AT_CHANNEL, each.total_rupiah) for each in lists]
    late = f":{number}" if number else ""
    book(acting, cycle, Kind.INSTRUCTED, f"instruct:{cycle.pk}:{channel}{late}", lines)
