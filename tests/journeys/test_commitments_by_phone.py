"""One chain from a phone to money: attendance sent, verdict, recommendation, decision, told from the phone, amount.

Each link names the one before it, and the log tells who did it.
"""

from datetime import date
from uuid import UUID

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.commitments.models import Decision, Recommendation, Sheet, Step, Verdict
from gandeng.commitments.queries import Quarter, chain, quarters
from gandeng.commitments.suspension_queries import Standing
from gandeng.commitments.tests.factories import answered, days_pass, decided, make_facility, make_pupil, placed
from gandeng.entitlements.models import Entitlement
from gandeng.field import carried_commitments
from gandeng.field.models import Entry
from gandeng.field.tests.factories import VILLAGE, Phone, a_sheet, accompanying
from gandeng.payments import actions
from gandeng.payments.models import Cycle
from gandeng.payments.tests.steps import People, opened, quiet
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
QUARTER, STAGE = Quarter(2026, 3), (2026, 4)
PRIMARY_A_STAGE = 225_000


@pytest.fixture
def field(cast, client_of, monkeypatch):
    """A pupil at a school, her facilitator with a phone, and the offices; the phone still carries the quarter."""
    monkeypatch.setattr(
        carried_commitments, "quarters", lambda _day, most: [QUARTER, *quarters(date(2026, 8, 1))[1:most]]
    )

    class Field:
        people = People(cast)
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        pupil = make_pupil()

    placed(Field.operator, Field.pupil, make_facility(Field.operator))
    Field.facilitator = accompanying(cast, Field.coordinator, VILLAGE)
    Field.phone = Phone(client_of(Field.facilitator))
    Field.phone.enter()
    return Field


def amount(field, cycle):
    with in_territory(field.people.officer):
        for step in (actions.freeze, actions.calculate):
            step(field.people.officer, cycle, quiet)
        run = Cycle.objects.get(pk=cycle.pk).run_id
    with in_territory(EVERYWHERE), scopes_disabled():
        return Entitlement.objects.get(run_id=run, family_id=field.pupil.family_id).amount_rupiah


def send(phone, entry):
    (told,) = phone.send(entry)
    assert told["state"] == "ACCEPTED", told
    assert phone.send(entry) == [told], "sent again, it is the same"
    return told


def rows(model):
    with in_territory(EVERYWHERE):
        return list(model.objects.all())


def test_from_the_phone_to_the_amount_of_the_next_stage_and_back(field):
    phone, cycle = field.phone, opened(field.people, year=STAGE[0], stage=STAGE[1])
    carried = phone.carry()["sheets"][0]
    sheet = phone.about("commitments.sheet", a_sheet(carried, absent=4, signed_on="2026-09-30"), photos=[phone.photo()])
    told = send(phone, sheet)
    assert amount(field, cycle) == PRIMARY_A_STAGE, "a verdict changes no amount"
    (decision,) = decided(field.coordinator)
    assert amount(field, cycle) == PRIMARY_A_STAGE, "nor does what nobody was told"
    family = phone.carry()["families"][0]
    (asked,) = family["decisions"]
    body = {"decision": asked["id"], "on_day": timezone.localdate().isoformat(), "words": "Dibacakan di rumahnya"}
    tell = phone.entry("commitments.told", family, body)
    send(phone, tell)
    assert amount(field, cycle) == PRIMARY_A_STAGE, "nor does what the family may still object to"
    assert_linked(field, sheet, told, decision, tell)
    with days_pass(16):
        assert amount(field, cycle) == 0
    appeal = phone.entry("commitments.appeal", family, body | {"words": "Anaknya dirawat di rumah sakit"})
    send(phone, appeal)
    answered(field.head, decision, upheld=True)
    assert amount(field, cycle) == PRIMARY_A_STAGE


def assert_linked(field, sheet, told, decision, tell):
    """Entry, sheet, verdict, recommendation, decision and step, each by the id of the one before."""
    (kept,), (verdict,), (recommended,) = rows(Sheet), rows(Verdict), rows(Recommendation)
    first, second = sorted(rows(Entry), key=lambda one: one.received_at)
    assert (str(first.entry_id), first.result, first.photos) == (sheet["id"], told["result"], sheet["photos"])
    assert kept.pk == first.entry_id
    assert (verdict.sheet_id, verdict.member_id, verdict.verdict) == (kept.pk, field.pupil.pk, "NOT_MET")
    assert recommended.verdicts == [str(verdict.pk)]
    assert (recommended.cycle_year, recommended.cycle_stage) == STAGE
    assert rows(Decision)[0].recommendation_id == recommended.pk
    (step,) = rows(Step)
    assert (step.decision_id, step.by_id, str(second.entry_id)) == (
        decision.pk, field.facilitator.person_id, tell["id"],
    )  # fmt: skip
    assert second.result.rstrip("/").rsplit("/", 1)[-1] == str(decision.pk)
    with in_territory(field.coordinator):
        link = chain(Family.objects.get(pk=field.pupil.family_id))[0]
        logged = {one.action: one.person_id for one in AuditEntry.objects.filter(action__startswith="commitment.")}
    assert link.suspension.standing() == Standing.TERM_RUNS
    assert [link.verdicts[0].pk, link.decision.pk, link.steps[0].pk] == [verdict.pk, decision.pk, step.pk]
    by_whom = {
        "commitment.recorded": field.facilitator, "commitment.decided": field.coordinator,
        "commitment.told": field.facilitator,
    }  # fmt: skip
    assert {name: logged[name] for name in by_whom} == {name: one.person_id for name, one in by_whom.items()}
    assert all(isinstance(one, UUID) for one in logged.values())
