"""Families with one thing amiss, and what a look finds of them."""

from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.cleansing.actions import is_right
from gandeng.cleansing.looking import look_at
from gandeng.cleansing.models import Found
from gandeng.cleansing.queries import access
from gandeng.registry.models import Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family

VILLAGE = "6371011001"
REASON = "KTP dilihat saat kunjungan."


def a_family(village=VILLAGE, **fields):
    """A mother whose NIK fits; `fields` of hers written past every rule."""
    family = make_family(village, members=2, name="Siti Rahma Uji")
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(family=family).update(name="Siti Rahma Uji")
        if fields:
            Member.objects.filter(pk=family.collector_id).update(**fields)
    return family


def found_in(acting, district="6371"):
    """Look now, and what that person sees then."""
    with in_territory(acting):
        with transaction.atomic():
            look_at(acting, district)
        return list(Found.objects.select_related("family", "member").order_by("kind", "pk"))


def a_check(acting, district="6371", village=VILLAGE):
    """A record that was found right."""
    a_family(village, name="Rahma 2 Uji")
    row = next(one for one in found_in(acting, district) if one.kind == "NAME_ODD")
    with in_territory(acting), transaction.atomic():
        return is_right(acting, access(acting, row.pk), REASON)
