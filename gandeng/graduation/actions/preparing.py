"""A case is opened, prepared with the family, and proposed."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal_content, unseal_content
from gandeng.files.photos import Photo
from gandeng.graduation.actions.common import (
    Rests,
    locked_family,
    request,
    require_natural,
    require_words,
    standing_now,
    take,
)
from gandeng.graduation.models import Case, Kind, Paper, Step
from gandeng.graduation.moves import StepKind
from gandeng.graduation.queries import met_nobody, missing
from gandeng.graduation.refused import GraduationRefused, words_of
from gandeng.graduation.standing import decile_facts
from gandeng.registry import actions as registry
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.queries import present
from gandeng.web.refusals import guarded

IN_PROGRAMME = frozenset({Family.Status.ACTIVE, Family.Status.SUSPENDED})


def open_case(acting: Acting, family: Family, kind: str, reason: str) -> Case:
    """Begin a graduation. Raises GraduationRefused, PermissionDenied."""
    authority = acting.authority(May.REQUEST_CHANGE, family.village_code)
    if not reason.strip():
        raise GraduationRefused(_("Tulis alasannya."), "reason")
    with transaction.atomic(), guarded(words_of):
        found = locked_family(family)
        if found.status not in IN_PROGRAMME:
            raise GraduationRefused(_("Keluarga ini tidak menjadi peserta, sehingga tidak dapat graduasi."))
        if kind == Kind.NATURAL:
            require_natural(found, standing_now(found, kind))
        deciles = decile_facts(found)
        made = Case.objects.create(
            family=found, village_code=found.village_code, kind=kind, reason=reason.strip(),
            facts={"deciles": deciles} if deciles else {}, by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        record(
            acting, "graduation.opened", made, region=made.village_code, authority=authority, reason=made.reason,
            kind=kind, family=str(found.pk), deciles=deciles,
        )  # fmt: skip
    return made


def check(
    acting: Acting, case: Case, on_day: date, answers: Mapping[str, str], words: str = "", *,
    step_id: UUID | None = None,
) -> Step:  # fmt: skip
    """The checklist, as somebody went through it with the family. Raises GraduationRefused, PermissionDenied."""
    return take(acting, case, StepKind.CHECKLIST, on_day, words, facts={"answers": dict(answers)}, step_id=step_id)


def visit(acting: Acting, case: Case, on_day: date, result: str, words: str, *, step_id: UUID | None = None) -> Step:
    """The family was visited. Raises GraduationRefused, PermissionDenied."""
    require_words(words)
    return take(acting, case, StepKind.VISIT, on_day, words, facts={"result": result}, step_id=step_id)


def state_own(
    acting: Acting, case: Case, on_day: date, signer: Member, picture: Photo, *, drawn: bool, words: str,
    step_id: UUID | None = None,
) -> Step:  # fmt: skip
    """The family's own statement, signed by one of it. Raises GraduationRefused, PermissionDenied."""
    facts = {"signer": signer.member_no, "how": "DRAWN" if drawn else "PHOTO", "sha256": picture.sha256}

    def keep(made: Step) -> None:
        key = uuid4()
        content = seal_content(picture.jpeg, _place(key))
        Paper.objects.create(
            pk=key, step=made, family_id=made.family_id, village_code=made.village_code, content_sealed=content,
            byte_count=len(picture.jpeg), sha256=picture.sha256,
        )  # fmt: skip

    if signer.family_id != case.family_id or not present([signer]):
        raise GraduationRefused(_("Yang menandatangani adalah anggota keluarga itu."), "signer")
    return take(acting, case, StepKind.STATEMENT, on_day, words, facts=facts, also=keep, step_id=step_id)


def propose(acting: Acting, case: Case, words: str) -> Step:
    """Ask for the decision: the registry's request is made. Raises GraduationRefused, PermissionDenied."""
    require_words(words)

    def ask(family: Family, steps: list[Step]) -> Rests:
        if met_nobody(steps):
            raise GraduationRefused(_("Kunjungan terakhir tidak bertemu keluarga. Kunjungi lagi dahulu."))
        if lacking := missing(case, steps):
            names = ", ".join(str(kind.label).lower() for kind in lacking)
            raise GraduationRefused(_("Belum lengkap: %(names)s.") % {"names": names})
        standing = standing_now(family, case.kind)
        if case.kind == Kind.NATURAL:
            require_natural(family, standing)
        wanted = registry.Wanted({"status": str(Family.Status.GRADUATED)})
        return standing.facts, request(acting, family, ChangeRequest.Kind.GRADUATE, wanted, words)

    return take(acting, case, StepKind.PROPOSED, timezone.localdate(), words, before=ask)


def open_paper(acting: Acting, case: Case, paper: Paper) -> bytes:
    """The statement's picture, written down. The caller found it by `queries.access_paper`."""
    authority = acting.authority(May.SEE_FAMILIES, case.village_code)
    record(acting, "graduation.statement_opened", case, region=case.village_code, authority=authority)
    return unseal_content(bytes(paper.content_sealed), _place(paper.pk))


def _place(key: object) -> Place:
    return Place("graduation_paper", "content", str(key))
