"""What every act here shares."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from gandeng.accounts.acting import Acting
from gandeng.audit.actions import coming_from, record
from gandeng.conduct.models import Case
from gandeng.web.refusals import Refusal, guarded

_CUT = {4: 2, 2: 0, 0: 0}


class ConductRefused(Refusal):
    """An act about the code, cases or clarifications."""


@dataclass(frozen=True)
class Unnamed:
    """Whoever reports or is accused stands in the log without name; the database knows who it was."""

    person_name: str
    person_id: None = None


REPORTER_KEPT = "Pelapor (dirahasiakan)"
ACCUSED_KEPT = "Yang diperiksa (dirahasiakan)"


def note(acting: Acting | Unnamed, action: str, case: Case, authority: str = "", reason: str = "") -> None:
    """A line of the log without text and, for reporter and accused, without name, authority or network address.

    It stands one level above the case: offices above read it, those around the accused do not.
    """
    above = case.region_code[: _CUT.get(len(case.region_code), 0)]
    if isinstance(acting, Unnamed):
        with coming_from(""):
            record(acting, action, case, region=above, number=case.number)
    else:
        record(acting, action, case, region=above, authority=authority, reason=reason, number=case.number)


def refusing(message: str, constraints: Mapping[str, ConductRefused] | None = None) -> AbstractContextManager[None]:
    """What a guard of the database refuses, in words. Acts inside are undone."""
    known = constraints or {}
    return guarded(lambda name: known.get(name) if name else ConductRefused(message))
