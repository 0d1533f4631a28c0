"""Who is nearest to a case: at which level it begins, and for whom it waits.

A level is there for a case where somebody who works cases holds a grant of that level over its region today. An
ordinary case begins at the nearest level that is there, from its own upward. It waits for the nearest one that is
there, from the level it has come to upward; where nobody is at that level or above, for the nearest one below: a case
never waits for nobody while anybody works cases of its region. That holds for cases of any age, for it is asked anew
each time.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left, Length
from django.utils import timezone

from gandeng.accounts.acting import Acting, grants_on
from gandeng.accounts.models import Grant
from gandeng.accounts.roles import RULES, May, Role
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.published import Kind

_DIGITS = {Case.Level.SUB_DISTRICT: 6, Case.Level.DISTRICT: 4, Case.Level.PROVINCE: 2, Case.Level.MINISTRY: 0}
"""Of a level, how long the code of its region is."""
_WORKERS = [role for role in Role if May.WORK_CASES in RULES[role].may]


def level_of(region_code: str) -> int:
    """The lowest level whose regions contain the region: what concerns a district does not begin in a sub-district."""
    return min(level for level, digits in _DIGITS.items() if digits <= len(region_code))


def first_level(kind: Kind, region_code: str) -> int:
    """Where a new case begins. A sensitive one is for heads of offices, whatever desks there are."""
    own = max(kind.first, level_of(region_code))
    if kind.sensitive:
        return own
    above = {level: region_code[:digits] for level, digits in _DIGITS.items() if level >= own}
    held = set(_grants().filter(region_code__in=above.values()).values_list("region_code", flat=True))
    return next((level for level in sorted(above) if above[level] in held), own)


def waits_for(acting: Acting) -> Q:
    """Cases in one's own hands; of those nobody has who is still there, the ordinary ones nearest to a grant by which
    one works cases of their region, and for heads of offices the sensitive ones they see.
    """
    waits, nobodys = Q(assigned_id=acting.person_id), _nobodys()
    if acting.may(May.HANDLE_SENSITIVE):
        waits |= nobodys & Q(sensitive=True)
    for region in sorted(acting.where(May.WORK_CASES).regions):
        waits |= nobodys & Q(sensitive=False, region_code__startswith=region) & _nearest(level_of(region))
    return waits


def _nobodys() -> Q:
    """Cases nobody has in hand, or somebody who holds no role any more."""
    at_work = grants_on(timezone.localdate()).filter(person_id=OuterRef("assigned_id"))
    return Q(assigned=None) | Q(~Exists(at_work))


def _nearest(level: int) -> Q:
    """Cases for which this level, where it is there, is the nearest one."""
    below, above = Q(level__lte=level), Q(level__gt=level)
    for each in Case.Level:
        if each < level:
            below &= Q(level__gt=each) | Q(~Exists(_there(each)))
        elif each > level:
            above &= Q(~Exists(_there(each)))
    return below | above


def _there(level: Case.Level) -> QuerySet[Grant]:
    """Grants of the level over the region of a case, by which somebody works cases."""
    digits = _DIGITS[level]
    if not digits:
        return _grants().filter(region_code="")
    held = _grants().alias(digits=Length("region_code")).filter(digits=digits)
    return held.filter(region_code=Left(OuterRef("region_code"), digits))


def _grants() -> QuerySet[Grant]:
    return grants_on(timezone.localdate()).filter(role__in=_WORKERS)
