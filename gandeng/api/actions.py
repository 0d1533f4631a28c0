"""Sending a file once, however often the same request arrives."""

import hashlib
import json
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection, transaction
from django.http import Http404

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import ApiKey
from gandeng.accounts.roles import May
from gandeng.api.models import Sending
from gandeng.api.problems import Invalid, OtherRequest, UnderWay
from gandeng.audit.actions import record
from gandeng.payments.models import Cycle
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.queries import senders_places
from gandeng.web.patience import locks_awaited

_AWAITED = "5s"


@dataclass(frozen=True)
class Wanted:
    """What is sent, for whom, with the totals its sender counted."""

    file: "UploadedFile[bytes]"
    channel: str
    region: str
    typed: Typed


def send_once(acting: Acting, key: ApiKey, idempotency_key: str, cycle: Cycle, wanted: Wanted) -> ResultFile:
    """Receive a file; the same request again gives the same file.

    What was refused has left no trace and is judged anew. Raises Invalid, NotReceived, OtherRequest, UnderWay.
    """
    _require_own(acting, cycle, wanted)
    with transaction.atomic():
        _one_at_a_time(key, idempotency_key)
        before = Sending.objects.filter(key=key, idempotency_key=idempotency_key).first()
        if before is None:
            file, _ = receive_file(
                acting, cycle, wanted.file, channel=wanted.channel, region=wanted.region, typed=wanted.typed
            )
            digest = _digest(cycle, wanted, file.sha256)
            Sending.objects.create(key=key, idempotency_key=idempotency_key, request_sha256=digest, file=file)
            return file
    if before.request_sha256 != _digest(cycle, wanted, _content_sha256(wanted)):
        held = acting.held(May.SEND_RESULTS, wanted.region, wanted.channel)
        record(
            acting, "results.sending_reused", cycle, region=wanted.region, authority=held.words,
            channel=wanted.channel, idempotency_key=hashlib.sha256(idempotency_key.encode()).hexdigest()[:16],
        )  # fmt: skip
        raise OtherRequest
    found = ResultFile.objects.filter(pk=before.file_id).first()
    if found is None:
        raise Http404
    return found


def _require_own(acting: Acting, cycle: Cycle, wanted: Wanted) -> None:
    """As the page's choices: what is not the sender's is as little a choice as what is not there."""
    regions, channels = senders_places(acting, cycle)
    if wanted.channel not in channels:
        raise Invalid(("channel", "Anda tidak mengirim hasil penyalur ini pada tahap ini."))
    if wanted.region not in regions or not acting.may(May.SEND_RESULTS, wanted.region, wanted.channel):
        raise Invalid(("region_code", "Anda tidak mengirim hasil untuk wilayah ini pada tahap ini."))


def _digest(cycle: Cycle, wanted: Wanted, content_sha256: str) -> str:
    """Of everything the request says."""
    said = [str(cycle.pk), wanted.channel, wanted.region, wanted.typed.rows, wanted.typed.rupiah, wanted.file.name]
    return hashlib.sha256(json.dumps([*said, content_sha256]).encode()).hexdigest()


def _content_sha256(wanted: Wanted) -> str:
    """Of a file that is not received again; for one that is, receiving has counted it."""
    content = hashlib.sha256()
    for chunk in wanted.file.chunks():
        content.update(chunk)
    return content.hexdigest()


def _one_at_a_time(key: ApiKey, idempotency_key: str) -> None:
    """Whoever sends the same at the same moment waits for the first to be done."""
    try:
        with transaction.atomic(), locks_awaited(_AWAITED), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"api:{key.pk}:{idempotency_key}"])
    except OperationalError as error:
        raise UnderWay from error
