"""Terms of work, posts and leave: each has its days, one at a time; what was entered wrongly is taken back."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.documents.numerals import long_date
from gandeng.facilitators.actions.staff import (
    StaffRefused,
    Terms,
    authority_over,
    from_then_on,
    in_service,
    locked,
    note,
    refusing,
    region_of,
    right_level,
    terms_of,
)
from gandeng.facilitators.models import Accompaniment, Employment, Leave, Post, Staff
from gandeng.facilitators.staff_queries import on_day


@transaction.atomic
def employ(acting: Acting, staff: Staff, terms: Terms) -> Employment:
    """Other terms from a day on; those before end there. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, staff), locked(staff)
    in_service(staff, terms.since, "since")
    _in_order(terms.since, terms.until)
    columns = terms_of(terms)
    later = staff.employments.filter(from_then_on(terms.since), valid_from__gt=terms.since).order_by("valid_from")
    if first := later.first():
        words = _("Sudah ada status kerja yang mulai %(day)s. Batalkan dahulu entri itu.")
        raise StaffRefused(words % {"day": long_date(first.valid_from)}, "since")
    staff.employments.filter(on_day(terms.since)).update(valid_until=terms.since)
    made = staff.employments.create(
        region_code=staff.region_code, valid_until=_at_latest(staff, terms.until), **columns
    )
    if terms.education and terms.education != staff.education:
        Staff.objects.filter(pk=staff.pk).update(education=terms.education)
    note(
        acting, "staff.employed", staff, authority, kind=terms.kind, job_title=made.job_title,
        since=terms.since.isoformat(),
    )  # fmt: skip
    return made


@transaction.atomic
def give_post(acting: Acting, staff: Staff, role: str, place: str, since: date) -> Post:
    """Another post in the district (or province) she works in. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, staff), locked(staff)
    right_level(role, place)
    if region_of(place) != staff.region_code:
        raise StaffRefused(_("Tempat itu di luar wilayah kerjanya. Untuk pindah wilayah, catat mutasi."), "place")
    in_service(staff, since, "since")
    if held := staff.posts.filter(from_then_on(since), role=role).order_by("valid_from").first():
        words = _("Tugas ini sudah dipegangnya sejak %(day)s. Akhiri dahulu yang itu.")
        raise StaffRefused(words % {"day": long_date(held.valid_from)}, "role")
    made = staff.posts.create(role=role, region_code=place, valid_from=since, valid_until=staff.left_on)
    note(acting, "staff.post_given", staff, authority, role=role, place=place, since=since.isoformat())
    return made


@transaction.atomic
def end_post(acting: Acting, post: Post, *, day: date, reason: str) -> None:
    """The first day without it; a facilitator hands her families over first. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, post.staff), locked(post.staff)
    post = Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
    if post.valid_until is not None and post.valid_until <= day:
        raise StaffRefused(_("Tugas ini sudah berakhir pada %(day)s.") % {"day": long_date(post.valid_until)}, "day")
    if day < post.valid_from:
        words = _("Tugas ini mulai %(day)s. Pilih hari itu atau sesudahnya.")
        raise StaffRefused(words % {"day": long_date(post.valid_from)}, "day")
    if post.role == Post.Role.FACILITATOR:
        _no_families(staff, max(day, timezone.localdate()))
    Post.objects.filter(pk=post.pk).update(valid_until=day, ended_because=reason)
    note(acting, "staff.post_ended", staff, authority, reason, role=post.role, on=day.isoformat())


@transaction.atomic
def go_on_leave(acting: Acting, staff: Staff, kind: str, *, since: date, until: date) -> Leave:
    """Away from a day on; `until` is the first day back. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, staff), locked(staff)
    in_service(staff, since, "since")
    _in_order(since, until)
    with refusing({"leave_once": StaffRefused(_("Ia sudah cuti pada sebagian hari itu."), "since")}):
        made = staff.leaves.create(
            region_code=staff.region_code, kind=kind, valid_from=since, valid_until=_at_latest(staff, until) or until
        )
    note(acting, "staff.on_leave", staff, authority, since=since.isoformat(), until=until.isoformat())
    return made


@transaction.atomic
def come_back(acting: Acting, leave: Leave, *, day: date) -> None:
    """Back on a day before the one that was told. Raises StaffRefused, PermissionDenied."""
    authority, staff = authority_over(acting, leave.staff), locked(leave.staff)
    leave = Leave.objects.select_for_update(of=("self",), no_key=True).get(pk=leave.pk)
    if not leave.valid_from <= day < leave.valid_until:
        words = _("Cuti ini dari %(since)s dan sedianya selesai %(until)s. Pilih hari di antaranya.")
        told = {"since": long_date(leave.valid_from), "until": long_date(leave.valid_until)}
        raise StaffRefused(words % told, "day")
    Leave.objects.filter(pk=leave.pk).update(valid_until=day)
    note(acting, "staff.back", staff, authority, on=day.isoformat())


@transaction.atomic
def take_back(acting: Acting, entry: Employment | Post | Leave, *, reason: str) -> None:
    """What was entered wrongly ends on the day it began and never counted; the terms before it go on.

    Raises StaffRefused, PermissionDenied.
    """
    authority, staff = authority_over(acting, entry.staff), locked(entry.staff)
    entry.refresh_from_db()
    since, until = entry.valid_from, entry.valid_until
    if until == since:
        raise StaffRefused(_("Entri ini sudah dibatalkan."))
    if staff.left_on is not None:
        raise StaffRefused(_("Ia sudah berhenti. Batalkan dahulu berhentinya."))
    if isinstance(entry, Post) and entry.role == Post.Role.FACILITATOR:
        _no_families(staff, since)
    kept = {"ended_because": reason} if isinstance(entry, Post) else {}
    type(entry).objects.filter(pk=entry.pk).update(valid_until=since, **kept)
    if isinstance(entry, Employment):
        before = staff.employments.filter(valid_until=since, valid_from__lt=since)
        before.update(valid_until=until)
    note(
        acting, "staff.entry_taken_back", staff, authority, reason, entry=type(entry).__name__, since=since.isoformat()
    )


def _no_families(staff: Staff, day: date) -> None:
    held = Accompaniment.objects.filter(from_then_on(day), staff=staff).count()
    if held:
        words = _("Ia masih mendampingi %(count)d keluarga pada tanggal itu. Serahkan dahulu keluarganya.")
        raise StaffRefused(words % {"count": held})


def _in_order(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise StaffRefused(_("Harus sesudah hari mulai."), "until")


def _at_latest(staff: Staff, until: date | None) -> date | None:
    """Nothing reaches beyond the day she leaves."""
    told = [day for day in (until, staff.left_on) if day is not None]
    return min(told, default=None)
