"""The office: each act is done on the product and on the oracle at once, and both must say the same of it.

Acts that go beyond one cycle are in `office_after`, those about the treasury in `office_treasury`.
"""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused, ask_to_stop
from gandeng.payments import actions
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.reconciliation.actions import exceptions, statements
from gandeng.reconciliation.actions.exceptions import NotPossible
from gandeng.reconciliation.actions.files import NotReceived, Typed, ask_withdrawal, receive_file
from gandeng.reconciliation.actions.statements import NotReady
from gandeng.reconciliation.models import ExceptionCase, ReissueRequest, ResultFile, Statement
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation import bank, books
from tests.simulation.office_after import AfterActs
from tests.simulation.office_treasury import TreasuryActs

NO = (WorkRefused, NotReceived, NotPossible, NotReady, PermissionDenied, Http404)
"""How the product says no; anything else that is raised is a fault."""
ADDRESS = "https://contoh.test/periksa/"


def quiet(step, done=0, total=0):
    """Nobody watches."""


@dataclass
class Shelf:
    """A cycle in the database and in the oracle: ids of its files and statements in the order they came."""

    cycle_id: Any
    model: Any
    file_ids: list = field(default_factory=list)
    statement_ids: list = field(default_factory=list)
    seen_roots: dict = field(default_factory=dict)
    """Key of a list -> every (content, root) there ever was, the newest last."""


class Office(AfterActs, TreasuryActs):
    """Cycles in a database of their own, the last of them in work, and what plain Python thinks of them."""

    def __init__(self, cycle_id, ids, model):
        self.ids = ids
        self.shelves = []
        self.begin(cycle_id, model)
        self.jobs = []
        """Who, job, (what, of what, in which cycle)."""
        self.accounts = {}
        """Family -> its account, where it has another than at first."""
        self.deposit_ids = []
        """Of deposits, in the order they came."""
        self.closed_as = None
        """Every row when a cycle was closed last."""

    def begin(self, cycle_id, model):
        """From now on that cycle is the one in work."""
        self.shelves.append(Shelf(cycle_id, model))

    @property
    def model(self):
        return self.shelves[-1].model

    @property
    def cycle_id(self):
        return self.shelves[-1].cycle_id

    @property
    def file_ids(self):
        return self.shelves[-1].file_ids

    @property
    def statement_ids(self):
        return self.shelves[-1].statement_ids

    @property
    def seen_roots(self):
        return self.shelves[-1].seen_roots

    def acting(self, who):
        return acting_for(self.ids[who.name], timezone.localdate())

    def cycle(self, model=None):
        """The one in work, or the one of that oracle."""
        shelf = next(each for each in self.shelves if each.model is (model or self.model))
        return Cycle.objects.get(pk=shelf.cycle_id)

    def does(self, who, against, act):
        """Do it as the person; True where it was done. It must be done exactly where nothing is `against` it."""
        acting = self.acting(who)
        try:
            with in_territory(acting), transaction.atomic():
                given = act(acting)
        except NO as no:
            assert against, f"{who.name} was refused, though it is allowed: {type(no).__name__} {no}"
            return None
        assert not against, f"{who.name} did what is not allowed: {against}"
        return given or True

    def look(self):
        """Everything the product says, held against the oracle."""
        books.compare(self)

    # -- lists --

    def begin_again(self, who):
        def act(acting):
            actions.freeze(acting, self.cycle(), quiet)
            actions.calculate(acting, self.cycle(), quiet)

        if self.does(who, self.model.against_begin_again(who), act):
            self.model.begin_again(who)

    def make_lists(self, who):
        if self.does(who, self.model.against_make_lists(who), lambda a: actions.make_lists(a, self.cycle(), quiet)):
            self.model.make_lists()
            self.note_roots()

    def note_roots(self):
        """What people see on their pages from now on."""
        with in_territory(EVERYWHERE):
            for each in PaymentList.objects.filter(cycle_id=self.cycle_id, payments__gt=0):
                key = books.key_of(each)
                told = (self.model.lists[key].content, each.root)
                known = self.seen_roots.setdefault(key, [])
                if told in known:
                    known.remove(told)
                known.append(told)
        roots = [told for known in self.seen_roots.values() for told in known]
        assert len({root for _, root in roots}) == len({content for content, _ in roots}) == len(roots), roots

    def _list(self, each):
        return PaymentList.objects.select_related("cycle").get(
            cycle_id=self.cycle_id, district_code=each.district, channel=each.channel, round=each.round
        )

    def say_yes(self, who, place, level, seen=None):
        """`seen` is a (content, root) of some day."""
        each = self.model.lists[place]
        content, root = seen or self.seen_roots[place][-1]
        with in_territory(EVERYWHERE):
            found = self._list(each)

        def act(acting):
            if level == "PREPARE":
                return actions.submit_list(acting, found, root)
            return actions.approve_list(acting, found, level, root)

        if self.does(who, self.model.against_yes(who, each, level, content), act):
            self.model.say_yes(who, each, level)

    def refuse(self, who, place, seen=None):
        each = self.model.lists[place]
        content, root = seen or self.seen_roots[place][-1]
        with in_territory(EVERYWHERE):
            found = self._list(each)
        against = self.model.against_refusal(who, each, content)
        if self.does(who, against, lambda a: actions.refuse_list(a, found, "salah baca", root)):
            self.model.refuse(each)
            self.note_roots()

    def instruct(self, who):
        if self.does(who, self.model.against_instruct(who), lambda a: actions.instruct(a, self.cycle(), quiet)):
            self.model.instruct()

    # -- files --

    def receive(self, who, channel, region, rows, *, typed=None, name="hasil.csv", about=None):
        """Upload; the reading waits in the queue. `about` is a closed cycle, where it is not the one in work."""
        rows = tuple(rows)
        typed = typed or (len(rows), bank.total(rows))
        about = None if about is self.model else about
        against = self.model.against_receiving(who, channel, region, rows, about)

        def act(acting):
            sent, cycle = SimpleUploadedFile(name, bank.content(rows)), self.cycle(about)
            return receive_file(acting, cycle, sent, channel=channel, region=region, typed=Typed(*typed))

        if given := self.does(who, against, act):
            stored, job = given
            file = self.model.receive(who, channel, region, rows, typed, about)
            if file.no == len(self.file_ids):
                self.file_ids.append(stored.pk)
            assert self.file_ids[file.no] == stored.pk
            self.jobs.append((who, job, ("read", file, self.model)))
            return file
        return None

    def withdraw(self, who, file):
        """Asked for; the withdrawal waits in the queue."""
        with in_territory(EVERYWHERE):
            stored = ResultFile.objects.select_related("cycle").get(pk=self.file_ids[file.no])
        against = self.model.against_withdrawal(who, file)
        if job := self.does(who, against, lambda a: ask_withdrawal(a, stored, "salah berkas")):
            self.jobs.append((who, job, ("withdraw", file, self.model)))

    def work(self, place=0):
        """The worker takes one job of the queue."""
        if not self.jobs:
            return
        who, job, (what, thing, model) = self.jobs.pop(place % len(self.jobs))
        against, done = {
            "read": lambda: (model.against_reading(thing), lambda: model.read(thing)),
            "withdraw": lambda: self._withdrawing(who, thing, model),
            "minutes": lambda: ("void" if thing.void else "", lambda: setattr(thing, "minutes", True)),
        }[what]()

        def act(acting):
            KINDS[job.kind](acting, quiet, job.arguments)
            Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)

        if what == "read":
            thing.waits = False
        if self.does(who, against, act):
            done()
        else:
            Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)

    def stop(self, place):
        """The owner stops a reading before the worker comes to it."""
        readings = [each for each in self.jobs if each[2][0] == "read"]
        if not readings:
            return
        stopped = readings[place % len(readings)]
        ask_to_stop(stopped[1])
        self.jobs.remove(stopped)
        stopped[2][1].waits = False

    def _withdrawing(self, who, file, model):
        if file.state == "WITHDRAWN":  # somebody was quicker
            return "", lambda: None
        return model.against_withdrawal(who, file), lambda: model.withdraw(file)

    def report(self, who, channel, rows, *, region="63", **told):
        """Sent and read at once."""
        self.receive(who, channel, region, rows, **told)
        self.work(-1)

    # -- exceptions --

    def case(self, key):
        named = {"payment_id": key} if isinstance(key, str) else {"file_id": self.file_ids[key[0]], "row": key[1] + 1}
        if isinstance(key, str):
            named["row__isnull"] = True
        with in_territory(EVERYWHERE):
            cases = ExceptionCase.objects.select_related("cycle", "payment", "file")
            return cases.get(cycle_id=self.cycle_id, **named)

    def act(self, who, key, act, *, reason="sudah dilihat", evidence="", code="F14"):
        found = self.case(key)
        against = self.model.against_act(who, key, act, reason=reason, evidence=evidence)

        def do(acting):
            payment = self._suggested(key) if act == "ACCEPT" else None
            named = {"reason": reason, "evidence": evidence, "code": code, "payment": payment}
            return exceptions.act_on(acting, found, exceptions.Act(act), **named)

        if self.does(who, against, do):
            self.model.act(who, key, act, code)
            self.note_roots()

    def _suggested(self, key):
        """Some payment of the cycle that the row's file tells of."""
        about = None if isinstance(key, str) else self.model.files[key[0]].about
        with in_territory(EVERYWHERE):
            return Payment.objects.filter(cycle=self.cycle(about)).order_by("payment_id").first()

    def decide(self, who, reissue, *, approve):
        case = self.case(reissue.case)
        with in_territory(EVERYWHERE):
            asked = ReissueRequest.objects.select_related("exception", "exception__cycle").filter(exception=case)
            found = list(asked.order_by("asked_at"))[self._nth(reissue)]
        against = self.model.against_deciding(who, reissue, approve)
        decided = lambda a: exceptions.decide_reissue(a, found, approve=approve, reason="sesuai bukti")  # noqa: E731
        if self.does(who, against, decided):
            reissue.state = "APPROVED" if approve else "REFUSED"

    def _nth(self, reissue):
        return [each for each in self.model.reissues if each.case == reissue.case].index(reissue)

    # -- signing --

    def make_statement(self, who, region):
        against = self.model.against_making(who, region)
        if made := self.does(who, against, lambda a: statements.make_statement(a, self.cycle(), region)):
            self.statement_ids.append(made.pk)
            return self.model.make(region)
        return None

    def sign(self, who, statement, capacity, channel=""):
        with in_territory(EVERYWHERE):
            found = Statement.objects.get(pk=self.statement_ids[statement.no])
        named = {"capacity": capacity, "channel": channel, "digest": found.digest, "address": ADDRESS}
        against = self.model.against_signing(who, statement, capacity, channel)
        signed = self.does(who, against, lambda a: statements.sign(a, found, **named))
        if signed and self.model.sign(who, statement, capacity, channel):
            job = Job.objects.filter(kind="reconciliation.minutes").latest("created_at")
            self.jobs.append((who, job, ("minutes", statement, self.model)))

    def close(self, who):
        if self.does(who, self.model.against_closing(who), lambda a: actions.close_cycle(a, self.cycle())):
            self.model.close()
            self.closed_as = books.every_row()

    # -- the usual people, one after the other --

    def approve_all(self):
        """Every list as far as the usual people can take it."""
        usual = {"DRAFT": "second officer", "SUBMITTED": "head", "DISTRICT": "province head"}
        level = {"DRAFT": "PREPARE", "SUBMITTED": "DISTRICT", "DISTRICT": "PROVINCE"}
        for place, each in self.model.lists.items():
            while each.state in usual and self.model.state == "LISTED":
                name = f"head {place[0]}" if each.state == "SUBMITTED" else usual[each.state]
                before = each.state
                self.say_yes(self.model.people[name], place, level[each.state])
                if each.state == before:  # one of them was there before
                    break

    def sign_all(self, region):
        """The statement of a region, made where there is none, signed by whom it lacks."""
        people = self.model.people
        statement = next((each for each in self.model.in_force() if each.region == region), None)
        if statement is None:  # the oracle says whether one can be made
            maker = people["province head" if region == "63" else f"coordinator {region}"]
            statement = self.make_statement(maker, region)
        if statement is None:
            return
        for capacity, channel in self.model.missing(statement):
            seat = {"HEAD": f"head {region}", "COORDINATOR": f"coordinator {region}"}.get(capacity, channel.lower())
            self.sign(people["province head" if region == "63" else seat], statement, capacity, channel)
