"""Sealed values that were moved, emptied or do not say what stands beside them, past every guard."""

import psycopg
import pytest
from django.conf import settings

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.audit.kept_files import FOLDER
from gandeng.office.verify import verify
from gandeng.office.verify_sealed import CHECK
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.actions.changes import Proof, Wanted, request_change
from gandeng.registry.models import Family


@pytest.fixture
def books(own_database, server):
    """Two families with payments, a request with an identifier and a paper; gives the owner's address."""
    operator = Cast()("DISTRICT_OPERATOR")
    make_cycle((("6371011001", "BRI", 225_000), ("6371011001", "BTN", 300_000)))
    with in_territory(operator):
        family = Family.objects.select_related("collector").first()
        request_change(
            operator, family, "NIK", family.collector, Wanted({}, "6371014105900007"), "KTP baru",
            Proof("dilihat", "ktp.pdf", "application/pdf", b"%PDF-1.7 uji"),
        )  # fmt: skip
    return server.get_uri(own_database)


def found(address, key_file=None):
    key_file = key_file or settings.KEY_FILE
    return {told.check: told.examples for told in verify(address, key_file=key_file) if told.wrong}


def test_it_works(books):
    assert found(books) == {}
    assert CHECK in {told.check for told in verify(books, key_file=settings.KEY_FILE)}


def test_without_the_keys_nothing_is_opened(books, tmp_path):
    assert CHECK not in {told.check for told in verify(books, key_file=tmp_path / "none.json")}


ONE = "where ctid = (select ctid from {0} limit 1)"
DAMAGE = {
    "a nik is that of another": """update registry_member m set nik_sealed = o.nik_sealed from registry_member o
        where o.id <> m.id""",
    "all that is said of a nik is that of another": """update registry_member m set (nik_sealed, nik_index, nik_last4) =
        (o.nik_sealed, o.nik_index, o.nik_last4) from registry_member o where o.id <> m.id""",
    "an index is another": f"update registry_member set nik_index = substr(sha256(''), 1, 16) {ONE}",
    "an index is gone": f"update registry_member set nik_index = null {ONE}",
    "digits are others": f"update registry_account set account_last3 = '999' {ONE}",
    "a channel is another": f"update payments_payment set channel = 'BNI' {ONE}",
    "an account is emptied": f"update payments_payment set account_sealed = '' {ONE}",
    "a nik is cut": f"update payments_payment set nik_sealed = substr(nik_sealed, 1, 30) {ONE}",
    "a paper is emptied": f"update registry_changeevidence set file_sealed = '' {ONE}",
    "what was asked for is another": f"update registry_changerequest set identifier_tail = '0000' {ONE}",
    "a key nobody has": f"update registry_account set account_sealed = set_byte(account_sealed, 1, 99) {ONE}",
}


@pytest.mark.parametrize("told", DAMAGE)
def test_what_does_not_fit_its_place_index_or_digits_is_found(books, told):
    with psycopg.connect(books) as con:
        con.execute("set session_replication_role = replica")
        con.execute("drop index member_nik_once; drop index account_one_family")
        statement = DAMAGE[told]
        con.execute(statement.format(statement.split()[1]))
    assert CHECK in found(books)


def test_a_file_outside_the_database_is_looked_at_too(own_database, server, settings, tmp_path):
    settings.DATA_DIR, settings.FILES = tmp_path, "disk"
    operator = Cast()("DISTRICT_OPERATOR")
    make_cycle((("6371011001", "BRI", 225_000),))
    with in_territory(operator):
        family = Family.objects.select_related("collector").first()
        paper = Proof("dilihat", "ktp.pdf", "application/pdf", b"%PDF-1.7 uji")
        request_change(operator, family, "NIK", family.collector, Wanted({}, "6371014105900007"), "KTP baru", paper)
    address = server.get_uri(own_database)

    def wrong():
        told = verify(address, key_file=settings.KEY_FILE, data=tmp_path)
        return [each.examples for each in told if each.check == CHECK and each.wrong]

    assert wrong() == []
    (kept,) = (path for path in (tmp_path / FOLDER).rglob("*") if path.is_file())
    content = kept.read_bytes()
    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "registry_changeevidence.file" in wrong()[0][0]
    kept.unlink()
    assert "registry_changeevidence.file" in wrong()[0][0]
