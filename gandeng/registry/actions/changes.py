"""Changes of a family's data: one person asks, another in charge of the region decides, and only then it is done."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pghistory
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, blind, blind_account, seal, seal_content, unseal_content
from gandeng.core.channels import POST
from gandeng.registry.actions.applying import Kind, apply_change, current, left_behind, place_of, refusal
from gandeng.registry.change_queries import decides, is_judge_of_own, right_to_decide
from gandeng.registry.keeping import is_kept
from gandeng.registry.models import Account, ChangeEvidence, ChangeRequest, Family, Member

_NAME_SHOWN = 120


class ChangeRefused(Exception):
    """The request cannot be made or carried out; the message says why and what to do."""


@dataclass(frozen=True)
class Wanted:
    """What the request would write: `after` as JSON, and the one identifier that may come with it."""

    after: dict[str, Any] = field(default_factory=dict)
    identifier: str = ""


@dataclass(frozen=True)
class Proof:
    """Words, and perhaps one paper (checked and drawn anew in forms)."""

    words: str = ""
    file_name: str = ""
    media_type: str = ""
    content: bytes = b""


def request_change(
    acting: Acting, family: Family, kind: str, member: Member | None, wanted: Wanted, reason: str, proof: Proof,
    *, right: May = May.REQUEST_CHANGE,
) -> ChangeRequest:  # fmt: skip
    """Ask for a change; a package above names a `right` of its own. Raises ChangeRefused, PermissionDenied."""
    authority = acting.authority(right, family.village_code)
    if why := refusal(kind, family, member, wanted.after):
        raise ChangeRefused(why)
    change = ChangeRequest(
        family=family, member=member, village_code=family.village_code, kind=kind, after=wanted.after,
        before=current(kind, family, member), reason=reason.strip(), requested_by_id=acting.person_id,
    )  # fmt: skip
    if wanted.identifier:
        _seal_identifier(change, wanted)
    if words := _taken(change):
        raise ChangeRefused(words)
    same = change.before == change.after or (kind == Kind.ACCOUNT and _stays_at_the_post(change))
    if same and not wanted.identifier:
        raise ChangeRefused(_("Tidak ada yang berubah: isinya sama dengan yang tercatat."))
    try:
        with transaction.atomic():
            change.save(force_insert=True)
            _keep_proof(change, proof)
            record(
                acting, "change.requested", family, region=family.village_code, authority=authority,
                reason=change.reason, kind=kind, change=str(change.pk), evidence=bool(proof.content),
                **({"sha256": sha256(proof.content).hexdigest()} if proof.content else {}),
            )  # fmt: skip
    except IntegrityError as error:
        if _constraint(error) == "change_pending_once":
            raise ChangeRefused(_("Permintaan yang sama masih menunggu keputusan.")) from error
        raise
    return change


def _stays_at_the_post(change: ChangeRequest) -> bool:
    return change.before.get("channel") == POST and not change.before.get("held")


def _seal_identifier(change: ChangeRequest, wanted: Wanted) -> None:
    number = wanted.identifier
    change.identifier_sealed = seal(number, place_of(change))
    if change.kind == Kind.ACCOUNT:
        change.identifier_index, change.identifier_tail = blind_account(wanted.after["channel"], number), number[-3:]
    else:
        change.identifier_index, change.identifier_tail = blind("nik", number), number[-4:]


def _keep_proof(change: ChangeRequest, proof: Proof) -> None:
    if not (proof.words or proof.content):
        return
    ChangeEvidence.objects.create(
        change=change, village_code=change.village_code, words=proof.words.strip(),
        file_name=proof.file_name[-_NAME_SHOWN:], media_type=proof.media_type, file_bytes=len(proof.content),
        file_sealed=seal_content(proof.content, _paper(change)),
    )  # fmt: skip


def _paper(change: ChangeRequest) -> Place:
    return Place("registry_changeevidence", "file", str(change.pk))


def open_evidence(acting: Acting, change: ChangeRequest) -> tuple[str, bytes]:
    """Media type and content of the paper, written down. The caller has found the request by `access_change`."""
    evidence = ChangeEvidence.objects.get(change=change)
    record(
        acting, "evidence.opened", change, region=change.village_code,
        authority=acting.authority(May.SEE_FAMILIES, change.village_code),
    )  # fmt: skip
    return evidence.media_type, unseal_content(bytes(evidence.file_sealed), _paper(change))


def approve_change(acting: Acting, change: ChangeRequest, reason: str, *, right: May | None = None) -> ChangeRequest:
    """Say yes and do it; who keeps the kind names a `right` of its own. Raises ChangeRefused, PermissionDenied."""
    authority = acting.authority(right, change.village_code) if right else _authority(acting, change)
    try:
        with transaction.atomic(), pghistory.context(who=acting.person_name, change=str(change.pk)):
            family = Family.objects.select_for_update(of=("self",), no_key=True).get(pk=change.family_id)
            decided = _locked(acting, change)
            member = (
                Member.objects.select_for_update(no_key=True).get(pk=decided.member_id) if decided.member_id else None
            )
            if right is None:
                _must_be_decided_here(acting, decided, family)
            _must_still_fit(decided, family, member)
            _decide(decided, acting, ChangeRequest.State.APPROVED, reason)
            apply_change(decided, family, member, timezone.localdate())
            _tell(acting, "change.approved", decided, authority)
    except IntegrityError as error:
        raise ChangeRefused(_taken(change) or _unseen(error)) from error
    return decided


def _authority(acting: Acting, change: ChangeRequest) -> str:
    """Of whoever decides where the family lives, or could say yes to its move."""
    here = acting.may(May.DECIDE_CHANGE, change.village_code)
    return acting.authority(May.DECIDE_CHANGE if here else right_to_decide(change), change.village_code)


def _must_be_decided_here(acting: Acting, change: ChangeRequest, family: Family) -> None:
    if is_kept(change.kind, family):
        raise ChangeRefused(_("Ini diputuskan pada bagian graduasi di halaman keluarganya."))
    if not decides(acting, change):
        raise ChangeRefused(_("Pindah ke luar wilayah Anda diputuskan oleh yang membawahi kedua wilayah."))


def _must_still_fit(change: ChangeRequest, family: Family, member: Member | None) -> None:
    if why := refusal(change.kind, family, member, change.after):
        raise ChangeRefused(why)
    if current(change.kind, family, member) != change.before:
        raise ChangeRefused(_("Data keluarga sudah berubah sejak permintaan dibuat. Tolak, lalu minta yang baru."))


def refuse_change(acting: Acting, change: ChangeRequest, reason: str) -> ChangeRequest:
    """Say no, with the reason: where the family lives, or who could say yes. Raises ChangeRefused, PermissionDenied."""
    authority = _authority(acting, change)
    if not reason.strip():
        raise ChangeRefused(_("Tulis alasan penolakan."))
    with transaction.atomic():
        decided = _locked(acting, change)
        _decide(decided, acting, ChangeRequest.State.REFUSED, reason)
        _tell(acting, "change.refused", decided, authority)
    return decided


def withdraw_change(acting: Acting, change: ChangeRequest) -> None:
    """Take one's own request back. Raises ChangeRefused."""
    with transaction.atomic():
        rows = ChangeRequest.objects.filter(
            pk=change.pk, state=ChangeRequest.State.PENDING, requested_by_id=acting.person_id
        )
        if not rows.update(state=ChangeRequest.State.WITHDRAWN):
            raise ChangeRefused(_("Hanya permintaan Anda sendiri yang masih menunggu yang dapat ditarik."))
        _tell(acting, "change.withdrawn", change, "")


def end_kept(acting: Acting, change: ChangeRequest) -> None:
    """A package that keeps the kind ends what it asked for, whoever did; nothing where it is decided already."""
    pending = ChangeRequest.objects.filter(pk=change.pk, state=ChangeRequest.State.PENDING)
    if pending.update(state=ChangeRequest.State.WITHDRAWN):
        _tell(acting, "change.withdrawn", change, "")


def _locked(acting: Acting, change: ChangeRequest) -> ChangeRequest:
    locked = ChangeRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=change.pk)
    if locked.state != ChangeRequest.State.PENDING:
        raise ChangeRefused(_("Permintaan ini sudah diputuskan."))
    if locked.requested_by_id == acting.person_id:
        raise ChangeRefused(_("Permintaan Anda sendiri diputuskan oleh orang lain."))
    if is_judge_of_own(acting, locked):
        raise ChangeRefused(_("Yang meminta atau menyetujui penggantiannya tidak memutuskan apakah itu ditahan."))
    return locked


def _decide(change: ChangeRequest, acting: Acting, state: str, reason: str) -> None:
    change.state, change.decided_by_id, change.decided_at = state, acting.person_id, timezone.now()
    change.decision_reason = reason.strip()
    change.save()


def _tell(acting: Acting, action: str, change: ChangeRequest, authority: str) -> None:
    record(
        acting, action, object_type="Family", object_id=change.family_id, region=change.village_code,
        authority=authority, reason=change.decision_reason or change.reason, kind=change.kind, change=str(change.pk),
    )  # fmt: skip


def _taken(change: ChangeRequest) -> str:
    """Whose identifier it is already, as far as the territory sees; "" where it sees nobody."""
    index = change.member.nik_index if change.kind == Kind.BACK and change.member else change.identifier_index
    if index is None:
        return ""
    if change.kind == Kind.ACCOUNT:
        rows = Account.objects.filter(account_index=index, valid_until__isnull=True)
        other = rows.exclude(family=change.family_id).exclude(left_behind()).select_related("family").first()
        own = rows.filter(family=change.family_id).first()
        if own is not None and not own.is_held:
            return _("Rekening itu sudah menjadi rekening keluarga ini.")
        told = _("Rekening itu sudah dipakai keluarga %(family)s.")
        return told % {"family": other.family.family_no} if other else ""
    living = Member.objects.filter(nik_index=index, deceased_on__isnull=True, left_on__isnull=True).select_related(
        "family"
    )
    holder = living.first()
    told = _("NIK itu sudah dipakai anggota keluarga %(family)s.")
    return told % {"family": holder.family.family_no} if holder else ""


def _unseen(error: IntegrityError) -> str:
    """The same for what lies outside the territory: that it is taken, not by whom."""
    if _constraint(error) == "account_one_family":
        return _("Rekening itu sudah dipakai keluarga lain di luar wilayah Anda.")
    if _constraint(error) == "member_nik_once":
        return _("NIK itu sudah dipakai orang lain di luar wilayah Anda.")
    if _constraint(error) == "family_kk_once":
        return _("Nomor KK keluarga ini sudah dipakai keluarga lain yang aktif.")
    raise error


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")
