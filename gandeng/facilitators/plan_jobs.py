"""Long work on plans: the solver takes from seconds to minutes."""

from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.balancing.refusals import CannotBalance
from gandeng.facilitators import solving
from gandeng.facilitators.actions.plans import Asked, make_plan
from gandeng.facilitators.load_queries import limits_on
from gandeng.facilitators.measures import measure_today
from gandeng.facilitators.plan_queries import access_plan, locks_of
from gandeng.facilitators.plan_words import told
from gandeng.jobs.work import Report, WorkRefused, kind

BALANCE, WHAT_IF = "facilitators.balance", "facilitators.what_if"
RESULT_SALT = "facilitators.what_if"
_STEPS = 3


@kind(BALANCE)
def balance(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """Ask the solver and keep its answer as a draft; ends at the plan."""
    asked = Asked.from_json(arguments)
    acting.authority(May.PLAN_CASELOAD, asked.region)
    report(_("Membaca pembagian sekarang"), 0, _STEPS)
    start = solving.read_start(asked.region, asked.as_of, norm=asked.norm, left_out=asked.left_out)
    follows = access_plan(acting, asked.follows) if asked.follows else None
    alarm = limits_on(asked.region, asked.as_of).families(asked.region)
    locks = locks_of(follows) if follows else []
    report(_searching(asked), 1, _STEPS)
    try:
        answer = solving.answer(start, locks, seconds=asked.seconds, alarm=alarm)
    except CannotBalance as refused:
        raise WorkRefused(" ".join(told(refused.faults))) from refused
    report(_("Menyimpan rencana"), 2, _STEPS)
    return reverse("plans:plan", args=[make_plan(acting, asked, start, answer, follows).pk])


@kind(WHAT_IF)
def what_if(acting: Acting, report: Report, arguments: dict[str, Any]) -> str:
    """The solver's answer to a supposition about one district; nothing is kept but the address of the answer."""
    asked = Asked.from_json(arguments["asked"])
    acting.authority(May.PLAN_CASELOAD, asked.region)
    report(_("Membaca pembagian sekarang"), 0, _STEPS)
    start = solving.read_start(asked.region, asked.as_of, norm=asked.norm, left_out=asked.left_out)
    alarm = limits_on(asked.region, asked.as_of).families(asked.region)
    report(_searching(asked), 1, _STEPS)
    try:
        found = solving.supposed_answer(
            start, newcomers=arguments["newcomers"], families=arguments["families"], seconds=asked.seconds,
            alarm=alarm,
        )  # fmt: skip
    except CannotBalance as refused:
        raise WorkRefused(" ".join(told(refused.faults))) from refused
    kept = {
        "asked": arguments, "found": found, "before": measure_today(start).to_json(),
        "person": str(acting.person_id),
    }  # fmt: skip
    token = signing.dumps(kept, salt=RESULT_SALT, compress=True)
    return f"{reverse('plans:what_if_result')}?hasil={token}"


def _searching(asked: Asked) -> str:
    return _("Mencari pembagian terbaik, paling lama %(seconds)s detik") % {"seconds": asked.seconds}


def result_of(token: str) -> dict[str, Any]:
    """What a job found. Raises signing.BadSignature for what no job wrote."""
    found: dict[str, Any] = signing.loads(token, salt=RESULT_SALT)
    return found
