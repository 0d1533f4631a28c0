"""What a file is, by its first bytes, whatever stands in them."""

import time

import pytest

from gandeng.files.readers import _HEAD_BYTES, recognise

PAGE = b"<html><body></body></html>"


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (PAGE, "html"), (b"  \r\n<!DOCTYPE HTML>" + PAGE, "html"), (b"<!-- a -- b > c -->\n<!--\n-->\t<TABLE>", "html"),
        (b"<!---->" * 100 + PAGE, "html"), (b"<!-- no end <html>", "iso20022"), (b"<!-- a --><Document>", "iso20022"),
        (b"<htmlx>", "iso20022"), (b"payment_id;amount", "csv"), (b"", "csv"), (b"<!-- a -->x<html>", "iso20022"),
    ],
)  # fmt: skip
def test_it_works(tmp_path, head, format_):
    path = tmp_path / "file"
    path.write_bytes(head)
    assert recognise(path) == format_


@pytest.mark.parametrize("piece", [b"<!---->", b"<!-- -->\n", b"<!--", b" ", b"<!-"])
def test_a_head_made_to_be_slow_is_read_at_once(tmp_path, piece):
    """One comment too many was twice the time: twenty-four of them took two seconds, five hundred for ever."""
    path = tmp_path / "file"
    path.write_bytes(piece * (_HEAD_BYTES // len(piece) + 1))
    begun = time.process_time()
    assert recognise(path) in ("iso20022", "csv")
    assert time.process_time() - begun < 5
