"""The registry indexed with new keys between two stages; what was paid before is found by the old ones."""

import copy
import json
import os
import signal
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connections

from conftest import Cast, copied_database, use_database
from gandeng.accounts.acting import in_territory
from gandeng.audit import sealing
from gandeng.audit.sealing import Place, make_keys, unseal
from gandeng.facilitators.actions.identities import Numbers, record_identity
from gandeng.facilitators.tests.factories import make_staff
from gandeng.office import database, indexes, reindexing, upgrading
from gandeng.office.reindexing import Damaged, NotAtRest, reindex
from gandeng.office.tests.sealed_office import copied
from gandeng.office.upgrading import NotNow
from gandeng.office.verify import verify
from gandeng.payments.tests.steps import People, families, opened
from gandeng.reconciliation.tests.after import agreed, closed, in_force, made, sent_again
from gandeng.reconciliation.tests.world import BANJARMASIN, payments_of, send, told
from gandeng.registry.models import Member
from gandeng.registry.queries import families_with_identifier
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.runs.tests.samples import read_in_this_process
from tests.simulation.killing import killed

QUIET = lambda *_: None  # noqa: E731


class Office:
    """A stage closed: of three families two were paid, the last failed."""

    def __init__(self):
        self.cast = Cast()
        self.people, self.bank = People(self.cast), self.cast("CHANNEL_OFFICER", "6371", channel="BRI")
        self.operator, self.coordinator = self.cast("DISTRICT_OPERATOR"), self.cast("DISTRICT_COORDINATOR")
        self.families = families(*[(BANJARMASIN, "BRI")] * 3)
        self.past = made(self.people)
        first, second, third = payments_of(self.past)
        send(self.bank, self.past, [told(first), told(second), told(third, "FAILURE", "", reason="F14")])
        self.past = closed(self.people, self.past)

    def at(self, server, name):
        """In that copy of its database."""
        self.server, self.name = server, name
        return self

    def as_owner(self, act):
        """What the command does, with nobody else connected."""
        use_database(self.server, self.name, database.OWNER)
        try:
            return act()
        finally:
            use_database(self.server, self.name, database.APP)

    def wrong(self):
        """What verify finds, opening every value."""
        address = self.server.get_uri(self.name)
        found = verify(address, data=settings.DATA_DIR, key_file=settings.KEY_FILE)
        return {each.check: each.examples for each in found if each.wrong}

    def asked(self, query):
        with psycopg.connect(self.server.get_uri(self.name)) as con:
            return con.execute(query).fetchall()


@pytest.fixture(scope="module")
def filled(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once: the office, its database and its folder."""
    folder = tmp_path_factory.mktemp("office")
    with copied_database(server, django_db_blocker) as name, pytest.MonkeyPatch.context() as patch:
        read_in_this_process(patch)
        patch.setattr(settings, "DATA_DIR", folder / "data")
        patch.setattr(settings, "KEY_FILE", folder / "keys.json")
        make_keys(settings.KEY_FILE)
        office = Office()
        connections.close_all()
        yield office, name, folder


@pytest.fixture
def office(filled, server, django_db_blocker, tmp_path, monkeypatch):
    """A copy of it for one test."""
    made_once, name, folder = filled
    read_in_this_process(monkeypatch)
    monkeypatch.setattr(sealing, "_LOOK_SECONDS", 0)
    with django_db_blocker.unblock(), copied(server, name, folder, tmp_path / "own", monkeypatch) as fresh:
        use_database(server, fresh, database.APP)
        yield copy.copy(made_once).at(server, fresh)


def nik_of(family):
    with in_territory(EVERYWHERE):
        member = Member.objects.get(family=family)
        return unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))


def found_by(number):
    with in_territory(EVERYWHERE):
        return [each.family_no for each in families_with_identifier("nik", number)]


def later_keys():
    return list(json.loads(settings.KEY_FILE.read_text()).get("index_later", {}))


def test_it_works(office):
    history = "select count(*) from registry_memberevent"
    roots = "select root from payments_paymentlist order by id"
    kept = office.asked(history), office.asked(roots), office.asked("select nik_index from payments_payment order by 1")
    before = set(office.asked("select nik_index from registry_member"))
    version, done = office.as_owner(lambda: reindex(QUIET))
    assert (version, done) == (2, {"registry_member.nik_index": 3, "registry_account.account_index": 3})
    assert not before & set(office.asked("select nik_index from registry_member"))
    assert [found_by(nik_of(each)) for each in office.families] == [[each.family_no] for each in office.families]
    assert kept == (
        office.asked(history), office.asked(roots), office.asked("select nik_index from payments_payment order by 1")
    )  # fmt: skip
    assert office.as_owner(indexes.held)["payments_payment.nik_index"] == {1: 3}
    assert office.wrong() == {}
    ((facts,),) = office.asked("select facts from audit_auditentry where action = 'keys.reindexed'")
    assert facts == {"version": 2, "reindexed": dict(done)}


def test_staff_who_are_on_the_list_are_found_as_before(office):
    """Her NIK is that of a member; a card and a number that ended are indexed with the rest."""
    both = """select count(*) from registry_member m join facilitators_identity i on i.nik_index = m.nik_index
        where i.ended_at is null"""
    staff, nik = make_staff(), nik_of(office.families[0])
    with in_territory(office.operator):
        record_identity(office.operator, staff, Numbers({"nik": nik[::-1], "kk": "6371010101010001"}))
        record_identity(office.operator, staff, Numbers({"nik": nik}))
    assert office.asked(both) == [(1,)]
    _, done = office.as_owner(lambda: reindex(QUIET))
    assert (done["facilitators_identity.nik_index"], done["facilitators_identity.kk_index"]) == (2, 1)
    assert office.asked(both) == [(1,)]
    assert office.wrong() == {}


def test_the_same_number_is_refused_as_before(office):
    office.as_owner(lambda: reindex(QUIET))
    with pytest.raises(IntegrityError, match="member_nik_once"):
        make_family(nik=nik_of(office.families[0]))
    fresh = make_family()
    assert found_by(nik_of(fresh)) == [fresh.family_no]
    assert office.wrong() == {}


@pytest.mark.parametrize("named_by", [{"account_no": ""}, {"nik": ""}, {"account_no": "", "nik": ""}])
def test_a_late_answer_about_a_closed_stage_is_matched_by_its_key(office, named_by):
    office.as_owner(lambda: reindex(QUIET))
    opened(office.people, stage=3)
    first = payments_of(office.past)[0]
    own = {"payment_id": ""} if len(named_by) == 1 else {}
    send(office.bank, office.past, [told(first, "REVERSAL", day="2024-08-02", **named_by, **own)], name="telat.csv")
    assert in_force(first).outcome == "RETURNED"
    assert office.wrong() == {}


def test_the_next_stage_is_ordered_answered_and_sends_again_with_the_new_key(office):
    office.as_owner(lambda: reindex(QUIET))
    present = made(office.people, stage=3)
    paid = payments_of(present)
    send(office.bank, present, [told(each, payment_id="", account_no="") for each in paid[:2]])
    assert [in_force(each).outcome for each in paid] == ["PAID", "PAID", "UNREPORTED"]
    first = payments_of(office.past)[0]
    send(office.bank, office.past, [told(first, "REVERSAL", payment_id="", day="2024-08-02")], name="telat.csv")
    agreed(office.operator, office.coordinator, first)
    (again,) = sent_again(office.people, present)
    send(office.bank, present, [told(again, day="2024-08-20")], name="ulang.csv")
    assert in_force(again).outcome == "PAID"
    assert office.wrong() == {}


def test_it_waits_until_stages_are_closed_and_lists_decided(office, server):
    opened(office.people, stage=3)
    with pytest.raises(NotAtRest) as why:
        office.as_owner(lambda: reindex(QUIET))
    assert (why.value.code, why.value.facts) == ("stages", {"which": "2024-3"})
    assert later_keys() == []


def test_it_refuses_while_somebody_is_served_and_nothing_starts_meanwhile(office, server, monkeypatch):
    served = database.url(server, office.name, database.APP)
    monkeypatch.setattr(settings, "DATABASE_URL", served)
    with psycopg.connect(served.replace("postgres://", "postgresql://")), pytest.raises(NotNow) as why:
        office.as_owner(lambda: reindex(QUIET))
    assert why.value.code == "serving"
    assert later_keys() == []
    environment = os.environ | {
        "DATABASE_URL": served, "GANDENG_DATA": str(settings.DATA_DIR), "GANDENG_KEY_FILE": str(settings.KEY_FILE),
        "GANDENG_LANG": "en",
    }  # fmt: skip

    def ready():
        command = [sys.executable, "-W", "ignore", "-m", "gandeng.cli", "ready"]
        told = subprocess.run(command, env=environment, capture_output=True, text=True)
        return told.returncode, told.stdout + told.stderr

    meanwhile = []
    office.as_owner(lambda: reindex(lambda *_: meanwhile or meanwhile.append(ready())))
    ((code, told),) = meanwhile
    assert (code, "being brought up" in told) == (1, True), told
    assert ready() == (0, "")


def test_killed_anywhere_nothing_has_changed_and_asked_for_again_it_completes(office):
    before = office.asked("select nik_index from registry_member order by 1")

    def kill_at(moment):
        return office.as_owner(lambda: killed(lambda: reindex(QUIET), moment, home=settings.KEY_FILE.parent))

    moments = kill_at(10**9)
    assert moments > 20
    assert later_keys() == ["2"]
    after = office.asked("select nik_index from registry_member order by 1")
    assert after != before
    for moment in range(1, moments, 7):
        keys, rows = later_keys(), office.asked("select nik_index from registry_member order by 1")
        assert kill_at(moment) == -signal.SIGKILL
        now = office.asked("select nik_index from registry_member order by 1")
        if now == rows and later_keys() != keys:
            with pytest.raises(NotNow) as why:
                upgrading.ready()
            assert why.value.code == "indexed_otherwise"
        elif now != rows:
            upgrading.ready()
    version, _ = office.as_owner(lambda: reindex(QUIET))
    assert version == int(later_keys()[-1])
    upgrading.ready()
    assert [found_by(nik_of(each)) for each in office.families] == [[each.family_no] for each in office.families]
    assert office.wrong() == {}


def test_a_key_file_from_before_starts_nothing(office):
    kept = settings.KEY_FILE.read_bytes()
    office.as_owner(lambda: reindex(QUIET))
    settings.KEY_FILE.write_bytes(kept)
    with pytest.raises(NotNow) as why:
        upgrading.ready()
    assert why.value.code == "indexed_otherwise"


@pytest.mark.parametrize(
    "damage",
    ["nik_sealed = (select nik_sealed from registry_member where id <> m.id limit 1)",
     "nik_index = sha256('lain')::bytea"],
)  # fmt: skip
def test_a_damaged_number_changes_nothing(office, damage):
    with psycopg.connect(office.server.get_uri(office.name)) as con:
        con.execute("set session_replication_role = replica")
        first = "select id from registry_member order by id limit 1"
        con.execute(f"update registry_member m set {damage} where id = ({first})")
    rows = office.asked("select nik_index from registry_member order by id")
    with pytest.raises((Damaged, sealing.NoSuchVersion)):
        office.as_owner(lambda: reindex(QUIET))
    assert office.asked("select nik_index from registry_member order by id") == rows
    assert later_keys() == []
    upgrading.ready()


def test_an_older_backup_that_came_back_is_indexed_with_the_newest_key(office):
    """Its registry is of the first key, the file has a later one."""
    sealing.add_index_version(settings.KEY_FILE)
    assert office.wrong() == {}
    with pytest.raises(NotNow):
        upgrading.ready()
    assert office.as_owner(lambda: reindex(QUIET))[0] == 2
    assert later_keys() == ["2"]
    upgrading.ready()


def test_what_is_not_known_to_have_failed_keeps_its_keys(office, monkeypatch):
    """A commit whose answer is lost may have been kept."""

    class Lost:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            raise OSError("the connection is gone")

    monkeypatch.setattr(reindexing, "_all", lambda *_: {})
    monkeypatch.setattr(reindexing, "record", lambda *_, **__: None)
    monkeypatch.setattr(reindexing.transaction, "atomic", Lost)
    with pytest.raises(OSError, match="gone"):
        reindexing._kept(sealing.add_index_version(settings.KEY_FILE), QUIET)
    assert later_keys() == ["2"]
