"""A staged list goes into the registry as it was staged, sealed for its rows, or not at all."""

from shutil import copy
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection

from gandeng.accounts.acting import in_territory
from gandeng.audit import sealing
from gandeng.audit.sealing import Place, add_version, unseal, version_of
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.actions.lists import _fill
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Account, Intake, Member
from gandeng.registry.snapshots import ACCOUNT_SEALS, MEMBERS, NIK_SEALS
from gandeng.registry.staging import _fresh_ids, fill_incoming, folder_of
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables, taken
from gandeng.registry.tests.test_lists import own_folder, read_here

__all__ = ["own_folder", "read_here"]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district")


@pytest.fixture
def intake(cast, district):
    """The whole district as a list, for a registry that has nobody yet."""
    families, members = tables(district)
    return taken(cast("DISTRICT_OPERATOR", "6371"), families, members)


@pytest.fixture
def apply(cast, intake):
    coordinator = cast("DISTRICT_COORDINATOR", "6371")

    def applied():
        with in_territory(coordinator):
            KINDS["registry.apply"](coordinator, QUIET, {"intake": str(intake.pk)})

    return applied


def _opened():
    """Every identifier of the registry, opened in its place."""
    with in_territory(EVERYWHERE):
        niks = {row.member_no: unseal(row.nik_sealed, Place("registry_member", "nik", str(row.pk)))
                for row in Member.objects.all()}  # fmt: skip
        accounts = {row.family.family_no: unseal(row.account_sealed, Place("registry_account", "account", str(row.pk)))
                    for row in Account.objects.filter(valid_until=None).select_related("family")}  # fmt: skip
    return niks, accounts


def test_it_works(apply, district):
    families, members = tables(district)
    apply()
    niks, accounts = _opened()
    assert niks == {row["member_id"]: row["nik"] for row in members}
    assert accounts == {row["family_id"]: row["account_no"] for row in families}


def test_a_nik_that_changed_is_sealed_for_the_member_who_is_there(district, intake):
    """The registry was loaded since the list was staged: its rows have other ids, and one another NIK."""
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    changed = tables(district)[1][0]
    with in_territory(EVERYWHERE):
        member = Member.objects.get(member_no=changed["member_id"])
        Member.objects.filter(pk=member.pk).update(nik_index=b"another")
        fill_incoming(intake.pk, QUIET, digest=intake.preview["staged"])
        with connection.cursor() as cursor:
            cursor.execute("select member_no, id, nik_sealed from incoming_member where nik_sealed <> ''")
            rows = cursor.fetchall()
    assert [(number, own) for number, own, _ in rows] == [(member.member_no, member.pk)]
    assert unseal(bytes(rows[0][2]), Place("registry_member", "nik", str(member.pk))) == changed["nik"]


def test_what_an_older_key_sealed_is_sealed_anew(apply, district, tmp_path, monkeypatch):
    path = tmp_path / "keys.json"
    copy(settings.KEY_FILE, path)
    add_version(path)
    monkeypatch.setattr(settings, "KEY_FILE", path)
    newest = sealing.keys().newest
    apply()
    niks, _ = _opened()
    assert niks == {row["member_id"]: row["nik"] for row in tables(district)[1]}
    with in_territory(EVERYWHERE):
        versions = {version_of(bytes(row.nik_sealed)) for row in Member.objects.exclude(nik_index=None)}
        versions |= {version_of(bytes(row.account_sealed)) for row in Account.objects.exclude(account_index=None)}
    assert versions == {newest}


def test_it_refuses_rows_that_were_changed(apply, intake):
    path = folder_of(intake.pk) / MEMBERS
    told = pq.read_table(path)
    names = pa.array(["Orang Lain", *told.column("name").to_pylist()[1:]])
    pq.write_table(told.set_column(told.column_names.index("name"), "name", names), path)
    with pytest.raises(WorkRefused, match="bukan lagi yang diunggah"):
        apply()


@pytest.mark.parametrize(("name", "column"), [(NIK_SEALS, "nik_sealed"), (ACCOUNT_SEALS, "account_sealed")])
def test_it_refuses_seals_that_were_moved(apply, intake, name, column):
    path = folder_of(intake.pk) / name
    told = pq.read_table(path)
    first, second, *rest = told.column(column).to_pylist()
    pq.write_table(told.set_column(1, column, pa.array([second, first, *rest])), path)
    with pytest.raises(WorkRefused, match="bukan lagi yang diunggah"):
        apply()


def test_it_refuses_a_seal_that_is_gone(apply, intake):
    path = folder_of(intake.pk) / NIK_SEALS
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(WorkRefused, match="bukan lagi yang diunggah"):
        apply()


def test_it_refuses_a_list_of_a_release_without_digests():
    with pytest.raises(WorkRefused, match="unggah lagi"):
        _fill(Intake(preview={}), QUIET)


def test_ids_are_in_order_and_of_version_7():
    ids = _fresh_ids(10_000)
    assert ids == sorted(set(ids))
    assert {UUID(one).version for one in ids} == {7}
    assert {UUID(one).variant for one in ids} == {"specified in RFC 4122"}
