"""The addresses the app asks, as docs/field-sync.md says."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in_else
from gandeng.facilitators.queries import own_record
from gandeng.field import caseload, queries
from gandeng.field.actions.devices import DeviceRefused, NotHers, Revoked, Shared, enter, renewed
from gandeng.field.actions.sending import Said, read_id, said_later, take_entries
from gandeng.field.answers import CLOCK_HEADER, answer, login_again, not_hers, of_this_version, too_much, wipe
from gandeng.field.clocks import clock_of
from gandeng.field.limits import wait_of
from gandeng.field.pictures import BYTES_MAX as PHOTO_BYTES_MAX
from gandeng.field.pictures import PictureRefused, is_kept, keep_photo
from gandeng.field.reading import BYTES_MAX, Unreadable, read

ENTRIES_MAX = 50

type View = Callable[..., HttpResponse]


def entering(view: View) -> View:
    """For whoever accompanies families, with an app of a version we read."""
    return allowed(May.ACCOMPANY, signed_out=login_again)(of_this_version(view))


def delivery(view: View) -> View:
    """For whoever carries a phone of hers, also when she accompanies nobody any longer.

    What she recorded arrives; its key's share, without which it could not be read, is hers as long as the phone is.
    """
    return signed_in_else(login_again)(of_this_version(view))


@entering
@require_POST
def devices(request: HttpRequest) -> HttpResponse:
    """Enter a phone."""
    try:
        told = read(_body(request, BYTES_MAX))
        shared = enter(acting(request), UUID(str(told.get("id"))), str(told.get("name") or ""))
    except (Unreadable, ValueError) as why:
        if isinstance(why, DeviceRefused):
            return answer(409, words=str(why))
        return answer(400, words=str(why))
    except NotHers:
        return not_hers()
    except Revoked:
        return wipe()
    return answer(201 if shared.new else 200, id=str(shared.device.pk), **_share(shared))


@delivery
@require_POST
def share(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """The share for fourteen days more."""
    who = acting(request)
    device = queries.own_device(who, device_id)
    return answer(**_share(renewed(who, device))) if device else _not_in_use(who, device_id)


def _not_in_use(who: Acting, device_id: object) -> HttpResponse:
    """Emptied is only what was hers and was revoked: a colleague who signs in on her phone takes nothing from it."""
    return wipe() if queries.was_revoked(who, device_id) else not_hers()


def _share(shared: Shared) -> dict[str, Any]:
    return {"share": shared.share, "share_until": shared.device.share_until.isoformat()}


@delivery
@require_safe
def families(request: HttpRequest) -> HttpResponse:
    """The caseload, or that it has not changed; of whoever accompanies nobody any longer it is empty."""
    who, today = acting(request), timezone.localdate()
    if queries.own_device(who, request.GET.get("device")) is None:
        return _not_in_use(who, request.GET.get("device"))
    told = caseload.carried(who, own_record(who) if who.may(May.ACCOMPANY) else None, today)
    tag = caseload.etag(told)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    made = answer(**told, as_of=timezone.localtime().isoformat())
    made.headers["ETag"] = tag
    return made


@delivery
@require_http_methods(["GET", "PUT"])
def photo(request: HttpRequest, sha256: str) -> HttpResponse:
    """Whether it is there; or here it is."""
    who = acting(request)
    device = queries.any_device(who)
    if device is None:
        return not_hers()
    if request.method == "GET":
        return answer(kept=is_kept(who, sha256))
    if wait := wait_of(device):
        return too_much(wait)
    try:
        new = keep_photo(who, sha256, _body(request, PHOTO_BYTES_MAX), queries.region_of(who, device))
    except Unreadable:
        return answer(413, words="too long")
    except PictureRefused as why:
        return answer(422, words=str(why))
    return answer(201 if new else 200, sha256=sha256, kept=True)


@delivery
@require_POST
@transaction.non_atomic_requests
def entries(request: HttpRequest) -> HttpResponse:
    """The answer when all are committed; one that goes wrong takes no other with it."""
    who, clock = acting(request), clock_of(request.headers.get(CLOCK_HEADER, ""), timezone.now())
    try:
        told = read(_body(request, BYTES_MAX))
    except Unreadable as why:
        return answer(413 if str(why) == "too long" else 400, words=str(why))
    device = queries.own_device(who, told.get("device"))
    if device is None:
        return _not_in_use(who, told.get("device"))
    if wait := wait_of(device):
        return too_much(wait)
    sent = told.get("entries")
    if not isinstance(sent, list) or len(sent) > ENTRIES_MAX:
        return answer(400, words=f"entries: a list of at most {ENTRIES_MAX}")
    ids = [(one, read_id(one)) for one in sent]
    if any(key is None for _, key in ids):
        return answer(400, words="an entry without an id")
    taken = take_entries(who, device, [(one, key) for one, key in ids if key], clock)
    return answer(entries=[_told(one) for one in taken])


@delivery
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """What people decided of this device's entries."""
    device = queries.own_device(acting(request), request.GET.get("device"))
    if device is None:
        return _not_in_use(acting(request), request.GET.get("device"))
    return answer(entries=[_told(said_later(*each)) for each in queries.decided_since(device)])


def _told(one: Said) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": one.entry_id, "state": one.state, "why": list(one.why), "result": one.result,
        "received_at": one.received_at.isoformat() if one.received_at else "",
    }  # fmt: skip
    if one.photos:
        told["photos"] = list(one.photos)
    if one.decision:
        told["decided"] = {
            "accepted": one.decision.accepted, "words": one.decision.reason, "result": one.decision.result,
            "at": one.decision.at.isoformat(),
        }  # fmt: skip
    return told


def _body(request: HttpRequest, most: int) -> bytes:
    """Raises Unreadable for one that says or turns out to be longer."""
    try:
        if int(request.headers.get("Content-Length") or 0) > most:
            raise Unreadable("too long")
        data = request.body
    except (RequestDataTooBig, ValueError) as error:
        raise Unreadable("too long") from error
    if len(data) > most:
        raise Unreadable("too long")
    return data
