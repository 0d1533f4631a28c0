"""The operations, each thin: one query or action, and an answer."""

from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import File, Form, NinjaAPI, Query, UploadedFile
from ninja.params.functions import Header
from ninja.responses import Status

from gandeng.accounts.key_requests import key_shown
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import by_key
from gandeng.api.actions import Wanted, send_once
from gandeng.api.cursors import Paging, page
from gandeng.api.problems import answer_problems
from gandeng.api.queries import cycles_with_orders, ordered_in
from gandeng.api.schemas import (
    ConfirmationTold,
    Copy,
    CyclePage,
    CycleTold,
    DifferencePage,
    DifferenceTold,
    InstructionPage,
    InstructionTold,
    KeyTold,
    Narrowed,
    Problem,
    ReceiptPage,
    ReceiptTold,
    Sent,
    Totals,
)
from gandeng.api.security import key_of_request
from gandeng.audit.actions import record
from gandeng.payments import actions as payments
from gandeng.payments.order_queries import told_of
from gandeng.payments.queries import access_cycle, access_instruction, instructions_of
from gandeng.reconciliation.actions.files import Typed
from gandeng.reconciliation.models import OutcomeInForce
from gandeng.reconciliation.queries import access_file, exceptions_of, files_of
from gandeng.web.answers import P7S, as_file

api = NinjaAPI(
    title="Gandeng",
    version="1",
    description="For the machines of banks, post and auditors. Every request shows an API key of a person; what it "
    "sees and may do is what that person's role for the channel allows on that day.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=key_of_request,
)
answer_problems(api)

IDEMPOTENCY_KEY = Header(
    ..., alias="Idempotency-Key", min_length=8, max_length=100, pattern="^[!-~]+$",
    description="A name of your own for this sending, as a UUID; the same when you try again.",
)  # fmt: skip
_ALWAYS = (400, 401, 403, 404, 422, 429, 500, 507)


def _answers(schema: Any, *others: int, status: int = 200) -> dict[Any, Any]:
    return {status: schema, frozenset({*_ALWAYS, *others}): Problem}


@api.get("key", response=_answers(KeyTold), operation_id="key")
@by_key(May.USE_KEY)
def key(request: HttpRequest) -> KeyTold:
    """The key that is shown: whose it is, until when, with which roles of today."""
    return KeyTold.of(key_shown(request), acting(request).grants)


@api.get("cycles", response=_answers(CyclePage), operation_id="cycles")
@by_key(May.SEE_PAYMENTS)
def cycles(request: HttpRequest, paging: Query[Paging]) -> CyclePage:
    """Stages in which your channel was ordered to pay, newest first."""
    who = acting(request)
    rows, following = page(cycles_with_orders(who), paging, ("-year", "-stage", "region_code"), of="cycles")
    ordered = ordered_in(rows)
    return CyclePage(items=[CycleTold.of(one, ordered[one.pk]) for one in rows], next_cursor=following)


@api.get("cycles/{uuid:cycle_id}/instructions", response=_answers(InstructionPage), operation_id="instructions")
@by_key(May.SEE_PAYMENTS)
def instructions(request: HttpRequest, cycle_id: UUID, paging: Query[Paging]) -> InstructionPage:
    """Orders of a stage: rows, total, digests, how often each was fetched."""
    cycle = access_cycle(acting(request), cycle_id)
    of = f"instructions:{cycle.pk}"
    rows, following = page(instructions_of(cycle), paging, ("channel", "round", "id"), of=of)
    told = told_of(rows)
    return InstructionPage(items=[InstructionTold.of(one, told.get(one.pk)) for one in rows], next_cursor=following)


@api.post(
    "instructions/{uuid:instruction_id}/download", response=_answers(None, 409), operation_id="download",
    openapi_extra={"responses": {200: {
        "description": "The encrypted ZIP (AES-256).",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }}},
)  # fmt: skip
@by_key(May.SEND_RESULTS)
def download(request: HttpRequest, instruction_id: UUID) -> HttpResponseBase:
    """The encrypted file of an order. Each time is written down; from the second time on it is named a copy."""
    who = acting(request)
    path, name = payments.download(who, access_instruction(who, instruction_id))
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


@api.post(
    "instructions/{uuid:instruction_id}/signature", response=_answers(None, 409), operation_id="signature",
    openapi_extra={"responses": {200: {
        "description": "The office's signature of that file, detached: CMS, DER (.p7s).",
        "content": {P7S: {"schema": {"type": "string", "format": "binary"}}},
    }}},
)  # fmt: skip
@by_key(May.SEND_RESULTS)
def signature(request: HttpRequest, instruction_id: UUID) -> HttpResponse:
    """The office's signature of the encrypted file: proves that it came as it left. 409 without a certificate."""
    who = acting(request)
    content, name = payments.signature(who, access_instruction(who, instruction_id))
    return as_file(content, name, P7S)


@api.post(
    "instructions/{uuid:instruction_id}/confirmation",
    response=_answers(ConfirmationTold, 409),
    operation_id="confirm",
    openapi_extra={"requestBody": {"content": {
        "application/x-www-form-urlencoded": {"schema": {"additionalProperties": False}}
    }}},
)  # fmt: skip
@by_key(May.CONFIRM_ORDER)
def confirm(request: HttpRequest, instruction_id: UUID, held: Form[Copy]) -> ConfirmationTold:
    """Tell the digest of the file you hold, before you pay by it. 409 for that of the list or of an earlier file."""
    who = acting(request)
    return ConfirmationTold.of(payments.confirm(who, access_instruction(who, instruction_id), held.sha256))


@api.get("cycles/{uuid:cycle_id}/result-files", response=_answers(ReceiptPage), operation_id="result_files")
@by_key(May.SEE_RECONCILIATION)
def result_files(request: HttpRequest, cycle_id: UUID, paging: Query[Paging]) -> ReceiptPage:
    """Result files of a stage with what became of them, newest first."""
    cycle = access_cycle(acting(request), cycle_id)
    rows, following = page(files_of(cycle), paging, ("-sent_at", "id"), of=f"result_files:{cycle.pk}")
    return ReceiptPage(items=[ReceiptTold.of(one) for one in rows], next_cursor=following)


@api.post(
    "cycles/{uuid:cycle_id}/result-files",
    response=_answers(Sent, 409, 413, status=202),
    operation_id="send_results",
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"schema": {"additionalProperties": False}}}}},
)
@by_key(May.SEND_RESULTS)
def send_results(
    request: HttpRequest,
    answer: HttpResponse,
    cycle_id: UUID,
    totals: Form[Totals],
    file: File[UploadedFile],
    idempotency_key: Annotated[str, IDEMPOTENCY_KEY],
) -> Status[Sent]:
    """Send a result file with its totals by your own count.

    The same `Idempotency-Key` with the same request is one sending and one answer; with another request it is refused.
    """
    who = acting(request)
    wanted = Wanted(file, totals.channel, totals.region_code, Typed(totals.rows, totals.rupiah))
    sent = send_once(who, key_shown(request), idempotency_key, access_cycle(who, cycle_id), wanted)
    answer.headers["Location"] = reverse("api:receipt", args=[sent.pk])
    return Status(202, Sent.of(sent, answer.headers["Location"]))


@api.get("result-files/{uuid:file_id}", response=_answers(ReceiptTold), operation_id="receipt")
@by_key(May.SEE_RECONCILIATION)
def receipt(request: HttpRequest, file_id: UUID) -> ReceiptTold:
    """The receipt of a file: state, both totals, every fault."""
    return ReceiptTold.of(access_file(acting(request), file_id))


@api.get("cycles/{uuid:cycle_id}/differences", response=_answers(DifferencePage), operation_id="differences")
@by_key(May.SEE_RECONCILIATION)
def differences(
    request: HttpRequest, cycle_id: UUID, narrowed: Query[Narrowed], paging: Query[Paging]
) -> DifferencePage:
    """Differences of a stage by name, worst money first. Each page is written down: names leave the office."""
    who = acting(request)
    cycle = access_cycle(who, cycle_id)
    filters = {name: value or "" for name, value in narrowed.model_dump().items()}
    of = f"differences:{cycle.pk}:{narrowed.kind}:{narrowed.state}"
    rows, following = page(exceptions_of(cycle, filters), paging, ("-at_stake_rupiah", "id"), of=of)
    outcomes = OutcomeInForce.objects.in_bulk([one.payment_id for one in rows if one.payment_id and one.row is None])
    held = who.held(May.SEE_RECONCILIATION)
    record(
        who, "differences.read", cycle, region=held.region_code, authority=held.words, rows=len(rows),
        filters={name: value for name, value in filters.items() if value},
    )  # fmt: skip
    items = [DifferenceTold.of(one, outcomes.get(one.payment_id)) for one in rows]
    return DifferencePage(items=items, next_cursor=following)
