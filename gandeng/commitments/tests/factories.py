"""A pupil, her school, and sheets about her, for tests."""

from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pgtrigger
import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.refusals import Stranger
from gandeng.commitments import actions
from gandeng.commitments.actions import Entry, Signed, own_codes
from gandeng.commitments.actions import own as own_actions
from gandeng.commitments.models import Facility, OwnLink
from gandeng.commitments.own import digest_of, opened
from gandeng.commitments.queries import Quarter, to_decide
from gandeng.core.commitment import Month
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

VILLAGE = "6371011001"
QUARTER = Quarter(2026, 3)
SIGNED = Signed("Ibu Kepala Uji", "Kepala sekolah", "Banjarmasin", date(2026, 9, 30))


def months(absent=0, *, days=20, numbers=(1, 2, 3), **more):
    """The same three months."""
    return [Month(number, days=days, absent=absent, **more) for number in numbers]


def make_pupil(village=VILLAGE, **more):
    """A family whose collector goes to school, which is odd and simple; she was born 2014."""
    family = make_family(village, birth_date=date(2014, 3, 2), school_level="SD", **more)
    return family.collector


def at_school(member):
    """The same, who is of school age and always went to school."""
    with in_territory(EVERYWHERE), pgtrigger.ignore("registry.Member:update_update"):
        Member.objects.filter(pk=member.pk).update(birth_date=date(2014, 3, 2), school_level="SD")
        return Member.objects.select_related("family").get(pk=member.pk)


def make_facility(acting, village=VILLAGE, name="SDN Uji", kind="SCHOOL", code=""):
    """A school."""
    with in_territory(acting):
        return actions.add_facility(acting, kind=kind, code=code, name=name, village=village)


def placed(acting, member, facility, obligation="EDUCATION", since=date(2026, 1, 1)):
    """At that school."""
    with in_territory(acting):
        return actions.place(acting, member, obligation, facility, since)


def recorded(acting, facility: Facility, entries: dict[Member, list[Month]], *, obligation="EDUCATION",
             quarter=QUARTER, signed=SIGNED, sheet_id=None):  # fmt: skip
    """A sheet with these months of each member."""
    with in_territory(acting):
        told = [Entry(member, obligation, rows) for member, rows in entries.items()]
        return actions.record_sheet(acting, sheet_id or uuid4(), facility, quarter, signed, told)


def decided(acting, outcome="SUSPEND", reason="Alasan uji yang jelas"):
    """Everything that waits in the acting person's territory."""
    with in_territory(acting):
        return actions.decide(acting, list(to_decide()), outcome, reason)


def told(acting, decision, on_day=None):
    """The family was told."""
    with in_territory(acting):
        return actions.tell(acting, decision, on_day or timezone.localdate(), "Di rumah, dibacakan suratnya")


def appealed(acting, decision, on_day=None):
    """The family objects."""
    with in_territory(acting):
        return actions.appeal(acting, decision, on_day or timezone.localdate(), "Anak dirawat di rumah sakit")


def answered(acting, decision, *, upheld):
    """Somebody answers."""
    with in_territory(acting):
        return actions.answer(acting, decision, upheld=upheld, words="Surat rumah sakit sah")


def linked(acting, facility, quarter=QUARTER):
    """The secret of a new link of its own."""
    with in_territory(acting):
        return own_actions.make_link(acting, facility, quarter)[1]


def coded(acting, secret):
    """The code that somebody else draws for the link of that secret."""
    with in_territory(acting):
        link = OwnLink.objects.select_related("facility").get(secret_digest=digest_of(secret))
        return own_codes.draw_code(acting, link)


def mistyped(secret, code="not eight digits"):
    """A wrong code at the link of that secret."""
    return own_codes.try_code(Stranger(), secret, code)


def withdrawn(acting):
    """Every code of a link that is open."""
    with in_territory(acting):
        for each in OwnLink.objects.filter(end=None, confirmation=None).select_related("facility"):
            own_codes.withdraw_code(acting, each)


def said(secret, code, differs=None):
    """The facility answers by its link and code."""
    shown = opened(secret, code).shown
    return own_actions.confirm(
        secret, code, shown=shown, name="Ibu Guru Uji", office="Wakil kepala sekolah", differs=differs or {}
    )


def ended(acting):
    """Every link that is open."""
    with in_territory(acting):
        for each in OwnLink.objects.filter(end=None, confirmation=None).select_related("facility"):
            own_actions.end_link(acting, each)


@contextmanager
def days_pass(days):
    """It is so many days later; what the database writes down by itself keeps its own clock."""
    now, today = timezone.now() + timedelta(days), timezone.localdate() + timedelta(days)
    kept = timezone.localdate
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        patch.setattr(timezone, "localdate", lambda value=None, zone=None: kept(value, zone) if value else today)
        yield


def tomorrow():
    """A day yet to come."""
    return timezone.localdate() + timedelta(days=1)
