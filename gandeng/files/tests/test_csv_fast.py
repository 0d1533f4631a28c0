"""The fast reading of text tables: it takes what is regular, gives up on all else, and agrees with the careful one."""

import hashlib
import tempfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gandeng.core.faults import FileRefused
from gandeng.files import conversion, csv_fast, csv_reader
from gandeng.files.canonical import Canonical
from gandeng.files.layouts import MEMBERS, PAYMENTS, RESULTS, Layout
from gandeng.files.limits import LIMITS
from gandeng.files.profiles import Profile, load
from gandeng.files.readers import Reading
from gandeng.files.sql import connect
from gandeng.files.tests.tables import PAYMENT, RESULT, convert, csv, payment

Rows = list[tuple[object, ...]]
HEAD = csv(RESULTS, RESULT)


def _both(data: bytes, layout: Layout = RESULTS, profile: Profile | None = None) -> tuple[Rows | None, Rows | None]:
    """What the fast way gives (None where it gives up) and what the careful one does (None where it refuses)."""
    with tempfile.TemporaryDirectory(prefix="gandeng-test-") as folder:
        out = Path(folder)
        (out / "sent.csv").write_bytes(data)
        reading = Reading(out / "sent.csv", layout, profile=profile, source="sent.csv")
        reading.found.profile = profile
        with connect(reading.limits, out) as con:

            def told(rows: Canonical) -> Rows:
                return con.execute(f"{rows.select(layout)} order by row").fetchall()

            try:
                table = csv_reader.opened(reading)
            except FileRefused:
                return None, None
            read = csv_fast.read(con, table, out)
            fast = told(read[0]) if read else None
            assert read is None or read[1] == hashlib.sha256(data).hexdigest()
            try:
                return fast, told(conversion._kept(con, reading, out, csv_reader.rows_of(table)))
            except FileRefused:
                return fast, None


def _taken_fast(data: bytes, layout: Layout = RESULTS, profile: Profile | None = None) -> Rows:
    fast, careful = _both(data, layout, profile)
    assert fast is not None and fast == careful
    return fast


@pytest.mark.parametrize(
    "row",
    [
        b'"R2","BRI","P, 1","","","SITI ""NUR""","CREDIT","1.250","2024-05-17",""\n',
        b'R2,BRI,"",,,"SITI",CREDIT,"1250,00",17/05/2024,\r\n',
        b'R2, BRI ,P1,\t1\xc2\xa0,, SITI  NUR ," CREDIT", 5 ,2024-05-17 ,x \n',
        b'"""R2",BRI,P1,1,,SITI,CREDIT,5,2024-05-17,"x"""\n',
        "R2,BRI,P1,1,,SITÍ,CREDIT,5,2024-05-17,x\n".encode(),
        b"6.37E+15,BRI,P1,6.3E+1,12,SITI,CREDIT,-5,2024-02-30,x\n",
        b"R2,BRI,P+1,+1,6371014101800oO1,SITI,CREDIT,,,x\n",
        b"R2,BRI,P1,1,,SITI,CREDIT,5,2024-05-17,x",
    ],
)
def test_it_works(row: bytes) -> None:
    assert len(_taken_fast(HEAD + row)) == 2
    assert len(_taken_fast(b"\xef\xbb\xbf" + HEAD + row)) == 2


@pytest.mark.parametrize(
    ("column", "cell", "damage"),
    [
        ("bank_reference", "6.37E+15", "identifier_damaged"),
        ("account_no", "6.37E+15", "account_damaged"),
        ("nik", "6371014101800oO1", "nik_damaged"),
        ("nik", "637101410180001", "nik_damaged"),
        ("nik", "６３７１０１４１０１８００００１", "nik_damaged"),
        ("amount", "1.25", "amount_unreadable"),
        ("occurred_on", "", "date_unreadable"),
        ("occurred_on", "2024-02-30", "date_unreadable"),
        ("payment_id", "=1+1", "formula"),
        ("account_no", "=1", "formula"),
        ("bank_reference", "@SUM(A1)", "formula"),
        ("payment_id", "+1", "formula"),
        ("payment_id", "P=@1", ""),
        ("reason", "=AC04", ""),
        ("payment_id", "P+1", ""),
        ("amount", "", ""),
        ("nik", "", ""),
    ],
)
def test_each_damage_is_told_where_it_is_alone(column: str, cell: str, damage: str) -> None:
    row = ",".join(cell if name == column else was for name, was in zip(RESULTS.names, RESULT, strict=True))
    assert [read[-1] for read in _taken_fast(HEAD + row.encode() + b"\n")] == ["", damage]


@pytest.mark.parametrize(
    "row",
    [
        b'"R2"x,BRI,P1,1,,SITI,CREDIT,5,2024-05-17,x\n',
        b'R2,"BRI"x,"P,1",1,,SITI,CREDIT,5,2024-05-17,x\n',
        b'R2,BRI,","P1,1,,SITI,CREDIT,5,2024-05-17\n',
        b'R2,BRI,P1,1,,"SITI,"NUR",CREDIT,5,2024-05-17,x\n',
        b'R2,BRI,P1,1,,SITI,CREDIT,5,2024-05-17,"x\n',
        b'R2,BRI,P1,1,,SITI "NUR",CREDIT,5,2024-05-17,x\n',
        b'R2,BRI,P1,1,, "SITI",CREDIT,5,2024-05-17,x\n',
        b'R2,BRI,P1,1,,"SITI" ,CREDIT,5,2024-05-17,x\n',
        b'R2,BRI,P1,1,,"SI\nTI",CREDIT,5,2024-05-17,x\n',
        b"R2,BRI,P1,1,,SI\rTI,CREDIT,5,2024-05-17,x\n",
        b"R2,BRI,P1,1,,SI\0TI,CREDIT,5,2024-05-17,x\n",
        b"R2,BRI,P1,1,,SI\xcdTI,CREDIT,5,2024-05-17,x\n",
        b"R2,BRI,P1,1,,SITI,CREDIT,5,2024-05-17\n",
        b"R2,BRI,P1,1,,SITI,CREDIT,5,2024-05-17,x,y\n",
        b"\nR2,BRI,P1,1,,SITI,CREDIT,5,2024-05-17,x\n",
        b",,, ,,,,,,\n",
        b"R2,BRI,P1,1,," + b"S" * 1_000_000 + b",CREDIT,5,2024-05-17,x\n",
    ],
)
def test_it_gives_up_on_what_only_a_careful_reading_can_tell(row: bytes) -> None:
    assert _both(HEAD + row)[0] is None
    assert _both(HEAD + row + HEAD.partition(b"\n")[2] * 3)[0] is None


@pytest.mark.parametrize("name", [b'"reason"x', b'"rea\nson"', b'"reason', b"reason\xff", b"reason\ra"])
def test_it_gives_up_on_a_header_only_a_careful_reading_can_tell(name: bytes) -> None:
    data = HEAD.replace(b",reason\n", b',reason,"more",' + name + b"\n", 1).replace(b",\n", b",,,\n")
    assert _both(data)[0] is None


def test_a_column_nobody_asked_for_is_looked_at_too() -> None:
    sound = HEAD.replace(b",reason\n", b",reason,more\n").replace(b"17,\n", b'17,,"x, y"\n')
    assert _taken_fast(sound)[0][:3] == ("R1", "BRI", "2024-2-F1")
    for spoiled in (b"\xff", b'"x"y', b'x"', b"\0"):
        assert _both(sound.replace(b'"x, y"', spoiled))[0] is None


def test_what_is_odd_in_one_row_far_below_is_seen() -> None:
    """Beyond the first piece of the file, where every look at the bytes begins anew."""
    many = b"".join(b"R%d,BRI,P%d,0012,,SITI AMINAH,CREDIT,5,2024-05-17,\n" % (n, n) for n in range(400_000))
    odd = b'"Q1" ,BRI ,\xc2\xa0P1,1E+5,\t123,SITI,CREDIT,1.25,30/02/2024,\n'.replace(b'" ', b'"')
    assert len(many) > csv_fast._PIECE
    with mock.patch.object(csv_reader, "rows_of", side_effect=AssertionError("read with care")):
        taken = convert(csv(RESULTS) + many + odd + many[: 1 << 20].rpartition(b"\n")[0], RESULTS)
    with connect(LIMITS, taken.paths[0].parent) as con:
        damaged = con.execute(f"select * from ({taken.select}) where damage <> '' or row = 400001").fetchall()
    told = "account_damaged,amount_unreadable,date_unreadable,nik_damaged"
    assert damaged == [("Q1", "BRI", "P1", "1E+5", "123", "SITI", "CREDIT", None, None, "", 400_001, told)]


def test_a_profile_and_columns_in_another_order_are_read_alike() -> None:
    profile = load("BTN").model_copy(update={"preamble": (), "trailer": None})
    assert profile.account_digits
    head = tuple(reversed(profile.columns))
    cells = {"event": next(iter(profile.events)), "amount": "Rp5.000", "occurred_on": "17/05/2024", "account_no": "12"}
    row = ";".join(cells.get(profile.columns[name], "x") for name in head)
    read = dict(
        zip(RESULTS.names, _taken_fast(f"{';'.join(head)}\n{row}\n".encode(), RESULTS, profile)[0], strict=False)
    )
    assert read["account_no"] == "12".rjust(profile.account_digits, "0") and read["channel"] == "BTN"
    assert read["event"] == next(iter(profile.events.values())) and read["amount"] == 5_000


def test_strict_tables_are_read_alike() -> None:
    member = ("F1", "M1", "", "SITI", "30/02/1990", "F", "SD", "0", "TRUE", "ya", "1999-01-01")
    assert (
        len(
            _taken_fast(
                csv(MEMBERS, member, ("F1", "M2", "", "", "1990-02-03", "M", "", "7", "false", "true", "")), MEMBERS
            )
        )
        == 2
    )
    assert len(_taken_fast(csv(PAYMENTS, PAYMENT, payment(amount="x"), delimiter="\t"), PAYMENTS)) == 2


texts = st.text(st.sampled_from(list('ab1+ \t\u00a0Í.";,\r\n')), max_size=4)
quoted = st.text(st.sampled_from(list('ab1+ \u00a0Í.;,"')), max_size=4).map(
    lambda text: '"' + text.replace('"', '""') + '"'
)
plain = st.sampled_from(
    ["", "", "BRI", "CREDIT", "6371014101800001", "225000", "Rp1.250", "2024-05-17", "30/02/2024", " x "]
)
lines = st.lists(plain | quoted | plain | texts, min_size=10, max_size=10).map(",".join)
regular = st.lists(plain | quoted, min_size=10, max_size=10).map(",".join)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(lines | regular | regular, min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.integers(40, 400)
)
def test_what_is_taken_is_what_the_careful_reading_takes(texts: list[str], end: str, piece: int) -> None:
    """Whatever stands in the cells and wherever the file is cut into pieces."""
    body = "".join(text + end for text in texts).encode()
    with mock.patch.object(csv_fast, "_PIECE", piece), mock.patch.object(csv_fast, "_UNDER_WAY", 0):
        fast, careful = _both(csv(RESULTS, RESULT, end=end) + body)
    assert fast is None or fast == careful


@settings(deadline=None, max_examples=40)
@given(st.lists(regular, min_size=1, max_size=5), st.integers(100, 400))
def test_regular_tables_never_need_the_careful_reading(texts: list[str], piece: int) -> None:
    """A row of empty cells does: it is none."""
    rows = [
        f"R{place}{text[text.index(',') :] if not text.startswith('"') else ',' * 9}"
        for place, text in enumerate(texts)
    ]
    with mock.patch.object(csv_fast, "_PIECE", piece):
        _taken_fast(HEAD + "".join(row + "\n" for row in rows).encode())
