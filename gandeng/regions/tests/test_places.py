import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.nik import explain_nik, read_nik
from gandeng.core.region_code import BpsCode, Level, RegionCode, UnreadableRegionCode
from gandeng.regions import places
from gandeng.regions.places import Kind

PROVINCES = [one.code.digits for one in places.provinces()]


def test_it_works() -> None:
    banjar = places.place("63.03")
    assert banjar is not None
    assert (banjar.name, banjar.kind) == ("Kabupaten Banjar", Kind.REGENCY)
    assert places.place("6371") == places.place("63.71") == places.place(RegionCode("6371"))
    assert places.timezone("63.71.01.1001") == "WITA"
    assert places.timezone("13.71") == "WIB"
    assert places.timezone("96") == "WIT"
    assert places.bps_code("63.71") == BpsCode("6371")


def test_it_refuses_what_is_no_code_and_knows_no_strange_place() -> None:
    with pytest.raises(UnreadableRegionCode):
        places.place("63.7")
    for strange in ("99", "99.01", "63.99", "63.71.99", "63.71.01.9999", "99.01.01.1001"):
        assert places.place(strange) is None
        assert places.villages_of(strange) == ()
    assert places.timezone("99.01") is None


def test_south_kalimantan_has_13_districts_156_sub_districts_2016_villages() -> None:
    assert len(places.districts_of("63")) == 13
    assert len(places.sub_districts_of("63")) == 156
    assert len(places.villages_of("63")) == 2016


def test_the_nation_is_whole_and_every_place_lies_in_its_parent() -> None:
    assert len(PROVINCES) == 38
    assert sum(len(places.districts_of(code)) for code in PROVINCES) == 514
    assert sum(len(places.sub_districts_of(code)) for code in PROVINCES) == 7285
    villages = [one for code in PROVINCES for one in places.villages_of(code)]
    assert len(villages) == len({one.code for one in villages}) == 83762
    parents = {one.code.above(Level.SUB_DISTRICT) for one in villages}
    assert all(places.place(parent) for parent in parents)


@given(st.sampled_from(PROVINCES))
@settings(deadline=None, max_examples=38)
def test_the_kind_of_a_village_stands_in_its_code(province: str) -> None:
    kinds = {"1": Kind.URBAN_VILLAGE, "2": Kind.VILLAGE, "3": Kind.CUSTOMARY_VILLAGE}
    for village in places.villages_of(province):
        assert village.kind is kinds[village.code.digits[6]]


def test_villages_lie_in_indonesia() -> None:
    known = [village for village in places.villages_of("63") if village.latitude and village.longitude]
    assert len(known) > 1990
    for village in known:
        assert -5.5 < (village.latitude or 0) < -1.2
        assert 114 < (village.longitude or 0) < 117


def test_bps_codes_are_matched_by_name_not_by_look() -> None:
    simeulue = places.from_bps(BpsCode("1101"))
    assert simeulue is not None
    assert simeulue != RegionCode("1101")
    assert places.name_of(simeulue) == "Kabupaten Simeulue"
    west_jakarta = places.place("31.73")
    assert west_jakarta is not None and "Barat" in west_jakarta.name
    assert places.bps_code("31.73") == BpsCode("3174")
    back = [places.from_bps(code) for one in places.districts_of("13") if (code := places.bps_code(one.code))]
    assert back == [one.code for one in places.districts_of("13") if places.bps_code(one.code)]


def test_old_codes_of_papua_lead_to_todays() -> None:
    merauke = places.successor("91.01")
    assert merauke is not None
    assert (merauke.code, merauke.year) == (RegionCode("9301"), 2022)
    assert places.place("91.01") is None
    assert places.name_of(RegionCode("9101")) == "Kabupaten Merauke"
    raja_ampat = places.successor("92.05")
    assert raja_ampat is not None
    assert places.name_of(raja_ampat.code) == "Kabupaten Raja Ampat"


def test_a_code_in_use_has_no_successor() -> None:
    assert places.successor("32.01") is None
    assert places.name_of(RegionCode("3201")) == "Kabupaten Bogor"


def test_an_old_nik_of_papua_is_known_by_name() -> None:
    nik = read_nik("9101010402820001")
    reading = explain_nik(nik, birth_date=date(1982, 2, 4), region_name=places.name_of)
    assert (reading.region_name, reading.warnings) == ("Merauke", ())


def test_one_province_loads_without_the_others() -> None:
    program = (
        "import time, pyarrow.parquet; begun = time.process_time(); from gandeng.regions import places;"
        "assert len(places.villages_of('63')) == 2016; took = time.process_time() - begun; assert took < 1.5, took;"
        "assert places._table.cache_info().currsize == 1"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
