import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.region_code import BpsCode, Level, RegionCode, UnreadableRegionCode

village_digits = st.from_regex(r"[1-9][0-9]{9}", fullmatch=True)


def test_it_works() -> None:
    village = RegionCode.parse("63.71.01.1001")
    assert village == RegionCode.parse("6371011001")
    assert village.level is Level.VILLAGE
    assert str(village) == village.dotted() == "63.71.01.1001"
    assert village.parent == RegionCode("637101")
    assert village.above(Level.DISTRICT).dotted() == "63.71"
    assert RegionCode("63").parent is None
    assert RegionCode("63").contains(village)
    assert not RegionCode("62").contains(village)


@pytest.mark.parametrize(
    "text", ["", "6", "637", "63.7", "6371.01", "63.71.", ".63", "63 71", "０６", "٦٣", "63.71.01.100", "0371", "63\n"]
)
def test_it_refuses_what_is_no_code(text: str) -> None:
    with pytest.raises(UnreadableRegionCode):
        RegionCode.parse(text)


def test_it_refuses_a_level_below_its_own() -> None:
    with pytest.raises(UnreadableRegionCode):
        RegionCode("63").above(Level.VILLAGE)


@given(village_digits)
@settings(deadline=None, max_examples=100)
def test_dots_come_and_go(digits: str) -> None:
    code = RegionCode(digits)
    assert RegionCode.parse(code.dotted()) == code
    for level in Level:
        assert code.above(level).level is level
        assert code.above(level).contains(code)


def test_a_bps_code_is_another_type_with_other_lengths() -> None:
    sub_district = BpsCode("6371010")
    assert sub_district.level is Level.SUB_DISTRICT
    assert sub_district.parent == BpsCode("6371")
    assert BpsCode("63").parent is None
    with pytest.raises(UnreadableRegionCode):
        BpsCode("637101")
