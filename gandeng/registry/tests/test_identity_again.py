"""What decides over a family's money asks who one is: a session that was lent or left open is not enough."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.jobs.models import Job
from gandeng.registry.models import Account, ChangeRequest, Intake
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import asked

pytestmark = pytest.mark.django_db

WORDS = "kuda nil makan siang"


def state_of(change):
    with in_territory(EVERYWHERE):
        return ChangeRequest.objects.get(pk=change.pk).state


def test_a_change_of_account_waits_for_the_proof_and_is_decided_by_it(operator, coordinator, left_open):
    family = make_family()
    change = asked(operator, family, "ACCOUNT", after={"channel": "BNI"}, identifier="9" * 10)
    browser, page = left_open(coordinator), reverse("registry:decide", args=[change.pk])
    answer = browser.post(page, {"decision": "approve", "reason": ""})
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))
    assert state_of(change) == "PENDING"
    question = browser.get(answer.url).content.decode()
    assert "Pastikan ini Anda" in question and "yang sudah diisi tidak hilang" in question
    assert browser.post(answer.url, {"password": WORDS}).status_code == 302, "what was typed is kept meanwhile"
    assert state_of(change) == "APPROVED"
    with in_territory(EVERYWHERE):
        assert Account.objects.get(family=family, valid_until=None).account_last3 == "999"
    other = asked(operator, make_family(), "SUSPEND", after={"status": "SUSPENDED"})
    again = browser.post(reverse("registry:decide", args=[other.pk]), {"decision": "approve", "reason": ""})
    assert (again.url, state_of(other)) == (reverse("registry:changes"), "APPROVED"), "not asked twice in a row"


@pytest.mark.parametrize(("name", "state", "told"), [
    ("apply", "STAGED", {}), ("undo", "APPLIED", {"reason": "Daftar yang salah diterapkan"}),
])  # fmt: skip
def test_a_list_waits_for_it_too(operator, coordinator, left_open, name, state, told):
    by = {"applied_by_id": coordinator.person_id, "applied_at": timezone.now()} if state == "APPLIED" else {}
    with in_territory(operator):
        intake = Intake.objects.create(
            region_code="6371", cycle="2024-2", state=state, taken_by_id=operator.person_id, **by,
        )  # fmt: skip
    answer = left_open(coordinator).post(reverse(f"registry:{name}", args=[intake.pk]), told)
    assert answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))
    assert not Job.objects.exists()


def test_what_was_left_at_the_question_is_not_done_by_showing_it_for_something_else(operator, coordinator, left_open):
    left, other = (asked(operator, make_family(), "SUSPEND", after={"status": "SUSPENDED"}) for _ in range(2))
    browser, told = left_open(coordinator), {"decision": "approve", "reason": ""}
    browser.post(reverse("registry:decide", args=[left.pk]), told)
    page = reverse("registry:decide", args=[other.pk])
    shown = browser.post(f"{reverse('account_reauthenticate')}?next={page}", {"password": WORDS})
    assert shown.url == page and {state_of(left), state_of(other)} == {"PENDING"}
    browser.post(f"{reverse('account_reauthenticate')}?next={reverse('registry:decide', args=[left.pk])}",
                 {"password": WORDS})  # fmt: skip
    assert state_of(left) == "PENDING", "it is forgotten"
