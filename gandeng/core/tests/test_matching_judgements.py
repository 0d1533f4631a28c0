from gandeng.core.matching_judgements import JUDGEMENTS, KEYS, agrees, judgements, number
from gandeng.core.matching_tables import DISPOSITIONS


def test_it_works() -> None:
    words = {row[0]: row[1:] for row in judgements()}
    everything = number("ACCEPTED", "payment_id") + sum(agrees(key) for key in KEYS)
    assert words[everything] == ("ACCEPTED", "payment_id", "payment_id+account_no+nik")
    assert words[number("MISDIRECTED", "nik") + agrees("nik")] == ("MISDIRECTED", "nik", "nik")
    assert words[number("UNKNOWN")] == ("UNKNOWN", None, None)


def test_no_two_judgements_share_a_number_or_their_words() -> None:
    rows = judgements()
    assert len({row[0] for row in rows}) == len({row[1:] for row in rows}) == len(rows)
    assert {row[1] for row in rows} == set(DISPOSITIONS)
    assert all(len(row) == len(JUDGEMENTS.columns) for row in rows)
