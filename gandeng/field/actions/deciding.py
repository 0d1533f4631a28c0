"""What waits is decided by a person of the office: it stands on her authority, or it does not, with the reason."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.field.actions.sending import body_of, do, given
from gandeng.field.clocks import Clock, offset_of
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, is_secret, kind_of
from gandeng.field.kinds.as_sent import as_sent
from gandeng.field.kinds.places import WHERE
from gandeng.field.models import Entry, EntryDecision, Photo
from gandeng.field.pictures import opened
from gandeng.field.queries import Named
from gandeng.registry.models import Family
from gandeng.web.refusals import Refusal, guarded


class DecisionRefused(Refusal):
    """It cannot be decided so; says why."""


def accept(acting: Acting, entry: Entry, reason: str) -> EntryDecision:
    """Let it stand: its act is done now, on this person's authority. Raises DecisionRefused, PermissionDenied."""
    with transaction.atomic(), guarded(_words):
        _lock(entry)
        kind, named = _acceptable(acting, entry)
        try:
            result = do(acting, entry, body_of(entry), named, photos_of(entry), _clock(entry), by_office=True)
        except Refused as refused:
            raise DecisionRefused(" ".join(one.words for one in refused.why)) from refused
        except Conflict as conflict:
            raise DecisionRefused(conflict.words) from conflict
        except (PermissionDenied, Http404) as error:
            raise DecisionRefused(_needs(kind)) from error
        return _keep(acting, entry, reason, result, accepted=True)


def reject(acting: Acting, entry: Entry, reason: str) -> EntryDecision:
    """Let it not stand; its text stays. Raises DecisionRefused, PermissionDenied."""
    with transaction.atomic(), guarded(_words):
        _lock(entry)
        return _keep(acting, entry, reason, "", accepted=False)


def _lock(entry: Entry) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(7310, hashtext(%s))", [str(entry.entry_id)])
    if EntryDecision.objects.filter(pk=entry.pk).exists():
        raise DecisionRefused(_("Catatan ini sudah diputuskan."))


def _acceptable(acting: Acting, entry: Entry) -> tuple[Kind, Named]:
    kind = kind_of(entry.kind, entry.kv)
    if kind is None:
        raise DecisionRefused(_("Server belum mengenal jenis catatan ini, sehingga hanya dapat ditolak."))
    if hidden(acting, entry):
        raise DecisionRefused(_needs(kind))
    named = _named(acting, entry, kind)
    if named is None and kind.place:
        raise DecisionRefused(_("Kelompok atau fasilitas catatan ini tidak ditemukan, sehingga hanya dapat ditolak."))
    if named is None:
        raise DecisionRefused(_("Keluarga catatan ini tidak ada di wilayah pengirimnya, sehingga hanya dapat ditolak."))
    if not acting.may(kind.right, named.region):
        raise DecisionRefused(_needs(kind))
    return kind, named


def _named(acting: Acting, entry: Entry, kind: Kind) -> Named | None:
    """What it is about, as the office sees it."""
    body = body_of(entry).get("body")
    if kind.place:
        return kind.place(acting, body) if isinstance(body, dict) else None
    if is_secret(entry.kind, body):
        return Named(None, None, entry.region_code, hers=False, there=True)
    family = Family.objects.filter(pk=entry.family_id).first() if entry.family_id else None
    return Named(family, family.pk, family.village_code, hers=False) if family else None


def _needs(kind: Kind) -> str:
    words = _("%(kind)s hanya dapat diterima oleh orang yang berwenang membuatnya sendiri; Anda dapat menolaknya.")
    return words % {"kind": kind.title}


def _keep(acting: Acting, entry: Entry, reason: str, result: str, *, accepted: bool) -> EntryDecision:
    authority = acting.authority(May.DECIDE_ENTRIES, entry.region_code)
    made = EntryDecision.objects.create(
        entry=entry, region_code=entry.region_code, accepted=accepted, reason=reason.strip(), result=result,
        by_id=acting.person_id, authority=authority,
    )  # fmt: skip
    record(
        acting, "entry.accepted" if accepted else "entry.rejected", entry, region=entry.region_code,
        authority=authority, reason=made.reason, kind=entry.kind, made_by=str(entry.person_id),
    )  # fmt: skip
    return made


def photos_of(entry: Entry) -> list[Photo]:
    """Those it names, in its order."""
    found = {one.sha256: one for one in Photo.own.filter(person_id=entry.person_id, sha256__in=entry.photos)}
    return [found[name] for name in entry.photos if name in found]


def hidden(acting: Acting, entry: Entry) -> bool:
    """Whether its content is for those alone who handle sensitive cases, and this person is none."""
    secret = is_secret(entry.kind, body_of(entry).get("body"))
    return secret and not acting.may(May.HANDLE_SENSITIVE, entry.region_code)


def open_photo(acting: Acting, entry: Entry, sha256: str) -> bytes:
    """The JPEG, and that it was looked at. Raises Http404."""
    if hidden(acting, entry):
        raise Http404
    authority = acting.authority(May.DECIDE_ENTRIES, entry.region_code)
    return open_photo_of(acting, entry, photos_of(entry), sha256, authority)


def open_photo_of(acting: Acting, entry: Entry, photos: Iterable[Photo], sha256: str, authority: str) -> bytes:
    """The same of the entry's photos, for whoever may see them on that authority. Raises Http404."""
    found = next((one for one in photos if one.sha256 == sha256), None)
    if found is None:
        raise Http404
    record(acting, "entry_photo.opened", entry, region=entry.region_code, authority=authority, sha256=sha256)
    return opened(found)


def side_by_side(acting: Acting, entry: Entry) -> list[Line]:
    """What she sent beside what stands; of a kind nobody knows, or about what is not there, what she sent."""
    told = body_of(entry)
    body = told.get("body")
    sent = body if isinstance(body, dict) else {}
    if hidden(acting, entry):
        return [Line(_("Isi"), _("Laporan ini hanya dibaca yang menangani laporan rahasia."))]
    kind = kind_of(entry.kind, entry.kv)
    named = _named(acting, entry, kind) if kind else None
    if kind is None or named is None:
        return as_sent({name: value for name, value in sent.items() if name != WHERE})
    as_given: Given = given(entry, told, named, [], _clock(entry), by_office=True)
    return kind.compare(acting, as_given)


def _clock(entry: Entry) -> Clock:
    return Clock(timezone.now(), offset_of(entry.clock_offset_seconds))


def _words(name: str) -> DecisionRefused | None:
    if name == "field_visit_says":
        return DecisionRefused(_("Periksa isian ini."))
    return None
