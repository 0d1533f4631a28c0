"""A stage in an office as its people go through it: the list taken and applied, lists made, a result file reconciled.

Each is measured from the upload, or the press of the button, to the page that shows what came of it.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from benchmarks.data import CYCLE, MADE
from benchmarks.web_data import BANK
from benchmarks.web_office import Office, signed_in
from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.models import User
from gandeng.audit.sealing import make_keys
from gandeng.home.filling import approve
from gandeng.home.filling_people import Cast, people
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.jobs.work import start
from gandeng.payments import actions as payments
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.registry.models import Family, Intake, Member
from gandeng.registry.staging import upload_folder

PROVINCE = "63"
STAGE = f"{CYCLE.year}-{CYCLE.stage}"


@dataclass(frozen=True)
class Upload:
    """A file as a browser sends it."""

    path: Path

    @property
    def name(self) -> str:
        """As the sender calls it."""
        return self.path.name

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        with self.path.open("rb") as file:
            while chunk := file.read(65_536):
                yield chunk


def begin() -> Cast:
    """Keys and people; statements may take as long as in a worker."""
    make_keys(settings.KEY_FILE)
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
    return people(PROVINCE)


@contextmanager
def acting_as(acting: Acting) -> Iterator[None]:
    """One person's act, whole or not at all."""
    with in_territory(acting), transaction.atomic():
        yield


def job(acting: Acting, kind: str, **arguments: Any) -> Job:
    """Ask for long work as a page does, and do it as the worker does. Raises RuntimeError where it ends badly."""
    with acting_as(acting):
        asked = start(acting, kind, kind, **arguments)
    return done(asked)


def done(asked: Job) -> Job:
    """Do a job that was asked for."""
    run_job(job_id=str(asked.pk))
    asked.refresh_from_db()
    if asked.state != Job.State.DONE:
        raise RuntimeError(f"{asked.kind}: {asked.state} {asked.message}")
    return asked


def look(acting: Acting, address: str) -> None:
    """The person opens the page. Raises RuntimeError where it is not there."""
    user = User.objects.get(person_id=acting.person_id)
    answer = signed_in(user.pk).get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")


def go_through(office: Office, data: Path) -> int:
    """The whole stage of one size; the families' number."""
    cast = begin()
    families = _intake(office, cast, data)
    cycle = calculated(cast)
    with office.measured("lists") as told:
        made = job(cast.province_officer, "payments.make_lists", cycle=str(cycle.pk))
        look(cast.province_officer, made.result_url)
        told["rows"] = _count(cast, Payment.objects)
    instructed(cast, cycle)
    _reconcile(office, cast, cycle, data)
    return families


def _count(cast: Cast, rows: Any) -> int:
    with in_territory(cast.province_officer):
        return int(rows.count())


def _intake(office: Office, cast: Cast, data: Path) -> int:
    upload = str(uuid4())
    with office.measured("intake") as told:
        folder = upload_folder(upload)
        folder.mkdir(parents=True)
        for name in ("families.csv", "members.csv"):
            shutil.copyfile(data / name, folder / name)
        taken = job(
            cast.province_officer, "registry.take", upload=upload, families_name="families.csv",
            members_name="members.csv", region=PROVINCE, cycle=STAGE,
        )  # fmt: skip
        look(cast.province_officer, taken.result_url)
        with in_territory(cast.province_head):
            intake = Intake.objects.get()
        applied = job(cast.province_head, "registry.apply", intake=str(intake.pk))
        look(cast.province_head, applied.result_url)
    families, members = _count(cast, Family.objects), _count(cast, Member.objects)
    told["rows"] = families + members
    office.facts["intake"]["rows"] = families + members
    return families


def calculated(cast: Cast) -> Cycle:
    """A stage opened, frozen and calculated."""
    officer = cast.province_officer
    with acting_as(officer):
        cycle = payments.open_cycle(officer, CYCLE.year, CYCLE.stage, None, PROVINCE)
    for kind in ("payments.freeze", "payments.calculate"):
        job(officer, kind, cycle=str(cycle.pk))
    return Cycle.objects.get(pk=cycle.pk)


def instructed(cast: Cast, cycle: Cycle) -> None:
    """The lists handed in, approved by everybody, and sent to the bank."""
    officer = cast.province_officer
    with acting_as(officer):
        for each in PaymentList.objects.filter(cycle=cycle, payments__gt=0).select_related("cycle"):
            payments.submit_list(officer, each)
    approve(cast, cycle, len(cast.heads), with_province=True)
    job(officer, "payments.instruct", cycle=str(cycle.pk))
    cycle.refresh_from_db()


def _reconcile(office: Office, cast: Cast, cycle: Cycle, data: Path) -> None:
    bank, made = cast.channels[BANK], json.loads((data / MADE).read_text())
    typed = Typed(made["result_rows"], made["result_rupiah"])
    with office.measured("reconcile") as told:
        with acting_as(bank):
            file, asked = receive_file(
                bank, cycle, Upload(data / "results.csv"), channel=BANK, region=PROVINCE, typed=typed
            )
        look(bank, done(asked).result_url)
        look(cast.province_officer, reverse("reconciliation:cycle", args=[cycle.pk]))
        told["rows"] = made["result_rows"]
    with in_territory(bank):
        file.refresh_from_db()
    if file.state != file.State.TAKEN:
        raise RuntimeError(f"{file.state}: {file.faults[:3]}")
