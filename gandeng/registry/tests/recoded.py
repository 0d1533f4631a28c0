"""Changes of codes, proposed, applied and undone as pages and jobs do it."""

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.registry.actions import recodings
from gandeng.registry.tests.helpers import QUIET

GONE, NEXT = "6371019001", "6371019002"
"""Codes no list of places has."""
NEW, OTHER = "6371011001", "6371021001"
THERE = "6372021003"
"""In the next district."""
BASIS = "Kepmendagri 1 Tahun 2026"


def proposed(acting, *pairs):
    """Of `(old, new, whole)` each."""
    told = [{"old": old, "new": new, "whole": whole} for old, new, whole in pairs]
    with in_territory(acting):
        return recodings.propose(acting, recodings.Wanted(BASIS, timezone.localdate(), told))


def applied(proposer, applier, *pairs):
    """The same, applied by another."""
    made = proposed(proposer, *pairs)
    with in_territory(applier), transaction.atomic():
        return recodings.apply_recoding(applier, made.pk, QUIET)


def undone(acting, recoding):
    """An applied one."""
    with in_territory(acting), transaction.atomic():
        return recodings.undo_recoding(acting, recoding.pk, "Keputusannya dicabut", QUIET)
