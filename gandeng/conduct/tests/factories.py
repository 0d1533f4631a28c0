"""An invented case and the people of it; a code of ethics; a clarification."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.models import Person
from gandeng.conduct.actions import cases, clarifications, steps
from gandeng.conduct.actions import code as codes
from gandeng.conduct.case_queries import access_case
from gandeng.conduct.models import Case, Clarification, Code
from gandeng.facilitators.models import Staff
from gandeng.facilitators.tests.factories import make_staff

WHAT = "Kartu KKS keluarga dipegangnya sejak Mei, kata tetangga"
SOURCE = "Ibu Wartini, telepon 0811-000-111"
ARTICLES = ("Tidak memegang kartu keluarga.", "Tidak menerima hadiah.\nDari siapa pun.")


@dataclass
class People:
    """Everybody around one case in a district."""

    accused: Acting
    staff: Staff
    lead: Acting
    coordinator: Acting
    reporter: Acting
    head: Acting
    investigator: Acting
    province: Acting
    auditor: Acting


def make_people(cast, region: str = "6371", *, name: str = "Pendamping Terlapor") -> People:
    """A facilitator and her line, who reports her, who handles it."""
    accused = cast("FACILITATOR", f"{region}011001", name=name)
    lead = cast("SUB_DISTRICT_LEAD", f"{region}01", name=f"Ketua Tim {region}")
    staff = make_staff(region, person=Person.objects.get(pk=accused.person_id), home=f"{region}01")
    make_staff(region, person=Person.objects.get(pk=lead.person_id), home=f"{region}01", role="SUB_DISTRICT_LEAD")
    return People(
        accused, staff, lead, cast("DISTRICT_COORDINATOR", region), cast("HELPDESK", region, name="Pelapor Rahasia"),
        cast("DISTRICT_HEAD", region, name="Kepala Uji"), cast("DISTRICT_OPERATOR", region, name="Pemeriksa Uji"),
        cast("PROVINCE_HEAD", region[:2], name="Provinsi Uji"), cast("AUDITOR", region),
    )  # fmt: skip


def report(people: People, *, what: str = WHAT, paper: cases.Paper | None = None) -> Case:
    """The helpdesk reports the facilitator."""
    with in_territory(people.reporter):
        told = cases.Report(uuid4(), "CARD", date(2024, 5, 3), what, SOURCE, paper)
        return cases.report(people.reporter, people.staff, told)


def act(acting: Acting, case: Case, what, *arguments):
    """One deed by somebody."""
    with in_territory(acting):
        return what(acting, access_case(acting, case.pk), *arguments)


def said(text: str = "Kalimat perkara") -> steps.Said:
    """Words of a step."""
    return steps.Said(text)


def opened(people: People, **how) -> Case:
    """Taken by the head, who decides; an operator investigates."""
    case = report(people, **how)
    act(people.head, case, cases.take)
    act(people.head, case, cases.appoint, "DECIDER", Person.objects.get(pk=people.head.person_id))
    act(people.head, case, cases.appoint, "INVESTIGATOR", Person.objects.get(pk=people.investigator.person_id))
    return case


def heard(people: People, **how) -> Case:
    """And heard."""
    case = opened(people, **how)
    act(people.investigator, case, steps.call, said("Undangan dinas"), timezone.localdate())
    act(people.investigator, case, steps.hear, said("Ia mengakui"), timezone.localdate())
    return case


def decided(people: People, outcome: str = "WRITTEN_WARNING", *, until: date | None = None, **how) -> Case:
    """And decided."""
    case = heard(people, **how)
    act(people.head, case, steps.decide, said("Putusan dinas"), steps.Decision(outcome, False, until))
    return case


def make_code(acting: Acting, region: str = "", day: date | None = None, articles=ARTICLES) -> Code:
    """A version from today on."""
    with in_territory(acting):
        text = codes.Text(region, "Kode Etik SDM PKH", "Perdirjen Uji 1/2026", articles, day or timezone.localdate())
        return codes.enter(acting, text)


def make_clarification(acting: Acting, region: str = "6371", claim: str = "Bantuan dihentikan bulan depan"):
    """In force for a month."""
    until = timezone.localdate() + timedelta(days=30)
    text = clarifications.Text(region, claim, "Tidak benar. Tahap berjalan seperti biasa.", "Siaran pers", until)
    with in_territory(acting):
        made: Clarification = clarifications.publish(acting, text)
        return made
