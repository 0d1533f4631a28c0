"""What fuzzing has found, cut down to the least that shows it; each is read or refused today."""

import pytest

from tests.fuzz.targets import PARSERS

FOUND = [
    ("iso20022", b'<?xml version="1.0"?><p:Document><p:CstmrPmtStsRpt/></p:Document>'),  # a prefix nobody declared
    ("policy", b"description: x\nunit: rupiah\nvalues:\n  2024-13-01: {value: 1, source: x}\n"),  # no such month
    ("policy", b"values:\n  {a: 1}: 2\n"),  # a key that is a mapping
    ("policy", b"[" * 5_000),
]


@pytest.mark.parametrize(("name", "data"), FOUND, ids=[f"{name}-{place}" for place, (name, _) in enumerate(FOUND)])
def test_it_is_read_or_refused(name: str, data: bytes) -> None:
    PARSERS[name].target(data)
