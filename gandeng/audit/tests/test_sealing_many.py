"""Many at once give what one by one gives, and open each other."""

import pytest

from gandeng.audit.sealing import NotOurs, Place, blind, blind_account, seal, unseal
from gandeng.audit.sealing_many import blind_accounts, blind_all, resealed_all, seal_all, unseal_all

NIKS = ["6371010101010001", "", "6371010101010002"]
ROWS = ["a", "b", "ç|1"]


def test_it_works() -> None:
    sealed = seal_all("t", "nik", ROWS, NIKS)
    assert [unseal(each, Place("t", "nik", row)) for row, each in zip(ROWS, sealed, strict=True)] == NIKS
    singly = [seal(nik, Place("t", "nik", row)) for row, nik in zip(ROWS, NIKS, strict=True)]
    assert unseal_all("t", "nik", ROWS, singly) == unseal_all("t", "nik", ROWS, sealed) == NIKS


def test_the_same_index_as_one_by_one() -> None:
    assert blind_all("nik", NIKS) == [blind("nik", nik) for nik in NIKS]
    pairs = [("BRI", "0012"), ("BRI", "12"), ("BNI", ""), ("BNI", "000")]
    channels, numbers = zip(*pairs, strict=True)
    assert blind_accounts(channels, numbers) == [blind_account(*pair) for pair in pairs]


def test_sealed_again_for_another_place() -> None:
    sealed, rows = seal_all("t", "nik", ROWS, NIKS), ["1", "2", "3"]
    anew = resealed_all(("t", "nik"), ROWS, [sealed[0], None, sealed[2]], ("u", "kk"), rows)
    assert unseal_all("u", "kk", rows, anew) == NIKS
    assert len({each[2:14] for each in (*sealed, *anew) if each}) == 4, "each nonce once"
    with pytest.raises(NotOurs):
        resealed_all(("t", "nik"), ["b"], sealed[:1], ("u", "kk"), ["1"])


def test_no_nonce_twice() -> None:
    sealed = seal_all("t", "nik", ["a"] * 500, ["6371010101010001"] * 500)
    assert len({each[2:14] for each in sealed}) == 500


@pytest.mark.parametrize("place", [("t", "nik", "b"), ("t", "kk", "a"), ("u", "nik", "a")])
def test_it_refuses_what_was_moved(place: tuple[str, str, str]) -> None:
    sealed = seal_all("t", "nik", ["a"], ["6371010101010001"])
    table, column, row = place
    with pytest.raises(NotOurs):
        unseal_all(table, column, [row], sealed)


def test_it_refuses_a_key_that_is_gone() -> None:
    sealed = [b"\x00\x63" + each[2:] for each in seal_all("t", "nik", ["a"], ["6371010101010001"])]
    with pytest.raises(NotOurs):
        unseal_all("t", "nik", ["a"], sealed)
