"""A report comes in, an official takes it in hand and appoints who investigates and who decides."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.audit.sealing import Place, seal, seal_content, unseal, unseal_content
from gandeng.conduct.actions.common import ACCUSED_KEPT, REPORTER_KEPT, ConductRefused, Unnamed, note, refusing
from gandeng.conduct.case_queries import Standing, matter_of
from gandeng.conduct.models import Case, CaseFile, Matter, Party, Reporter, Step
from gandeng.facilitators.models import Staff

_LABEL_SHOWN = 120


@dataclass(frozen=True)
class Paper:
    """A file somebody adds."""

    label: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Report:
    """What is reported; `source` is who told the reporter and how to reach that person, if anybody did."""

    case_id: UUID
    """Made with the form: sent twice, it is one case."""
    prohibition: str
    happened_on: date | None
    what: str
    source: str = ""
    paper: Paper | None = None


@transaction.atomic
def report(acting: Acting, staff: Staff, told: Report) -> Case:
    """A new case about somebody. Raises ConductRefused, PermissionDenied."""
    if not acting.may(May.REPORT_CONDUCT) or staff.person_id == acting.person_id:
        raise PermissionDenied(May.REPORT_CONDUCT)
    if again := Case.objects.filter(pk=told.case_id, reporter__person_id=acting.person_id).first():
        return again
    with refusing(_("Laporan ini sudah diterima.")):
        case = Case(pk=told.case_id, region_code=staff.region_code)
        case.save(force_insert=True)
        Reporter.objects.create(case=case, person_id=acting.person_id)
    matter = uuid4()
    named = acting.person_name + (f"\n{told.source}" if told.source else "")
    Matter.objects.create(
        pk=matter, case=case, staff=staff, prohibition=told.prohibition, happened_on=told.happened_on,
        what_sealed=seal(told.what, Place("conduct_matter", "what", str(matter))),
        reporter_sealed=seal(named, Place("conduct_matter", "reporter", str(matter))),
    )  # fmt: skip
    keep_paper(case, None, told.paper, open_to_accused=False)
    case.refresh_from_db()
    note(Unnamed(REPORTER_KEPT), "conduct.reported", case)
    return case


def keep_paper(case: Case, step: Step | None, paper: Paper | None, *, open_to_accused: bool) -> None:
    """Seal a file and its name."""
    if paper is None:
        return
    key = uuid4()
    CaseFile.objects.create(
        pk=key, case=case, step=step, open_to_accused=open_to_accused, media_type=paper.media_type,
        byte_count=len(paper.content),
        label_sealed=seal(paper.label[-_LABEL_SHOWN:] or "-", Place("conduct_casefile", "label", str(key))),
        content_sealed=seal_content(paper.content, Place("conduct_casefile", "content", str(key))),
    )  # fmt: skip


@transaction.atomic
def take(acting: Acting, standing: Standing) -> None:
    """Take a report in hand, or an appeal. Raises ConductRefused, PermissionDenied."""
    case = standing.case
    authority = acting.authority(May.HANDLE_CONDUCT, case.region_code)
    appeal = case.state == Case.State.APPEALED
    if appeal and not _above_the_decider(acting, standing):
        raise ConductRefused(_("Banding diputus oleh kantor di atas yang memutus."))
    part = Party.Part.APPEAL if appeal else Party.Part.OPENER
    with refusing(_("Perkara ini tidak dapat Anda tangani: sudah ditangani, atau Anda tidak boleh menanganinya.")):
        Party.objects.create(case=case, person_id=acting.person_id, part=part, added_by_id=acting.person_id)
    note(acting, "conduct.appeal_taken" if appeal else "conduct.taken", case, authority)


def _above_the_decider(acting: Acting, standing: Standing) -> bool:
    """A province for a district's decision, the ministry for a province's; for the ministry's own, the ministry."""
    region = standing.case.region_code
    held = [one.region_code for one in acting.grants if May.HANDLE_CONDUCT in one.rights]
    mine = min((len(code) for code in held if region.startswith(code)), default=len(region) + 1)
    return mine < len(region) or mine == 0


@transaction.atomic
def appoint(acting: Acting, standing: Standing, part: str, person: Person) -> None:
    """Who investigates, or who decides. Raises ConductRefused, PermissionDenied."""
    authority = _part(standing, "tunjuk")
    twice = ConductRefused(_("Orang ini sudah memegang bagian lain dalam perkara ini."), "person")
    words = _("Orang ini tidak dapat memegang bagian itu dalam perkara ini.")
    try:
        with refusing(words, {"party_once": twice, "party_one_office": twice}):
            Party.objects.create(case=standing.case, person=person, part=part, added_by_id=acting.person_id)
    except ConductRefused as why:
        raise ConductRefused(str(why), "person") from why
    note(acting, "conduct.appointed", standing.case, authority)


def _part(standing: Standing, deed: str) -> str:
    if deed not in standing.deeds:
        raise PermissionDenied(deed)
    return words_of(standing)


def words_of(standing: Standing) -> str:
    """On what authority somebody of the panel acts: the office, in the words of the log."""
    region = standing.case.region_code
    held = [one for one in standing.acting.grants if region.startswith(one.region_code)]
    return held[0].words if held else ""


@transaction.atomic
def reveal_reporter(acting: Acting, standing: Standing, reason: str) -> str:
    """Who reported, for a reason that is written down first. PermissionDenied for all but the panel."""
    matter = matter_of(standing) if standing.panel else None
    if matter is None:
        raise PermissionDenied("panel")
    if not reason.strip():
        raise ConductRefused(_("Tulis alasannya."), "reason")
    note(acting, "conduct.reporter_revealed", standing.case, words_of(standing), reason)
    return unseal(bytes(matter.reporter_sealed), Place("conduct_matter", "reporter", str(matter.pk)))


@transaction.atomic
def open_file(acting: Acting, standing: Standing, file: CaseFile) -> bytes:
    """The content of a paper, written down. The caller has found it by `access_file`."""
    who = acting if standing.panel else Unnamed(ACCUSED_KEPT)
    note(who, "conduct.file_opened", standing.case, words_of(standing) if standing.panel else "")
    return unseal_content(bytes(file.content_sealed), Place("conduct_casefile", "content", str(file.pk)))
