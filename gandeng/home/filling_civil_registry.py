"""What the civil registry answered about the NIKs of the try-out's own district; a few are not as we have them."""

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.civil_registry.jobs import TAKE
from gandeng.files.layouts import CIVIL_ANSWERS
from gandeng.home.filling_people import Cast
from gandeng.jobs.work import KINDS
from gandeng.registry.actions.applying import nik_of
from gandeng.registry.models import Family, Member
from gandeng.registry.staging import upload_folder

_FAMILIES = 400
_DAYS_AGO = 20
_SOURCE = "Surat jawaban pemadanan, bulan lalu (contoh)"
_EVERY = 90
_ELSE = (("DIFFERS", "name"), ("NOT_FOUND", ""), ("DIFFERS", "birth_date"), ("DECEASED", ""), ("DOUBLE", ""))

type Doing = Callable[[Acting], AbstractContextManager[Acting]]


def fill_civil_registry(cast: Cast, own: str, doing: Doing) -> None:
    """One file, as an operator sends it."""
    upload, day = str(uuid4()), timezone.localdate() - timedelta(_DAYS_AGO)
    folder = upload_folder(upload)
    folder.mkdir(parents=True)
    with doing(cast.operators[own]) as operator:
        families = Family.objects.filter(village_code__startswith=own, status=Family.Status.ACTIVE)
        members = Member.objects.filter(
            family__in=families.order_by("family_no")[:_FAMILIES], deceased_on=None, left_on=None
        ).exclude(nik_index=None)  # fmt: skip
        with (folder / "list.csv").open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(CIVIL_ANSWERS.names)
            out.writerows(_row(place, one, day) for place, one in enumerate(members.order_by("member_no")))
        arguments = {
            "upload": upload, "called": "jawaban-dukcapil.csv", "region": own, "checked_on": day.isoformat(),
            "source": _SOURCE,
        }  # fmt: skip
        KINDS[TAKE](operator, lambda *_told: None, arguments)


def _row(place: int, member: Member, day: date) -> list[str]:
    """As we have it, and every so often otherwise."""
    result, otherwise = _ELSE[place // _EVERY % len(_ELSE)] if place % _EVERY == _EVERY // 2 else ("MATCH", "")
    name = f"{member.name} Arsyad" if otherwise == "name" else member.name
    born = member.birth_date + timedelta(1 if otherwise == "birth_date" else 0)
    died = f"{day - timedelta(100):%Y-%m-%d}" if result == "DECEASED" else ""
    return [nik_of(member), result, name, f"{born:%Y-%m-%d}", member.sex, died]
