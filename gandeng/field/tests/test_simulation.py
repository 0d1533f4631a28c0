"""Sixty worlds of phones: partitions, repeats, other orders, lost answers, wrong clocks, reassignment, revocation.

At the end of each: what was sent = accepted + refused + conflict + quarantined, each once, and the packages' tables
hold the accepted ones and no other.
"""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.commitments import judging
from gandeng.commitments.models import Sheet, Step
from gandeng.commitments.queries import quarters
from gandeng.commitments.tests.factories import SIGNED, at_school, decided, make_facility, months, placed, recorded
from gandeng.facilitators.actions.caseload import hand_over
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.family_sessions.models import AbsenceNote, Meeting
from gandeng.family_sessions.tests.factories import make_group
from gandeng.field.actions.deciding import DecisionRefused, accept, reject
from gandeng.field.models import Device, Entry, EntryDecision, Visit
from gandeng.field.reading import digest
from gandeng.field.tests.factories import VILLAGE, Phone, a_change, a_meeting, a_sheet, a_visit, accompanying, staff_of
from gandeng.graduation.models import Step as GraduationStep
from gandeng.graduation.published import items_of
from gandeng.graduation.tests.factories import STROKES, opened
from gandeng.helpdesk.models import Case
from gandeng.registry.models import ChangeRequest, Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
WORLDS, STEPS = 60, 10
SCHOOLS = ("", "SD", "SMP", "SMA")


class Carried(Phone):
    """A phone with a queue; what the server said of each entry it never says otherwise."""

    def begin(self, chance, told):
        self.chance, self.told, self.queue = chance, told, []
        entered = self.enter().status_code in (200, 201)
        self.carried = self.carry() if entered else {}
        self.families = self.carried.get("families", [])
        self.dead = not entered

    def record(self):
        """Something, now and then wrong, or under an id that was used."""
        family, roll = self.chance.choice(self.families), self.chance.random()
        day = (timezone.localdate() + max(self.ahead, timedelta())).isoformat()
        if roll > 0.6 and (entry := self._of_the_newer_kinds(family, day)):
            pass
        elif roll < 0.25:
            member, level = self.chance.choice(family["members"]), self.chance.choice(SCHOOLS)
            body = a_change(member, fields={"member": member["id"], "school_level": level})
            entry = self.entry("registry.change", family, body)
        elif roll < 0.35:
            entry = self.entry("field.visit", family, a_visit(purpose="X"))
        elif roll < 0.42:
            entry = self.entry("masa.depan", family, {})
        elif roll < 0.5 and self.queue:
            entry = self.chance.choice(self.queue) | {"body": a_visit(on_day=day, note=f"lain {roll}")}
        else:
            entry = self.entry("field.visit", family, a_visit(on_day=day))
        self.queue.append(entry)

    def _of_the_newer_kinds(self, family, day):
        """A meeting, an absence, a sheet, a decision told or objected to, a complaint; None where there is none."""
        one_of, carried = self.chance.choice, self.carried
        kind = one_of(("meet", "meet", "ask", "sheet", "sheet", "step", "tell", "leave", "leave"))
        if kind == "meet" and carried["groups"]:
            group = one_of(carried["groups"])
            states = [one_of(("PRESENT", "ABSENT", "EXCUSED", "X")) if self.chance.random() < 0.4 else "PRESENT"
                      for _ in group["families"]]  # fmt: skip
            told = a_meeting(group, states, session_code=one_of(carried["sessions"])["code"], on_day=day)
            return self.about("family_sessions.meet", told)
        if kind == "ask" and carried["absences"]:
            absence = one_of(carried["absences"])
            body = {"attendance": absence["id"], "on_day": day, "how": "VISIT", "why": one_of(("ILL", "X")),
                    "conveyed": False, "note": ""}  # fmt: skip
            return self.entry("family_sessions.ask", {"id": absence["family"], "version": ""}, body)
        if kind == "sheet" and carried["sheets"]:
            told = a_sheet(one_of(carried["sheets"]), self.chance.randint(0, 22), signed_on=day)
            return self.about("commitments.sheet", told | {"rows": told["rows"][: self.chance.randint(1, 2)]})
        if kind == "step" and (decided := [(one, each) for one in self.families for each in one["decisions"]]):
            about, decision = one_of(decided)
            body = {"decision": decision["id"], "on_day": day, "words": "Dibacakan di rumahnya"}
            return self.entry(one_of(("commitments.told", "commitments.appeal")), about, body)
        if kind == "leave" and (leaving := [one for one in self.families if one["graduation"]]):
            return self._of_graduation(one_of(leaving), day)
        if kind == "tell":
            body = {"kind": one_of(("QUESTION", "LEVY", "X")), "words": "Uang bulan ini belum masuk"}
            return self.entry("helpdesk.tell", family, body)
        return None

    def _of_graduation(self, family, day):
        """Checklist, visit or the family's statement."""
        answer, what = self.chance.choice, self.chance.choice(("checklist", "visit", "statement"))
        told = {
            "checklist": {"answers": dict.fromkeys(items_of("INDEPENDENT"), answer(("YES", "NO", "X")))},
            "visit": {"result": answer(("FITS", "ABSENT", "X"))},
            "statement": {"signer": family["members"][0]["id"], "strokes": json.loads(answer((STROKES, "[]")))},
        }[what]
        body = {"case": family["graduation"]["case"], "on_day": day, "words": "Uji di rumahnya"} | told
        return self.entry(f"graduation.{what}", family, body)

    def sync(self, *, fair=False):
        """A part of the queue, in any order, some twice; the answer may be lost, or the phone found revoked."""
        some = self.queue if fair else self.chance.sample(self.queue, self.chance.randint(0, len(self.queue)))
        sent = [*some, *(one for one in some if self.chance.random() < 0.3)]
        self.chance.shuffle(sent)
        for at in range(0, len(sent), 50):
            answer = self.post("kirim", {"device": self.id, "entries": sent[at : at + 50]})
            if answer.status_code == 410:
                self.queue, self.dead = [], True
                return
            for entry, said in zip(sent[at : at + 50], answer.json()["entries"], strict=True):
                self._hear(entry, {name: value for name, value in said.items() if name != "decided"})
        if fair or self.chance.random() < 0.7:
            done = {digest(one) for one in sent}
            self.queue = [one for one in self.queue if digest(one) not in done]

    def _hear(self, entry, said):
        key = (entry["id"], digest(entry))
        assert self.told.setdefault(key, said) == said, "said otherwise the second time"


def rows(model):
    with in_territory(EVERYWHERE):
        return list(model.objects.all())


@pytest.fixture
def land(cast, coordinator, operator, client_of, monkeypatch):
    """Two villages, two facilitators who have one each with a group and a school, and browsers of theirs."""
    monkeypatch.setattr(judging, "months_of", lambda _cycle: 3)
    people, villages = [], (VILLAGE, "6371011002")
    for village in villages:
        for _ in range(3):
            make_family(village, members=2)
        people.append(accompanying(cast, coordinator, village))
        make_group(people[-1], staff_of(people[-1]), name=village, village=village)
        school = make_facility(operator, village, name=f"SDN {village}")
        with in_territory(EVERYWHERE):
            pupils = [at_school(one.collector) for one in Family.objects.filter(village_code=village)[:2]]
        with in_territory(EVERYWHERE):
            leaving = Family.objects.filter(village_code=village).order_by("-family_no")[0]
        opened(people[-1], leaving, "INDEPENDENT")
        for one in pupils:
            placed(operator, one, school, since=date(timezone.localdate().year - 1, 1, 1))
        last = quarters(timezone.localdate())[1]
        recorded(operator, school, {pupils[0]: months(9)}, quarter=last, signed=replace(SIGNED, signed_on=last.ends))
        for other in villages:
            if other != village:
                cast("FACILITATOR", other, person=Person.objects.get(pk=people[-1].person_id))
    decided(coordinator)
    return people, [client_of(one) for one in people]


def reassign(chance, coordinator, people):
    """All of one to the other, from today on; the other way where the first has none."""
    one, other = map(staff_of, chance.sample(people, 2))
    for giver, taker in ((one, other), (other, one)):
        try:
            with in_territory(coordinator):
                hand_over(coordinator, giver, taker, day=timezone.localdate(), reason="Uji")
        except CaseloadRefused:
            continue
        return


def decide_some(chance, people):
    for row in rows(Entry):
        if row.state in ("CONFLICT", "QUARANTINED") and chance.random() < 0.3:
            who = chance.choice(people)
            with in_territory(who):
                entry = Entry.objects.get(pk=row.pk)
                try:
                    (accept if chance.random() < 0.5 else reject)(who, entry, "Uji keputusan")
                except DecisionRefused:
                    continue


def live(seed, land, operator, coordinator):
    """One world from its beginning to the last answer; gives what was said by id and content."""
    chance, told = random.Random(seed), {}
    people, browsers = land
    phones = [
        Carried(chance.choice(browsers), ahead=timedelta(days=chance.choice((0, 0, 0, 365, -365, 4000))))
        for _ in range(chance.randint(2, 3))
    ]
    for phone in phones:
        phone.begin(chance, told)
    for _ in range(STEPS):
        phone = chance.choice(phones)
        if phone.families and not phone.dead:
            phone.record()
        if chance.random() < 0.3:
            chance.choice(phones).sync()
        if chance.random() < 0.04:
            Device.objects.filter(pk=phone.id, revoked_at=None).update(
                revoked_at=timezone.now(), revoked_by_id=coordinator.person_id, share_sealed=b""
            )
    if seed % 4 == 0:
        reassign(chance, coordinator, people)
    for phone in phones:
        phone.sync(fair=True)
        phone.sync(fair=True)
    decide_some(chance, [operator])
    Device.objects.filter(revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by_id=coordinator.person_id, share_sealed=b""
    )
    return told


NEWER = {
    "family_sessions.meet", "family_sessions.ask", "commitments.sheet", "commitments.told", "commitments.appeal",
    "helpdesk.tell", "graduation.checklist", "graduation.visit", "graduation.statement",
}  # fmt: skip


def test_sent_is_accepted_and_refused_and_conflict_and_quarantined_each_once(land, operator, coordinator, cast):
    told = {}
    for seed in range(WORLDS):
        told |= live(seed, land, operator, coordinator)
    kept = rows(Entry)
    states = Counter(one["state"] for one in told.values())
    assert set(states) == {"ACCEPTED", "REFUSED", "CONFLICT", "QUARANTINED"}, "each happened"
    assert {(str(one.entry_id), one.digest): one.state for one in kept} == {
        key: one["state"] for key, one in told.items()
    }
    assert len(kept) == len(told) == sum(states.values())
    stand = [one for one in kept if one.state == "ACCEPTED"]
    accepted = {one.entry_id: one for one in rows(EntryDecision) if one.accepted}
    let_stand = [one for one in kept if one.pk in accepted]

    def became(*kinds):
        """Ids of what became of entries of these kinds."""
        told = [one for one in (*stand, *let_stand) if one.kind in kinds]
        return {one.entry_id if one.first else one.pk for one in told}

    typed = {one.pk for one in rows(Sheet)} - became("commitments.sheet")
    assert {one.pk for one in rows(Visit)} == became("field.visit")
    assert {one.pk for one in rows(Meeting)} == became("family_sessions.meet")
    assert {one.pk for one in rows(AbsenceNote)} == became("family_sessions.ask")
    assert {one.pk for one in rows(GraduationStep)} == became(*(one for one in NEWER if one.startswith("graduation.")))
    assert became("commitments.sheet") <= {one.pk for one in rows(Sheet)}
    assert len(typed) == 2, "those the office typed before"
    assert len(rows(Step)) == len(became("commitments.told", "commitments.appeal"))
    with in_territory(cast("MINISTRY_HEAD", "")):
        found = list(Case.objects.all())
    assert len(found) == len(became("helpdesk.tell"))
    assert {one.pk for one in found if not one.sensitive} <= became("helpdesk.tell")
    assert {one.kind for one in kept} >= NEWER, "each was sent"
    asked = [one for one in (*stand, *let_stand) if one.kind == "registry.change"]
    results = {one.result or accepted[one.pk].result for one in asked}
    assert len(results) == len(asked) == len(rows(ChangeRequest))
