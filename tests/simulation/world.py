"""Two districts, two channels, a dozen families, fifteen people; and copies of that world at any stage of a cycle."""

import copy
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
from django.conf import settings
from django.db import connections
from django_scopes import scopes_disabled

from conftest import MIGRATED, OURS, SHARED, use_database
from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant
from gandeng.accounts.models import Person as StoredPerson
from gandeng.audit.sealing import Place, unseal
from gandeng.office import database
from gandeng.payments import actions
from gandeng.registry.models import Account
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from tests.simulation import bank
from tests.simulation.office import Office, quiet
from tests.simulation.oracle import CHANNELS, DISTRICTS, Model, Person

PEOPLE = {
    "officer": [("PROVINCE_OFFICER", "63", "")],
    "second officer": [("PROVINCE_OFFICER", "63", "")],
    "province head": [("PROVINCE_HEAD", "63", "")],
    "officer and head": [("PROVINCE_OFFICER", "63", ""), ("PROVINCE_HEAD", "63", "")],
    "head 6371": [("DISTRICT_HEAD", "6371", "")],
    "head 6372": [("DISTRICT_HEAD", "6372", "")],
    "head of both": [("DISTRICT_HEAD", "6371", ""), ("PROVINCE_HEAD", "63", "")],
    "coordinator 6371": [("DISTRICT_COORDINATOR", "6371", "")],
    "coordinator 6372": [("DISTRICT_COORDINATOR", "6372", "")],
    "operator 6371": [("DISTRICT_OPERATOR", "6371", "")],
    "bri": [("CHANNEL_OFFICER", "63", "BRI")],
    "bri 6371": [("CHANNEL_OFFICER", "6371", "BRI")],
    "pos": [("CHANNEL_OFFICER", "63", "POS")],
    "ministry": [("MINISTRY_OFFICER", "", ""), ("MINISTRY_HEAD", "", "")],
    "auditor": [("AUDITOR", "63", "")],
}
NEEDS = (
    {"pregnancy_no": 1},
    {"severe_disability": True},
    {"birth_date": date(2008, 5, 17), "school_level": "SMA"},
)
AMOUNTS = (500_000, 400_000, 333_333)
"""What each of NEEDS brings in two months of 2024."""


@dataclass
class Stage:
    """A database and a folder at one moment, and what the oracle thought then."""

    name: str
    data: Path
    office: Office


class World:
    """Makes the world once, and copies of it."""

    def __init__(self, server):
        self.server = server
        self.home = Path(tempfile.mkdtemp(prefix="simulation-", dir=SHARED))
        self.stages = {}
        self.kept_data = settings.DATA_DIR

    def build(self):
        """Take a cycle through its whole life in the usual way, keeping a copy of each stage."""
        self._use(self._copied(MIGRATED), self.home / "building")
        office = _calculated()
        officer = office.model.people["officer"]
        steps = {
            "calculated": lambda: None,
            "listed": lambda: office.make_lists(officer),
            "approved": office.approve_all,
            "instructed": lambda: office.instruct(officer),
            "reported": lambda: _reported(office),
            "districts signed": lambda: [office.sign_all(district) for district in DISTRICTS],
            "signed": lambda: office.sign_all("63"),
            "closed": lambda: office.close(officer),
            "next listed": lambda: _next_listed(office),
            "next reported": lambda: _next_reported(office),
            "next signed": lambda: [office.sign_all(region) for region in (*DISTRICTS, "63")],
            "next closed": lambda: office.close(officer),
        }
        for name, step in steps.items():
            step()
            while office.jobs:
                office.work()
            office.look()
            self._keep(name, office)
        assert [cycle.state for cycle in office.model.chain] == ["CLOSED"] * 2
        self._back()  # its folder stays: the database names files in it

    def _keep(self, name, office):
        """The database as it is, for copies."""
        connections.close_all()
        kept = self._copied(self.now)
        data = self.home / name.replace(" ", "-")
        shutil.copytree(settings.DATA_DIR, data)
        self.stages[name] = Stage(kept, data, copy.deepcopy(office))

    def _copied(self, template):
        name = f"sim_{uuid4().hex[:12]}"
        connections.close_all()
        with psycopg.connect(self.server.get_uri(), autocommit=True) as con:
            con.execute(f'create database "{name}" template "{template}" owner {database.OWNER} strategy file_copy')
        return name

    def _use(self, name, data):
        data.mkdir(parents=True, exist_ok=True)
        settings.DATA_DIR = data
        self.now = name
        use_database(self.server, name, database.APP)

    def _leave(self, name):
        connections.close_all()
        with psycopg.connect(self.server.get_uri(), autocommit=True) as con:
            con.execute(f'drop database "{name}" with (force)')

    def enter(self, stage):
        """A copy of that stage, in use from now on; gives its office."""
        kept = self.stages[stage]
        data = self.home / uuid4().hex
        shutil.copytree(kept.data, data)
        self._use(self._copied(kept.name), data)
        return copy.deepcopy(kept.office)

    def leave(self):
        """Forget the copy in use; the database of the other tests is in use again."""
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)
        self._back()

    def _back(self):
        self._leave(self.now)
        settings.DATA_DIR = self.kept_data
        use_database(self.server, OURS, database.APP)

    @contextmanager
    def at(self, stage):
        """A copy of that stage until the end of the block."""
        office = self.enter(stage)
        try:
            yield office
        finally:
            self.leave()

    @property
    def address(self):
        """The copy in use, as its owner."""
        return self.server.get_uri(self.now)


def _calculated():
    """People, families, a cycle opened, frozen and calculated by the officer."""
    people = {name: Person(name, tuple(grants)) for name, grants in PEOPLE.items()}
    ids = {name: _stored(person) for name, person in people.items()}
    wanted = {}
    for district in DISTRICTS:
        for channel in CHANNELS:
            for needs, amount in zip(NEEDS, AMOUNTS, strict=True):
                wanted[make_family(f"{district}011001", channel=channel, **needs).pk] = amount
    held = make_family("6371011001", **NEEDS[0])
    with in_territory(EVERYWHERE), scopes_disabled():
        Account.objects.filter(family=held).update(usable_from=date(2999, 1, 1))
    waits = _facts({held.pk: AMOUNTS[0]}).values()
    office = Office(None, ids, Model(people, _facts(wanted), "officer", waits=waits))
    officer = office.acting(people["officer"])
    with in_territory(officer):
        cycle = actions.open_cycle(officer, 2024, 2, None, "63")
        for step in (actions.freeze, actions.calculate):
            step(officer, cycle, quiet)
    office.shelves[0].cycle_id = cycle.pk
    return office


def _stored(person):
    stored = StoredPerson.objects.create(name=person.name)
    for role, region, channel in person.grants:
        Grant.objects.create(person=stored, role=role, region_code=region, channel=channel, valid_from=date(2024, 1, 1))
    return stored.pk


def _facts(wanted):
    """What the bank will be told of each payment, by its id. The amounts are ours, not the calculation's."""
    facts = {}
    with in_territory(EVERYWHERE):
        for account in Account.objects.select_related("family__collector").filter(family__in=wanted):
            family, member = account.family, account.family.collector
            nik = unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
            number = unseal(account.account_sealed, Place("registry_account", "account", str(account.pk)))
            payment_id = f"2024-2-{family.family_no}"
            facts[payment_id] = bank.Fact(
                payment_id, family.village_code, account.channel, wanted[family.pk], nik, number, member.name,
                family.family_no,
            )  # fmt: skip
    return dict(sorted(facts.items()))


def _reported(office):
    """Both channels report; one payment fails, one comes back, one is drawn, one row is of nobody."""
    people, facts = office.model.people, list(office.model.facts.values())
    for channel, sender in (("BRI", "bri"), ("POS", "pos")):
        mine = [fact for fact in facts if fact.channel == channel]
        rows = [bank.tell(fact) for fact in mine[1:]]
        rows.append(bank.tell(mine[0], "FAILURE", reason="F14 REKENING PASIF"))
        rows.append(bank.tell(mine[1], "REVERSAL", reason="salah rekening"))
        rows.append(bank.tell(mine[2], "WITHDRAWAL", 100_000))
        rows.append(bank.tell(mine[3]).but(payment_id="LAIN", nik="", account_no="", bank_reference=f"X-{channel}"))
        office.report(people[sender], channel, rows, name=f"{channel}.csv")


def _next_listed(office):
    """The next cycle; what the first left unsettled is taken up, of the rest something comes late."""
    people, first = office.model.people, office.model
    office.open_next(people["officer"])
    office.make_lists(people["officer"])
    office.carry_over(people["officer"])
    paid = [fact for fact in first.facts.values() if fact.channel == "BRI"][-1]
    office.report(people["bri"], "BRI", [bank.tell(paid, "REVERSAL", reason="F14 terlambat")], about=first)


def _next_reported(office):
    """Ordered, with some of the first's money again and what both held back; all arrives but one of each channel."""
    office.approve_all()
    office.instruct(office.model.people["officer"])
    office.agree_all()
    office.release()
    office.send_round(owed=True)
    _reported(office)
