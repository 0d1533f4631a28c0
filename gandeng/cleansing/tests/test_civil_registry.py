"""What the civil registry answers otherwise is found, until it is put right, said to be right, or answered anew."""

from datetime import date

import pytest
from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.civil_registry.tests.factories import answer, taken
from gandeng.cleansing.actions import is_right
from gandeng.cleansing.kinds import KINDS
from gandeng.cleansing.queries import access
from gandeng.cleansing.tests.factories import REASON, a_family, found_in
from gandeng.registry.models import ChangeRequest, Member
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.runs.tests.samples import read_in_this_process

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    read_in_this_process(monkeypatch)


@pytest.fixture
def mother(db):
    with in_territory(EVERYWHERE), scopes_disabled():
        return Member.objects.select_related("family").get(pk=a_family().collector_id)


def kinds_of(acting):
    return [one.kind for one in found_in(acting)]


@pytest.mark.parametrize(("told", "kind", "change"), [
    ({"result": "DECEASED"}, "CIVIL_DEAD", "DEATH"), ({"result": "NOT_FOUND"}, "CIVIL_NOT_FOUND", "NIK"),
    ({"result": "DOUBLE"}, "CIVIL_DOUBLE", "NIK"), ({"result": "DIFFERS"}, "CIVIL_DIFFERS", "IDENTITY"),
    ({"result": "DIFFERS", "name": "Siti Rahmah Uji"}, "CIVIL_DIFFERS", "IDENTITY"),
    ({"result": "MATCH", "sex": "M"}, "CIVIL_DIFFERS", "IDENTITY"), ({"result": "MATCH"}, None, None),
])  # fmt: skip
def test_each_answer_is_found(operator, mother, told, kind, change):
    taken(operator, answer(mother, **told))
    rows = found_in(operator)
    assert [(one.kind, one.member_id) for one in rows] == ([(kind, mother.pk)] if kind else [])
    assert not kind or ChangeRequest.Kind(change) in KINDS[kind].changes


def test_it_goes_with_what_puts_it_right(operator, mother):
    taken(operator, answer(mother, "DECEASED"))
    assert kinds_of(operator) == ["CIVIL_DEAD"]
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=mother.pk).update(deceased_on=date(2024, 5, 1))
    assert "CIVIL_DEAD" not in kinds_of(operator)


def test_what_is_said_to_be_right_is_asked_anew_by_another_answer(operator, mother):
    taken(operator, answer(mother, "DIFFERS", name="Siti Rahmah Uji"))
    (row,) = found_in(operator)
    with in_territory(operator), transaction.atomic():
        is_right(operator, access(operator, row.pk), REASON)
    taken(operator, answer(mother, "DIFFERS", name="Siti Rahmah Uji", sex=""), on=date(2024, 9, 1))
    assert found_in(operator) == [], "the same said once more"
    taken(operator, answer(mother, "DIFFERS", name="Siti Rahmah Uji", sex="M"), on=date(2024, 10, 1))
    assert kinds_of(operator) == ["CIVIL_DIFFERS"]
