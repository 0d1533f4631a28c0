"""The screens: entered in one go, decided many at once, told, objected to, and read by the family's people alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.commitments.models import Decision, Facility, Record, Sheet, Step, Verdict
from gandeng.commitments.queries import Quarter, to_decide, waiting_appeals
from gandeng.commitments.tests.factories import (
    VILLAGE,
    decided,
    make_facility,
    make_pupil,
    months,
    placed,
    recorded,
    told,
)
from gandeng.exports.models import TakenAway
from gandeng.exports.tests.taking import PURPOSE, taken
from gandeng.facilitators.tests.factories import few_queries
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
SIGNED = {"signer_name": "Ibu Uji", "signer_role": "Kepala sekolah", "place": "Sekolah", "signed_on": "2026-10-01"}
KEY = "2026-3"


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        pupil = make_pupil()

    Made.school = make_facility(Made.operator)
    Made.desk, Made.chief = client_of(Made.operator), client_of(Made.coordinator)
    return Made


def _typed(enrolment, absent="4", **more):
    cell = f"cell_{enrolment.pk.hex}"
    months_typed = {
        f"{name}_{month}": value for month in (1, 2, 3) for name, value in (("service", "yes"), ("days", 20))
    }
    cells = {f"{cell}_{month}_absent": absent for month in (1, 2, 3)}
    return SIGNED | {"sheet_id": enrolment.pk} | months_typed | cells | more


def test_a_sheet_is_entered_in_one_go(made):
    enrolment = placed(made.operator, made.pupil, made.school)
    page = reverse("commitments:sheet", args=[made.school.pk, KEY])
    assert made.pupil.name in made.desk.get(page).content.decode()
    assert made.desk.post(page, _typed(enrolment)).status_code == 302
    with in_territory(made.operator):
        assert [(each.days, each.absent) for each in Record.objects.order_by("month")] == [(20, 4)] * 3
        assert Verdict.objects.get().verdict == "NOT_MET"
    overview = made.desk.get(reverse("commitments:overview"), {"quarter": KEY}).content.decode()
    assert "Ibu Uji" in overview


@pytest.mark.parametrize("wrong", [{"signer_name": ""}, {"signed_on": "2026-01-01"}, {"days_1": "3"}, {"days_1": "x"}])
def test_it_refuses_and_keeps_what_was_typed(made, wrong):
    enrolment = placed(made.operator, made.pupil, made.school)
    page = reverse("commitments:sheet", args=[made.school.pk, KEY])
    answer = made.desk.post(page, _typed(enrolment, **wrong))
    assert answer.status_code == 422
    assert "Kepala sekolah" in answer.content.decode()
    with in_territory(made.operator):
        assert not Sheet.objects.exists()


def test_an_empty_cell_is_no_absence(made):
    enrolment = placed(made.operator, made.pupil, made.school)
    page = reverse("commitments:sheet", args=[made.school.pk, KEY])
    assert made.desk.post(page, _typed(enrolment, absent="")).status_code == 422, "nothing was recorded of anybody"


def test_a_large_school_is_entered_part_by_part(made):
    everybody = [placed(made.operator, make_pupil(name=f"Murid {number:03}"), made.school) for number in range(65)]
    page = reverse("commitments:sheet", args=[made.school.pk, KEY])
    with few_queries():
        first = made.desk.get(page).context["form"].expected
    second = made.desk.get(page, {"bagian": "2"}).context["form"].expected
    assert [one.pk for one in (*first, *second)] == [one.pk for one in everybody]
    assert made.desk.post(page, _typed(first[0])).url == f"{page}?bagian=2"
    mixed = made.desk.post(f"{page}?bagian=2", _typed(first[0]) | {"sheet_id": second[0].pk})
    assert mixed.status_code == 422 and "Daftar anggota berubah" in mixed.content.decode()
    assert made.desk.post(f"{page}?bagian=2", _typed(second[0])).url.startswith(reverse("commitments:overview"))
    with in_territory(made.operator):
        assert set(Record.objects.values_list("member", flat=True)) == {first[0].member_id, second[0].member_id}
    assert "2 anggota tercatat" in made.desk.get(reverse("commitments:overview"), {"quarter": KEY}).content.decode()
    assert made.desk.get(page, {"bagian": "3"}).url == f"{page}?bagian=2", "a paper of when there were more"
    for wrong in ("0", "x", "1000"):
        assert made.desk.get(page, {"bagian": wrong}).status_code == 400


def test_a_facility_is_added_and_a_member_goes_there(made):
    add = reverse("commitments:facility_add")
    typed = {"kind": "POSYANDU", "name": "Posyandu Melati", "code": "", "village": VILLAGE}
    assert made.desk.post(add, typed).status_code == 302
    with in_territory(made.operator):
        found = Facility.objects.get(name="Posyandu Melati")
    page = reverse("commitments:place", args=[made.pupil.pk])
    typed = {"obligation": "HEALTH", "facility": found.pk, "since": "2026-07-01"}
    assert made.desk.post(page, typed).status_code == 302
    assert made.pupil.name in made.desk.get(reverse("commitments:sheet", args=[found.pk, KEY])).content.decode()


def test_many_are_decided_at_once_and_one_is_told(made):
    mate = make_pupil()
    recorded(made.operator, made.school, {made.pupil: months(4), mate: months(5)})
    page = reverse("commitments:recommendations")
    assert "80 persen" in made.chief.get(page).content.decode()
    with in_territory(made.coordinator):
        waiting = [each.pk for each in to_decide()]
    typed = {"chosen": waiting, "outcome": "SUSPEND", "reason": "Tidak hadir tanpa kabar"}
    assert made.chief.post(page, typed | {"reason": ""}).status_code == 422
    assert made.chief.post(page, typed | {"chosen": []}).status_code == 422
    assert made.chief.post(page, typed).status_code == 302
    with in_territory(made.coordinator):
        first, _ = Decision.objects.order_by("pk")
    one = reverse("commitments:decision", args=[first.pk])
    today = timezone.localdate(first.at).isoformat()
    assert made.desk.post(one, {"kind": "APPEALED", "on_day": today, "words": "Anak sakit"}).status_code == 422
    assert made.desk.post(one, {"kind": "TOLD", "on_day": today, "words": "Di rumahnya"}).status_code == 302
    assert made.desk.post(one, {"kind": "APPEALED", "on_day": today, "words": "Anak sakit"}).status_code == 302
    with in_territory(made.coordinator):
        assert set(Step.objects.values_list("decision_id", "kind")) == {(first.pk, "TOLD"), (first.pk, "APPEALED")}
    header, *lines = taken(made.desk, "keputusan-komitmen")
    objected = [line for line in lines if line[0] == first.family.family_no]
    assert (len(lines), [line[header.index("Keberatan pada")] for line in objected]) == (2, [today])
    assert lines[0][header.index("Tahap")].startswith("tahap ") and "Anak sakit" not in str(lines)


def test_a_short_list_is_taken_by_one_person_for_a_purpose_and_no_longer_one(made, monkeypatch, cast, client_of):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    decided(made.coordinator)
    asked, told = reverse("exports:ask", args=["keputusan-komitmen"]), {"purpose": PURPOSE, "alone": "1"}
    for listed in (reverse("commitments:decisions"), asked):
        assert client_of(cast("AUDITOR", "6371")).get(listed).status_code == 403, "whoever does not read the page"
    assert made.desk.post(asked, told | {"purpose": ""}).status_code == 422
    monkeypatch.setattr("gandeng.exports.actions.taking.ROWS_ALONE", 0)
    assert made.desk.post(asked, told).status_code == 422
    monkeypatch.undo()
    with in_territory(EVERYWHERE):
        assert not AuditEntry.objects.filter(action="export.taken").exists()
    assert made.desk.post(asked, told).status_code == 200
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="export.taken")
        assert (entry.reason, entry.facts["rows"], entry.region_code) == (PURPOSE, 1, "6371")
        assert TakenAway.objects.get().rows == 1, "counted against the day"
    other = made.desk.post(reverse("exports:ask", args=["keluarga"]), told)
    assert other.status_code == 302, "a list with a way of its own is asked for"


def test_what_was_ticked_on_a_second_page_is_decided_once_one_has_shown_who_one_is(made, left_open):
    mate = make_pupil()
    recorded(made.operator, made.school, {made.pupil: months(4), mate: months(5)})
    with in_territory(made.coordinator):
        first, second = sorted(each.pk for each in to_decide())
    browser, page = left_open(made.coordinator), f"{reverse('commitments:recommendations')}?after={first}"
    asks = browser.post(page, {"chosen": [second], "outcome": "SUSPEND", "reason": "Tidak hadir tanpa kabar"}).url
    assert asks.startswith(reverse("account_reauthenticate"))
    assert browser.post(asks, {"password": "kuda nil makan siang"}).url == reverse("commitments:decisions")
    with in_territory(made.coordinator):
        assert Decision.objects.get().family in (mate.family, made.pupil.family)
        assert [each.pk for each in to_decide()] == [first]


def test_who_decided_hears_the_objection_of_a_family_that_has_moved_since(made):
    """It is found by its number, as its letter has it; what nobody decided is asked of nobody any more."""
    mate = make_pupil()
    recorded(made.operator, made.school, {made.pupil: months(4)})
    decision = decided(made.coordinator)[0]
    told(made.operator, decision)
    recorded(made.operator, made.school, {mate: months(4)})
    with in_territory(EVERYWHERE):
        families = Family.objects.filter(pk__in=[made.pupil.family_id, mate.family_id])
        families.update(village_code="6372011001")
        number = families.get(pk=made.pupil.family_id).family_no
    with in_territory(made.coordinator):
        assert not to_decide().exists()
    assert number in made.desk.get(reverse("commitments:decisions")).content.decode()
    one = reverse("commitments:decision", args=[decision.pk])
    page = made.desk.get(one).content.decode()
    assert number in page and "sudah pindah" in page and made.pupil.name not in page
    today = timezone.localdate(decision.at).isoformat()
    assert made.desk.post(one, {"kind": "APPEALED", "on_day": today, "words": "Anak sakit"}).status_code == 302
    with in_territory(made.operator):
        assert [each.pk for each in waiting_appeals(made.operator)] == [decision.pk]


def test_the_family_page_tells_the_chain(made):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    decision = decided(made.coordinator)[0]
    told(made.operator, decision)
    family = made.pupil.family_id
    assert (
        reverse("commitments:family", args=[family])
        in made.desk.get(reverse("registry:family", args=[family])).content.decode()
    )
    page = made.desk.get(reverse("commitments:family", args=[family])).content.decode()
    for words in ("80 persen", "SDN Uji", "Alasan uji yang jelas", "Belum berlaku selama keluarga dapat"):
        assert words in page


def test_a_stranger_finds_nothing(made, cast, client_of):
    recorded(made.operator, made.school, {made.pupil: months(4)})
    decision = decided(made.coordinator)[0]
    other = client_of(cast("DISTRICT_OPERATOR", "6372"))
    for name, args in (
        ("sheet", [made.school.pk, KEY]), ("decision", [decision.pk]), ("family", [made.pupil.family_id]),
        ("place", [made.pupil.pk]),
    ):  # fmt: skip
        assert other.get(reverse(f"commitments:{name}", args=args)).status_code == 404


def test_pages_ask_little_however_many_there_are(made):
    pupils = [make_pupil() for _ in range(120)]
    for each in pupils:
        placed(made.operator, each, made.school)
    recorded(made.operator, made.school, {each: months(4) for each in pupils})
    for number in range(60):
        make_facility(made.operator, name=f"Posyandu {number}", kind="POSYANDU")
    for browser, name, args in (
        (made.desk, "overview", []), (made.desk, "sheet", [made.school.pk, KEY]), (made.chief, "recommendations", []),
        (made.desk, "family", [pupils[0].family_id]), (made.desk, "place", [pupils[0].pk]),
    ):  # fmt: skip
        with few_queries():
            assert browser.get(reverse(f"commitments:{name}", args=args)).status_code == 200
    decided(made.coordinator)
    with few_queries():
        assert made.desk.get(reverse("commitments:decisions")).status_code == 200
    with in_territory(made.operator):
        one = Decision.objects.first()
    with few_queries():
        assert made.desk.get(reverse("commitments:decision", args=[one.pk])).status_code == 200


def test_quarters_are_three_months():
    assert [each.month for each in Quarter(2026, 3).months()] == [7, 8, 9]
