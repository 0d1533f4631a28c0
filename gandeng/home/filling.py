"""Fill the try-out: a province in the middle of its year, by the acts an office would do, as the people who do them.

Stage 2 has been paid and its results are coming in: some districts have signed, one waits for a signature, one bank
has neither told which order it holds nor sent its file, some money that came back waits to be sent again. Stage 3 is
on its lists and waits for approvals. Some changes of families wait for a decision.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting, acting_for, in_territory
from gandeng.audit.log_keys import make_log_key
from gandeng.audit.sealing import make_keys
from gandeng.cleansing.looking import look_at as look_at_records
from gandeng.files.digests import sha256_of
from gandeng.files.intake import take
from gandeng.files.layouts import RESULTS
from gandeng.home.filling_achievements import fill_achievements
from gandeng.home.filling_changes import fill_changes
from gandeng.home.filling_civil_registry import fill_civil_registry
from gandeng.home.filling_commitments import fill_commitments
from gandeng.home.filling_conduct import fill_conduct
from gandeng.home.filling_deciles import fill_deciles, with_deciles
from gandeng.home.filling_duplicates import fill_duplicates
from gandeng.home.filling_family_sessions import fill_family_sessions
from gandeng.home.filling_field import fill_field
from gandeng.home.filling_follow_up import fill_follow_up
from gandeng.home.filling_graduation import fill_graduation
from gandeng.home.filling_helpdesk import fill_helpdesk
from gandeng.home.filling_monitoring import fill_monitoring
from gandeng.home.filling_people import Cast, people
from gandeng.home.filling_performance import fill_performance
from gandeng.home.filling_plan import fill_plan
from gandeng.home.filling_signs import fill_signs
from gandeng.home.filling_staff import fill_staff
from gandeng.home.filling_training import fill_training
from gandeng.jobs.models import Job
from gandeng.jobs.tasks import run_job
from gandeng.jobs.work import KINDS
from gandeng.payments import actions as payments
from gandeng.payments.models import Cycle, Instruction, PaymentList
from gandeng.reconciliation.actions.exceptions import Act, act_on, decide_reissue
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.actions.statements import make_statement, missing, sign
from gandeng.reconciliation.queries import exceptions_of
from gandeng.registry.loading import load_registry
from gandeng.runs.publish import scratch
from gandeng.web.patience import allow_long_work
from gandeng.words import say

REGISTERED = date(2024, 3, 1)
PAID, LISTED = (2024, 2), (2024, 3)
NOT_YET_COME = "BTN"
REISSUES = 6
ADDRESS = "http://127.0.0.1:8000/"

type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Extent:
    """Whose province, and how many of its districts are how far; the next one after the signed is half signed."""

    province: str = "63"
    signed: int = 4
    approved: int = 9


def fill(registry: Path, reports: Iterable[Path], progress: Progress, extent: Extent = Extent()) -> dict[Path, Typed]:
    """Everything, from an empty migrated database on. `reports` are the result files of stage 2.

    Gives the files that have not come, with the totals one types to send them.
    """
    reports = list(reports)
    cast = begin(registry, progress, extent.province)
    paid = listed(cast, PAID, progress)
    approve(cast, paid, len(cast.heads), with_province=True)
    work(cast.province_officer, "payments.instruct", progress, cycle=str(paid.pk))
    _confirmations(cast, paid)
    _results(cast, paid, reports, progress)
    _sign(cast, paid, extent.signed)
    _reissues(cast, paid)
    waiting = listed(cast, LISTED, progress)
    approve(cast, waiting, extent.approved, with_province=False)
    own = cast.facilitator.grants[0].region_code[:4]
    fill_changes(cast.facilitator, cast.coordinators[own], _as)
    fill_achievements(cast, _as)
    fill_training(cast, _as)
    fill_follow_up(cast.facilitator, _as)
    fill_family_sessions(cast, _as)
    fill_commitments(cast.facilitator, cast.coordinators[own], _as)
    fill_deciles(cast.facilitator, cast.coordinators[own], _as)
    fill_graduation(cast.facilitator, cast.coordinators[own], _as)
    fill_field(cast.facilitator, _as)
    fill_signs(cast.facilitator, cast.coordinators[own], _as)
    fill_performance(cast, _as)
    fill_conduct(cast, _as)
    fill_plan(cast, _as)
    fill_helpdesk(cast, _as)
    fill_monitoring(cast.coordinators[own], cast.operators[own], paid, _as)
    fill_duplicates(cast, own, _as)
    fill_civil_registry(cast, own, _as)
    with _as(cast.operators[own]) as operator:
        look_at_records(operator, own)
    _finish_jobs(progress)
    return {path: _typed(path) for path in reports if NOT_YET_COME in path.name.upper()}


def begin(registry: Path, progress: Progress, province: str) -> Cast:
    """Keys, people, families and who accompanies them, and nothing done yet."""
    make_keys(settings.KEY_FILE)
    make_log_key(settings.LOG_KEY_FILE)
    allow_long_work()
    progress(say("demo.filling_people"), 0, 1)
    cast = people(province)
    with _as(cast.province_officer) as officer, with_deciles(registry, REGISTERED) as told:
        load_registry(officer, told, on=REGISTERED, report=_told(progress, say("demo.filling_registry")))
    progress(say("demo.filling_staff"), 0, 1)
    fill_staff(cast, registry, _as)
    return replace(cast, facilitator=acting_for(cast.facilitator.person_id, timezone.localdate()))


@contextmanager
def _as(acting: Acting) -> Iterator[Acting]:
    """One person's act, whole or not at all."""
    with in_territory(acting), transaction.atomic():
        yield acting


def _told(progress: Progress, words: str) -> Callable[..., None]:
    return lambda _step, done=0, total=0: progress(words, done, total)


def work(acting: Acting, kind: str, progress: Progress, **arguments: Any) -> None:
    """Long work as its job would do it."""
    cycle = Cycle.objects.get(pk=arguments["cycle"])
    with _as(acting):
        KINDS[kind](acting, _told(progress, say("demo.filling_cycle", cycle=cycle)), arguments)


def listed(cast: Cast, stage: tuple[int, int], progress: Progress) -> Cycle:
    """Opened, frozen, calculated, on lists, handed in by the province's officer."""
    officer = cast.province_officer
    with _as(officer):
        cycle = payments.open_cycle(officer, *stage, None, cast.province)
    for kind in ("payments.freeze", "payments.calculate", "payments.make_lists"):
        work(officer, kind, progress, cycle=str(cycle.pk))
    with _as(officer):
        for each in PaymentList.objects.filter(cycle=cycle, payments__gt=0).select_related("cycle"):
            payments.submit_list(officer, each)
    return Cycle.objects.get(pk=cycle.pk)


def approve(cast: Cast, cycle: Cycle, districts: int, *, with_province: bool) -> None:
    """What waits for the heads of the first `districts` districts, then for the province."""
    for head in list(cast.heads.values())[:districts]:
        _approve_all(head, cycle, "SUBMITTED", "DISTRICT")
    if with_province:
        _approve_all(cast.province_head, cycle, "DISTRICT", "PROVINCE")


def _approve_all(head: Acting, cycle: Cycle, state: str, level: str) -> None:
    with _as(head):
        for each in PaymentList.objects.filter(cycle=cycle, payments__gt=0, state=state).select_related("cycle"):
            payments.approve_list(head, each, level)


@dataclass(frozen=True)
class _Upload:
    """A file as a browser would send it."""

    path: Path

    @property
    def name(self) -> str:
        """As the sender calls it."""
        return self.path.name

    def chunks(self) -> Iterator[bytes]:
        """The content, in one piece."""
        yield self.path.read_bytes()


def _confirmations(cast: Cast, cycle: Cycle) -> None:
    """Each channel but one fetches its order and tells which file it holds."""
    for channel, bank in cast.channels.items():
        if channel == NOT_YET_COME:
            continue
        with _as(bank):
            for order in Instruction.objects.filter(cycle=cycle, channel=channel):
                path, _name = payments.download(bank, order)
                payments.confirm(bank, order, sha256_of(path))


def _results(cast: Cast, cycle: Cycle, reports: Iterable[Path], progress: Progress) -> None:
    """Every channel's officer sends the reports, all but one bank's; each is read and reconciled."""
    files = [path for path in reports if NOT_YET_COME not in path.name.upper()]
    cycle.refresh_from_db()
    for done, path in enumerate(files):
        progress(say("demo.filling_results"), done, len(files))
        channel = next(name for name in cast.channels if name in path.name.upper())
        officer = cast.channels[channel]
        typed = _typed(path)
        with _as(officer):
            _, job = receive_file(officer, cycle, _Upload(path), channel=channel, region=cycle.region_code, typed=typed)
        run_job(job_id=str(job.pk))


def _typed(path: Path) -> Typed:
    """The totals the officer reads off the bank's own system."""
    with scratch(settings.DATA_DIR / "typed") as work:
        taken = take(path, RESULTS, work)
        return Typed(taken.rows, taken.total_rupiah or 0)


def _reissues(cast: Cast, cycle: Cycle) -> None:
    """In the district of the doors, operators ask to send failed money again; all but the last are agreed on."""
    district = cast.facilitator.grants[0].region_code[:4]
    operator, coordinator = cast.operators[district], cast.coordinators[district]
    with _as(operator):
        failed = exceptions_of(cycle, {"kind": "FAILED", "district": district})
        cases = list(failed.order_by("-at_stake_rupiah", "pk")[:REISSUES])
        for case in cases:
            act_on(operator, case, Act.REISSUE, reason="Rekening sudah aktif kembali", evidence="Surat bank 07/2024")
    with _as(coordinator):
        for case in cases[:-1]:
            asked = case.reissues.select_related("exception").get()
            decide_reissue(coordinator, asked, approve=True, reason="Sesuai surat bank")


def _sign(cast: Cast, cycle: Cycle, complete: int) -> None:
    """The first districts sign; one more has only its coordinator's name so far."""
    with _as(cast.province_head):
        lists = PaymentList.objects.filter(cycle=cycle, payments__gt=0)
        districts = sorted(set(lists.values_list("district_code", flat=True)))
    for place, district in enumerate(districts[: complete + 1]):
        coordinator, head = cast.coordinators[district], cast.heads[district]
        with _as(coordinator):
            statement = make_statement(coordinator, cycle, district)
        for one in missing(statement, []):
            signer = {"HEAD": head, "COORDINATOR": coordinator}.get(one.capacity) or cast.channels[one.channel]
            if place >= complete and one.capacity != "COORDINATOR":
                continue
            with _as(signer):
                sign(
                    signer, statement, capacity=one.capacity, channel=one.channel, digest=statement.digest,
                    address=ADDRESS,
                )  # fmt: skip


def _finish_jobs(progress: Progress) -> None:
    """What the acts above put into the queue is done before anybody looks."""
    waiting = list(Job.objects.filter(state=Job.State.WAITING).order_by("created_at"))
    for done, job in enumerate(waiting):
        progress(job.title, done, len(waiting))
        run_job(job_id=str(job.pk))
