"""A cause's row opens its own exceptions and no others."""

import pytest

from gandeng.follow_up import views
from gandeng.follow_up.queries import Cause


@pytest.mark.parametrize(("code", "name", "opens"), [
    ("6371", "Kota Banjarmasin", "?district=6371&channel=BRI"),
    ("63", "Kalimantan Selatan, kabupaten/kota tidak diketahui", None),
    ("", "Indonesia, kabupaten/kota tidak diketahui", None),
])  # fmt: skip
def test_what_is_of_no_district_is_called_so_and_opens_nothing_else(code, name, opens):
    assert views._district(code) == name
    assert views._rows_of("/x/", "district", Cause(code, "BRI", 9, 9, 0)) == (f"/x/{opens}" if opens else "")


def test_a_cause_without_a_code_opens_those_without_one():
    assert views._rows_of("/x/", "code", Cause("", "BRI", 9, 9, 0)) == "/x/?code=none&channel=BRI"
