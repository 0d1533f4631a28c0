"""Looking at every region by night, each in the territory of somebody who may."""

import logging
from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting, acting_for, grants_on, in_territory
from gandeng.accounts.roles import RULES, May, Role
from gandeng.web.patience import allow_long_work


def roles_that(may: May) -> list[Role]:
    """Whose grants give that right."""
    return [role for role, rules in RULES.items() if may in rules.may]


def in_each_region(
    roles: Collection[Role], look: Callable[[Acting, str], object], log: logging.Logger, *, widest: bool = False
) -> int:
    """Do `look` in each region a grant of these roles stands on today; gives how many went well.

    Each is a transaction of its own: one that goes wrong is logged, leaves what was there, and the others go on.
    `widest` leaves out what lies in another of the regions.
    """
    today, done = timezone.localdate(), 0
    grants = grants_on(today).filter(role__in=roles)
    whose = {one.region_code: one.person_id for one in grants.order_by("-role", "-valid_from", "pk")}
    allow_long_work()
    for region in sorted(whose):
        if widest and any(region != each and region.startswith(each) for each in whose):
            continue
        acting = acting_for(whose[region], today)
        try:
            with in_territory(acting), transaction.atomic():
                look(acting, region)
            done += 1
        except Exception:
            log.exception("a look at %s", region)
    return done
