"""A file of answers as somebody sends one, taken at once."""

import csv
from datetime import date
from uuid import uuid4

from django.db import transaction

from gandeng.accounts.acting import in_territory
from gandeng.civil_registry import taking
from gandeng.civil_registry.models import Matching
from gandeng.registry.actions.applying import nik_of
from gandeng.registry.staging import upload_folder
from gandeng.registry.tests.helpers import QUIET

COLUMNS = ("nik", "result", "name", "birth_date", "sex", "deceased_on")
SOURCE = "Surat Dukcapil 12 Agustus"


def answer(member, result="MATCH", **told):
    """A row about a member, as the registry has her but for `told`."""
    row = {
        "nik": nik_of(member), "result": result, "name": member.name, "birth_date": f"{member.birth_date:%Y-%m-%d}",
        "sex": member.sex, "deceased_on": "",
    }  # fmt: skip
    return row | told


def sent(*rows, region="6371", on=date(2024, 8, 12), columns=COLUMNS, called="jawaban.csv") -> taking.Sent:
    """A file that was uploaded and waits for its job."""
    upload = str(uuid4())
    folder = upload_folder(upload)
    folder.mkdir(parents=True)
    with (folder / "list.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns, extrasaction="ignore")
        out.writeheader()
        out.writerows(rows)
    return taking.Sent(upload, called, region, f"{on:%Y-%m-%d}", SOURCE)


def taken(acting, *rows, **how) -> Matching:
    """A file of those rows, taken."""
    with in_territory(acting), transaction.atomic():
        return taking.take(acting, sent(*rows, **how), QUIET)
