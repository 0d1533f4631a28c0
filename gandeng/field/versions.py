"""The version of a family a phone saw: a short digest for each thing a change may touch, so that what changed is known.

A text nobody but this module reads: three parts of the family, then for each member five. Two bytes a part; that a
change goes unnoticed has a chance of one in 65,536, and the decider sees before and after either way.
"""

import base64
import hashlib
import json
from collections.abc import Sequence

from gandeng.registry.actions.applying import MEMBER_FIELDS, OF_MEMBER, Kind, current
from gandeng.registry.models import Family, Member

_OF_FAMILY = (Kind.COLLECTOR, Kind.MOVE, Kind.SUSPEND)
_OF_MEMBER = tuple(MEMBER_FIELDS)
_PART, _NAME = 2, 3
_EACH = _NAME + _PART * len(_OF_MEMBER)
_HEAD = _PART * len(_OF_FAMILY)


def version(family: Family, members: Sequence[Member]) -> str:
    """Of the family as it stands."""
    told = b"".join(_part(kind, family, None) for kind in _OF_FAMILY)
    told += b"".join(sorted(_name(one) + b"".join(_part(kind, family, one) for kind in _OF_MEMBER) for one in members))
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def changed(base: str, kind: Kind, family: Family, member: Member | None) -> bool:
    """True where what the change would write is no longer as it was at `base`, or nobody can tell."""
    told = _bytes(base)
    if len(told) < _HEAD or (len(told) - _HEAD) % _EACH:
        return True
    if kind in _OF_FAMILY:
        place = _PART * _OF_FAMILY.index(kind)
        return told[place : place + _PART] != _part(kind, family, None)
    if kind not in OF_MEMBER or member is None:
        return False
    for place in range(_HEAD, len(told), _EACH):
        if told[place : place + _NAME] == _name(member):
            at = place + _NAME + _PART * _OF_MEMBER.index(kind)
            return told[at : at + _PART] != _part(kind, family, member)
    return True


def _bytes(base: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(base + "=" * (-len(base) % 4))
    except ValueError:
        return b""


def _part(kind: Kind, family: Family, member: Member | None) -> bytes:
    told = json.dumps(current(kind, family, member), sort_keys=True)
    return hashlib.sha256(told.encode()).digest()[:_PART]


def _name(member: Member) -> bytes:
    return hashlib.sha256(member.pk.bytes).digest()[:_NAME]
