"""Whatever goes wrong, in one shape (`web.problems`): a code for programs, Indonesian for people."""

import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from gandeng.accounts.key_requests import not_allowed
from gandeng.files.room import is_full
from gandeng.payments.refused import Refused
from gandeng.reconciliation.actions.files import CameBefore, NotReceived
from gandeng.web.problems import problem

_log = logging.getLogger(__name__)

_FIELD_WORDS = {
    "missing": "Wajib diisi.",
    "digits_only": "Tulis bilangan bulat dengan angka saja, misalnya 1250.",
    "int_parsing": "Tulis bilangan bulat.",
    "greater_than_equal": "Terlalu kecil: paling sedikit {ge}.",
    "less_than_equal": "Terlalu besar: paling banyak {le}.",
    "string_too_short": "Terlalu pendek: paling sedikit {min_length} huruf.",
    "string_too_long": "Terlalu panjang: paling banyak {max_length} huruf.",
    "string_pattern_mismatch": "Bentuknya tidak sesuai: {pattern}.",
    "literal_error": "Pilih salah satu dari {expected}.",
}


class Invalid(Exception):
    """What was sent does not fit: which field, and why in Indonesian."""

    def __init__(self, *fields: tuple[str, str]) -> None:
        self.fields = fields
        super().__init__(fields)


class OtherRequest(Exception):
    """The Idempotency-Key has named another sending before."""


class UnderWay(Exception):
    """The same sending is being worked on this moment."""


def invalid(fields: Iterable[tuple[str, str]]) -> HttpResponse:
    """422."""
    return problem(422, "invalid", "Permintaan tidak dapat diterima. Lihat fields.", fields)


def not_there() -> HttpResponse:
    """404: not there and not yours are the same bytes."""
    return problem(404, "not_found", "Tidak ada.")


def wrong_method(allow: str) -> HttpResponse:
    """405."""
    answer = problem(405, "method_not_allowed", "Cara permintaan ini tidak dikenal di alamat ini.")
    answer.headers["Allow"] = allow
    return answer


def too_large(limit: int) -> HttpResponse:
    """413."""
    return problem(413, "too_large", f"Permintaan lebih besar dari {limit // 1024 // 1024} MB. Bagi berkasnya.")


def answer_problems(api: NinjaAPI) -> None:
    """Every exception of an operation becomes an answer."""
    answers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
        Http404: lambda *_: not_there(),
        PermissionDenied: lambda request, _: not_allowed(request),
        ValidationError: lambda _, error: invalid(_told(one) for one in error.errors),
        Invalid: lambda _, error: invalid(error.fields),
        CameBefore: lambda _, error: problem(409, "came_before", str(error)),
        NotReceived: lambda _, error: problem(409, "not_received", str(error)),
        Refused: lambda _, error: problem(409, error.code, str(error)),
        OtherRequest: lambda *_: _other_request(),
        UnderWay: lambda *_: _under_way(),
        Exception: _broken,
    }
    answers |= dict.fromkeys((BadRequest, SuspiciousOperation, MultiPartParserError, HttpError), _unreadable)
    for kind, answer in answers.items():
        api.add_exception_handler(kind, answer)


def _told(error: dict[str, Any]) -> tuple[str, str]:
    """The field's name as the sender wrote it, and a sentence without what was written there."""
    name = next((str(part) for part in reversed(error["loc"]) if isinstance(part, str)), "")
    words = _FIELD_WORDS.get(error["type"], "Nilai ini tidak diterima.")
    return name, words.format(**error.get("ctx", {}))


def _other_request() -> HttpResponse:
    words = "Idempotency-Key ini sudah dipakai untuk pengiriman lain. Pakai yang baru untuk pengiriman baru."
    return problem(409, "idempotency_key_reused", words)


def _under_way() -> HttpResponse:
    answer = problem(409, "under_way", "Pengiriman yang sama sedang dikerjakan. Ulangi sebentar lagi.")
    answer.headers["Retry-After"] = "5"
    return answer


def _unreadable(_request: HttpRequest, _error: Exception) -> HttpResponse:
    return problem(400, "unreadable", "Permintaan tidak dapat dibaca.")


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """500, or 507 without room, with a number for the helpdesk that the log has too; nothing begun is kept."""
    transaction.set_rollback(True)
    reference = secrets.token_hex(4)
    route = request.resolver_match and request.resolver_match.view_name
    _log.error("reference %s at %s", reference, route, exc_info=error)
    if is_full(error):
        words = "Ruang penyimpanan kantor penuh. Tidak ada yang berubah. Beri tahu kantor, lalu ulangi."
        return problem(507, "no_room", f"{words} Sebutkan nomor {reference}.")
    return problem(500, "broken", f"Kesalahan sistem. Tidak ada yang berubah. Sebutkan nomor {reference}.")
