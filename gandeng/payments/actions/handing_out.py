"""An order's encrypted file, its password and its signature, to whom they are for; and the file packed anew."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.accounts.signed_papers import NotSigned, signature_of
from gandeng.audit.actions import record
from gandeng.audit.sealing import unseal
from gandeng.files.digests import sha256_of
from gandeng.payments.actions.approvals import require_unchanged
from gandeng.payments.actions.locking import locked
from gandeng.payments.actions.packing import Report, keep_password, kept_as, pack, password_place, path_of
from gandeng.payments.models import Cycle, Instruction, PaymentList
from gandeng.payments.refused import Refused

State = PaymentList.State


def show_password(acting: Acting, instruction: Instruction) -> str:
    """The password, to its maker, once: only its digest stays. Raises Refused for others, later, or a closed cycle."""
    authority = acting.authority(May.INSTRUCT, instruction.region_code)
    with transaction.atomic():
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        if found.made_by_id != acting.person_id:
            raise Refused("password_not_yours")
        if found.cycle.state == Cycle.State.CLOSED:
            raise Refused("cycle_state", state=Cycle.State.CLOSED.label)
        if not bytes(found.password_sealed):
            raise Refused("password_gone")
        password = unseal(bytes(found.password_sealed), password_place(found))
        found.password_sealed = b""
        found.save(update_fields=["password_sealed"])
        record(acting, "instruction.password_shown", found, region=found.region_code, authority=authority)
    return password


def may_download(acting: Acting, instruction: Instruction) -> str | None:
    """On whose authority, None for nobody's: whoever instructs, and the channel's own officer."""
    region, channel = instruction.region_code, instruction.channel
    for held in acting.grants:
        own = bool(held.channel) and held.allows(May.SEND_RESULTS, region, channel)
        if own or held.allows(May.INSTRUCT, region, channel):
            return held.words
    return None


def download(acting: Acting, instruction: Instruction) -> tuple[Path, str]:
    """The encrypted file and the name to give it. Logged each time; from the second time on it is named a copy."""
    authority = _authority(acting, instruction)
    with transaction.atomic():
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        path = _as_made(found)
        found.downloads += 1
        if found.downloaded_at is None:
            found.downloaded_at, found.downloaded_by_id = timezone.now(), acting.person_id
        if found.cycle.state != Cycle.State.CLOSED:  # then nothing of it changes; the log has the fetching all the same
            found.save(update_fields=["downloads", "downloaded_at", "downloaded_by"])
        facts: dict[str, Any] = {"channel": found.channel, "sha256": found.sha256, "copy": found.downloads}
        record(acting, "instruction.downloaded", found, region=found.region_code, authority=authority, **facts)
    name = found.name if found.downloads == 1 else found.name.replace(".zip", f"-SALINAN-{found.downloads - 1}.zip")
    return path, name


def signature(acting: Acting, instruction: Instruction) -> tuple[bytes, str]:
    """The office's signature of the encrypted file, to lie beside it, and its name. Each is logged. Raises Refused."""
    authority = _authority(acting, instruction)
    try:
        told, serial = signature_of(_as_made(instruction))
    except NotSigned as error:
        raise Refused("not_signed") from error
    record(
        acting, "instruction.signed", instruction, region=instruction.region_code, authority=authority,
        channel=instruction.channel, sha256=instruction.sha256, certificate=serial,
    )  # fmt: skip
    return told, f"{instruction.name}.p7s"


def _authority(acting: Acting, instruction: Instruction) -> str:
    """Of whoever fetches it. Raises PermissionDenied."""
    found = may_download(acting, instruction)
    return acting.authority(May.INSTRUCT, instruction.region_code, instruction.channel) if found is None else found


def _as_made(instruction: Instruction) -> Path:
    """The encrypted file. Raises Refused where it is gone or another."""
    path = path_of(instruction)
    if not path.exists() or sha256_of(path) != instruction.sha256:
        raise Refused("order_damaged")
    return path


def repack(acting: Acting, instruction: Instruction, reason: str, report: Report) -> Instruction:
    """The same files under a new password, where the old one was lost. Raises Refused if they are not as ordered."""
    if not reason.strip():
        raise Refused("reason_missing")
    authority = acting.authority(May.INSTRUCT, instruction.region_code)
    with locked(instruction.cycle) as cycle:
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        if cycle.state == Cycle.State.CLOSED:
            raise Refused("cycle_state", state=Cycle.State.CLOSED.label)
        ordered = PaymentList.objects.filter(cycle=cycle, channel=found.channel, round=found.round)
        lists = list(ordered.filter(state=State.INSTRUCTED))
        require_unchanged(*lists)
        packed = pack(cycle, lists, found.made_at, found.execute_on or timezone.localdate(), report)
        if packed.list_sha256 != found.list_sha256:
            packed.path.unlink()
            raise Refused("list_differs")
        old = path_of(found)
        found.earlier_sha256.append(found.sha256)
        found.path, found.sha256, found.made_by_id = kept_as(packed.path), packed.sha256, acting.person_id
        keep_password(found, packed.password)
        found.save()
        facts: dict[str, Any] = {"channel": found.channel, "sha256": found.sha256}
        record(
            acting, "instruction.repacked", found, region=cycle.region_code, authority=authority, reason=reason, **facts
        )
        transaction.on_commit(lambda: old.unlink(missing_ok=True))
    return found
