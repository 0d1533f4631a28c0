"""Papers and mails lead to the office, whatever host name the browser of whoever made them asked for."""

from pathlib import Path

import gandeng
from gandeng.web.addresses import full_address


def test_it_works(rf, settings):
    asked = rf.get("/", headers={"host": "127.0.0.1"})
    assert full_address(asked, "/periksa/ABC/") == "http://127.0.0.1/periksa/ABC/"
    settings.ADDRESS = "https://gandeng.contoh.test"
    assert full_address(asked, "/periksa/ABC/") == "https://gandeng.contoh.test/periksa/ABC/"


def test_nothing_else_takes_the_host_that_was_asked_for():
    sources = Path(gandeng.__file__).parent.rglob("*.py")
    takes = {path.name for path in sources if "tests" not in path.parts and "build_absolute_uri" in path.read_text()}
    assert takes == {"addresses.py"}
