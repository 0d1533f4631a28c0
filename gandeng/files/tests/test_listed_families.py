"""Families as lists of the ministry tell of them: the contract's columns, and the decile with its day or without."""

import io
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gandeng.files.layouts import FAMILIES, LISTED_FAMILIES
from gandeng.files.tests.tables import codes, convert, csv, refusal, rows

FAMILY = ("F1", "F1-1", "63.71.01.1001", "ACTIVE", "BRI", "001234567890123")
OTHER = ("F2", "F2-1", "63.71.01.1001", "ACTIVE", "POS", "")


def told(data):
    return [(row["family_id"], row["decile"], row["decile_on"]) for row in rows(convert(data, LISTED_FAMILIES))]


def test_it_works():
    data = csv(LISTED_FAMILIES, (*FAMILY, "3", "2024-05-17"), (*OTHER, "", ""))
    assert told(data) == [("F1", 3, date(2024, 5, 17)), ("F2", None, None)]


@pytest.mark.parametrize("header", [("desil", "desil_on"), ("DESIL", "Desil per"), ("decile", "decile_on")])
def test_the_columns_go_by_their_names(header):
    data = ",".join((*FAMILIES.names, *header)) + "\n" + ",".join((*FAMILY, "10", "17/05/2024")) + "\n"
    assert told(data.encode()) == [("F1", 10, date(2024, 5, 17))]


def test_a_list_may_lack_them():
    assert told(csv(FAMILIES, FAMILY, OTHER)) == [("F1", None, None), ("F2", None, None)]
    blank = csv(FAMILIES, FAMILY, ("",) * 6, OTHER)
    assert told(blank) == [("F1", None, None), ("F2", None, None)], "by the careful reader"


def test_the_other_columns_may_not_be_lacking():
    data = csv(LISTED_FAMILIES, (*FAMILY, "3", "2024-05-17")).replace(b"channel", b"bank")
    assert ("missing_column", 1, "channel") in codes(refusal(data, LISTED_FAMILIES))


@pytest.mark.parametrize("decile", ["0", "11", "03", "3.5", "-1", "tiga", "1e1"])
def test_it_refuses_what_is_no_decile(decile):
    data = csv(LISTED_FAMILIES, (*FAMILY, decile, "2024-05-17"), (*OTHER, "4", "2024-05-17"))
    assert codes(refusal(data, LISTED_FAMILIES)) == [("decile_unreadable", 2, "decile")]


@pytest.mark.parametrize(("decile", "sound"), [(7, True), (0, False), (11, False)])
def test_numbers_of_parquet_are_held_to_the_same(decile, sound):
    columns = {name: [cell] for name, cell in zip(FAMILIES.names, FAMILY, strict=True)}
    table = pa.table(columns | {"decile": pa.array([decile], pa.int64()), "decile_on": [date(2024, 5, 17)]})
    out = io.BytesIO()
    pq.write_table(table, out)
    if sound:
        assert told(out.getvalue()) == [("F1", decile, date(2024, 5, 17))]
    else:
        assert codes(refusal(out.getvalue(), LISTED_FAMILIES)) == [("decile_unreadable", 2, "decile")]


def test_parquet_may_lack_them():
    columns = {name: [cell] for name, cell in zip(FAMILIES.names, FAMILY, strict=True)}
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    assert told(out.getvalue()) == [("F1", None, None)]
