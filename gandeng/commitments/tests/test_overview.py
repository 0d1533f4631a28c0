"""A quarter by sub-district: each number opens into the list it counts, and a verdict into its records."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.commitments.models import Recommendation, Verdict
from gandeng.commitments.overview_queries import by_sub_district, verdicts
from gandeng.commitments.queries import Quarter
from gandeng.commitments.tests.factories import (
    QUARTER,
    SIGNED,
    coded,
    linked,
    make_facility,
    make_pupil,
    months,
    recorded,
    said,
)
from gandeng.facilitators.tests.factories import few_queries
from gandeng.registry.models import Family, Member
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db
KEY, NEXT_DOOR = "2026-3", "6371021001"


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        good, bad = make_pupil(name="Siti Uji"), make_pupil(name="Ahmad Uji")
        other = make_pupil(NEXT_DOOR, name="Budi Uji")

    Made.desk = client_of(Made.operator)
    Made.school = make_facility(Made.operator)
    Made.second = make_facility(Made.operator, name="SDN Kedua")
    Made.third = make_facility(Made.operator, name="SDN Ketiga", village=NEXT_DOOR)
    make_facility(Made.operator, name="SDN Keempat")
    recorded(Made.operator, Made.school, {Made.good: months(0), Made.bad: months(4)})
    recorded(Made.operator, Made.second, {Made.bad: months(5)})
    recorded(Made.operator, Made.third, {Made.other: months(0)})
    chief = cast("DISTRICT_COORDINATOR", "6371")
    for school, differs in ((Made.school, {}), (Made.second, {1: "Alpa 2 hari"})):
        secret = linked(Made.operator, school)
        said(secret, coded(chief, secret), differs)
    return Made


def overview(made, **narrowed):
    return made.desk.get(reverse("commitments:overview"), {"quarter": KEY} | narrowed)


def test_it_works(made):
    with few_queries():
        answer = overview(made)
    first, second = (each["place"] for each in answer.context["places"])
    assert (first.code, first.every, first.recorded, first.judged) == ("637101", 3, 2, 2)
    assert (first.facilities["CONFIRMED"], first.facilities["DIFFERS"]) == (1, 1)
    assert (first.verdicts["MET"], first.verdicts["NOT_MET"]) == (1, 1)
    assert (second.code, second.every, second.recorded, second.verdicts["MET"]) == ("637102", 1, 1, 1)
    assert "3 dari 4 fasilitas" in answer.content.decode()


def test_every_number_opens_into_as_many_rows(made):
    page = overview(made).content.decode()
    found = re.findall(r'<td[^>]*><div class="g-cell"><a href="([^"]+)">(\d+)<span', page)
    assert len(found) == 12
    for address, count in found:
        address = address.replace("&amp;", "&")
        full = address if address.startswith("/") else reverse("commitments:overview") + address
        with few_queries():
            answer = made.desk.get(full)
        assert (answer.status_code, len(answer.context["rows"])) == (200, int(count)), address


THIN = "Tanpa foto dan tanpa konfirmasi"


def test_who_moved_to_another_sub_district_stands_where_the_newest_verdict_is(made):
    """Its former sub-district counts it no more, and so does not list what a newer sheet took the place of."""
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=made.bad.family_id).update(village_code=NEXT_DOOR)
        Member.objects.filter(pk=made.bad.pk).update(village_code=NEXT_DOOR)
        moved = Member.objects.get(pk=made.bad.pk)
    recorded(made.operator, made.third, {moved: months(0)})
    with in_territory(made.operator):
        counted = {each.code: each.judged for each in by_sub_district(QUARTER)}
        listed = {code: verdicts(QUARTER, code).count() for code in counted}
    assert counted == listed == {"637101": 1, NEXT_DOOR[:6]: 2}


def test_a_sheet_on_one_person_s_word_alone_says_so_beside_it(made):
    """The third school said nothing by its own link; the fourth has no sheet at all."""
    answer = overview(made)
    assert {each["row"].name for each in answer.context["rows"] if each["thin"]} == {"SDN Ketiga"}
    assert answer.content.decode().count(THIN) == 1
    rows = made.desk.get(reverse("commitments:verdicts"), {"quarter": KEY}).context["rows"]
    assert {each["row"].member.name: each["thin"] for each in rows} == {
        made.good.name: False, made.bad.name: False, made.other.name: True,
    }  # fmt: skip
    for each in rows:
        for name, key in (("verdict", each["row"].pk), ("family", each["row"].family_id)):
            page = made.desk.get(reverse(f"commitments:{name}", args=[key])).content.decode()
            assert (THIN in page) == (each["row"].member_id == made.other.pk), name
    recorded(made.operator, made.school, {made.good: months(0)})
    names = {each["row"].name for each in overview(made).context["rows"] if each["thin"]}
    assert names == {"SDN Uji", "SDN Ketiga"}, "a sheet after what the school said of it"


@pytest.mark.parametrize(("quarter", "signed_on", "said"), [
    (Quarter(2019, 4), date(2020, 1, 2), True), (QUARTER, SIGNED.signed_on, False),
])  # fmt: skip
def test_a_sanction_that_is_not_applied_is_named_beside_the_verdict(made, quarter, signed_on, said):
    signed = replace(SIGNED, signed_on=signed_on)
    made.good.birth_date = date(2012, 3, 2)  # of school age in both quarters
    with in_territory(made.operator):
        made.good.save()
    for absent in (4, 0):
        sheet = recorded(made.operator, made.school, {made.good: months(absent)}, quarter=quarter, signed=signed)
        with in_territory(made.operator):
            one = Verdict.objects.get(sheet=sheet)
            assert not Recommendation.objects.filter(family=one.family, effect="SUSPEND", year=2019).exists()
        text = made.desk.get(reverse("commitments:verdict", args=[one.pk])).content.decode()
        assert ("“kurangi atau hentikan bantuan”" in text) == (said and absent == 4)


def test_a_sheet_after_a_confirmation_is_not_confirmed(made):
    recorded(made.operator, made.school, {made.good: months(1)})
    first = overview(made).context["places"][0]["place"]
    assert (first.facilities["CONFIRMED"], first.facilities["RECORDED"]) == (0, 1)


def test_it_refuses_filters_of_no_kind(made):
    for wrong in ({"keadaan": "x"}, {"wilayah": "x"}, {"quarter": "x"}):
        assert overview(made, **wrong).status_code == 400
    for wrong in ({"penilaian": "x"}, {"wilayah": "x"}, {"quarter": "x"}):
        assert made.desk.get(reverse("commitments:verdicts"), wrong).status_code == 400


def test_a_verdict_opens_into_its_records(made, cast, client_of):
    rows = made.desk.get(reverse("commitments:verdicts"), {"quarter": KEY, "penilaian": "NOT_MET"}).context["rows"]
    (one,) = (each["row"] for each in rows)
    page = reverse("commitments:verdict", args=[one.pk])
    with few_queries():
        text = made.desk.get(page).content.decode()
    for words in ("Ahmad Uji", "SDN Kedua", "Kepala sekolah", "07/2026", "Alpa 2 hari"):
        assert words in text
    assert "Bukan penilaian terbaru" not in text
    recorded(made.operator, made.second, {made.bad: months(1)})
    assert "Bukan penilaian terbaru" in made.desk.get(page).content.decode()
    assert client_of(cast("DISTRICT_OPERATOR", "6372")).get(page).status_code == 404


def test_a_stranger_sees_no_number(made, cast, client_of):
    other = client_of(cast("DISTRICT_OPERATOR", "6372"))
    answer = other.get(reverse("commitments:overview"), {"quarter": KEY})
    assert answer.context["places"] == []
    assert not other.get(reverse("commitments:verdicts"), {"quarter": KEY, "wilayah": "637101"}).context["rows"]


def test_quarters_are_said_in_words(made):
    assert "Triwulan 3 tahun 2026" in overview(made).content.decode()
