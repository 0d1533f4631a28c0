"""Lists and requests from before the registry was indexed with new keys, undone and decided after."""

import pytest
from django.conf import settings

from gandeng.accounts.acting import in_territory
from gandeng.audit import sealing
from gandeng.audit.sealing import Place, add_index_version, blind, make_keys, unseal
from gandeng.jobs.work import KINDS
from gandeng.office import reindexing
from gandeng.office.indexes import LOOKED_FOR
from gandeng.office.tests.sealed_office import _read_here, _take, apply
from gandeng.registry.actions.changes import ChangeRefused, Proof, Wanted, approve_change, request_change
from gandeng.registry.loading import load_registry
from gandeng.registry.models import ChangeRequest, Intake, Member
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, small_district, tables

pytestmark = pytest.mark.django_db
NIK = "6371014101900099"
OF_THE_REGISTRY = tuple(each for each in LOOKED_FOR if each.table.startswith("registry_"))
"""What lists of families touch; indexes of staff are written by the owner alone (test_reindexing)."""


@pytest.fixture(autouse=True)
def own_keys(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "_LOOK_SECONDS", 0)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    monkeypatch.setattr(settings, "KEY_FILE", tmp_path / "keys.json")
    monkeypatch.setattr("gandeng.registry.actions.lists.take_all", _read_here)
    monkeypatch.setattr(reindexing, "LOOKED_FOR", OF_THE_REGISTRY)
    make_keys(settings.KEY_FILE)


def reindexed():
    """As the command does it."""
    version = add_index_version(settings.KEY_FILE)
    with in_territory(EVERYWHERE):
        return reindexing._all(version, QUIET)


def numbers():
    """NIK of every member; each is found by today's key."""
    with in_territory(EVERYWHERE):
        told = {}
        for member in Member.objects.exclude(nik_index=None):
            nik = unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
            assert bytes(member.nik_index) == blind("nik", nik)
            told[member.member_no] = nik
        return told


def test_a_list_applied_before_is_undone_after(operator, coordinator, tmp_path):
    district = small_district(tmp_path / "district", families=9)
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    before = numbers()
    families, members = tables(district)
    members[4]["nik"] = NIK
    intake = _take(operator, families, members)
    apply(coordinator, intake)
    assert reindexed()["registry_member.nik_index"] == len(before)
    assert NIK in numbers().values()
    with in_territory(coordinator):
        KINDS["registry.undo"](coordinator, QUIET, {"intake": intake, "reason": "Daftar yang salah"})
    assert numbers() == before


def test_a_list_taken_after_names_as_changed_what_is(operator, tmp_path):
    district = small_district(tmp_path / "district", families=9)
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    reindexed()
    families, members = tables(district)
    members[4]["nik"] = NIK
    intake = _take(operator, families, members)
    with in_territory(operator):
        told = Intake.objects.get(pk=intake).preview["counts"]
    assert (told["families"]["account"], told["members"]["nik"]) == (0, 1)


def test_a_request_that_waited_is_still_told_whose_number_it_is(operator, coordinator):
    family, holder = make_family(), make_family(nik=NIK)
    with in_territory(EVERYWHERE):
        Member.objects.filter(family=holder).update(nik_index=None)
    with in_territory(operator):
        member = Member.objects.get(family=family)
        proof = Proof("KTP", "ktp.pdf", "application/pdf", b"%PDF-1.4 uji")
        change = request_change(operator, family, "NIK", member, Wanted({}, NIK), "Salah ketik", proof)
    with in_territory(EVERYWHERE):
        Member.objects.filter(family=holder).update(nik_index=blind("nik", NIK))
    assert reindexed()["registry_changerequest.identifier_index"] == 1
    with in_territory(coordinator):
        change = ChangeRequest.objects.get(pk=change.pk)
    with in_territory(coordinator), pytest.raises(ChangeRefused, match=holder.family_no):
        approve_change(coordinator, change, "Sesuai bukti")
