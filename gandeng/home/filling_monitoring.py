"""Monitoring in the try-out: a drawn district, most families asked, one that tells of a levy, a few that still wait."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.monitoring import actions, queries
from gandeng.monitoring.actions import Told
from gandeng.monitoring.models import Answer, Drawn
from gandeng.monitoring.refused import MonitoringRefused
from gandeng.monitoring.signs import Said
from gandeng.payments.models import Cycle

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_ASKED, _AWAY, _LESS, _HELD = 30, 11, 7, 13
"""How many are asked; each so manieth was not at home, has less, has its card elsewhere."""
_FIRST_ID = 0x6D6F6E0000
_WORDS = "Diminta menyisihkan sebagian sesudah mengambil uang; tidak berani menolak."


def fill_monitoring(coordinator: Acting, operator: Acting, cycle: Cycle, doing: Doing) -> None:
    """The coordinator draws; the operator asks the first families; one levy becomes a sensitive complaint."""
    district = next(one for one in coordinator.where(May.DRAW_FAMILIES).regions)
    try:
        with doing(coordinator):
            actions.draw(coordinator, cycle, district)
    except MonitoringRefused:
        return
    with doing(operator):
        found = list(queries.tasks(operator).order_by("id")[:_ASKED])
        told = [_ask(operator, number, one) for number, one in enumerate(found, 1)]
        levied = next((pair for pair in zip(found, told, strict=True) if pair[1].levied), None)
        if levied:
            actions.open_case(operator, *levied, "LEVY")


def _ask(operator: Acting, number: int, one: Drawn) -> Answer:
    day = timezone.localdate() - timedelta(days=number % 5)
    told = Told(UUID(int=_FIRST_ID + number), day, "VISIT" if number % 2 else "PHONE")
    if number % _AWAY == 0:
        return actions.note_not_reached(operator, one, told, "ABSENT", timezone.localdate() + timedelta(days=3))
    said = Said(arrived=True, in_hand_rupiah=one.net_rupiah, card="FAMILY", pin="FAMILY", levy="NO")
    if number % _LESS == 0:
        told, said = replace(told, words=_WORDS), replace(said, in_hand_rupiah=one.net_rupiah * 9 // 10, levy="YES")
    if number % _HELD == 0:
        said = replace(said, card="AGENT")
    return actions.note_answer(operator, one, told, said, "AGENT" if number % 3 else "ATM")
