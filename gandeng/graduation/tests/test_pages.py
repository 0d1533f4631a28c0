"""The screens: a family taken through by its facilitator and the office, and what each of them sees."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from gandeng.accounts.acting import in_territory
from gandeng.exports.tests.taking import taken
from gandeng.facilitators.tests.factories import few_queries
from gandeng.graduation import actions
from gandeng.graduation.models import Case, Paper, Step
from gandeng.graduation.moves import State
from gandeng.graduation.published import items_of, years_hoped
from gandeng.graduation.tests.factories import (
    STROKES,
    VILLAGE,
    WORDS,
    approved,
    do,
    graduated,
    opened,
    prepared,
    proposed,
    state_of,
    status_of,
    with_component,
    without_component,
)
from gandeng.payments.tests.steps import People, listed
from gandeng.payments.tests.steps import opened as opened_cycle
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(cast, client_of):
    class Made:
        operator = cast("DISTRICT_OPERATOR", "6371")
        coordinator = cast("DISTRICT_COORDINATOR", "6371")
        head = cast("DISTRICT_HEAD", "6371")
        people = People(cast)

    Made.desk, Made.chief = client_of(Made.operator), client_of(Made.coordinator)
    return Made


def _step(case, kind):
    return reverse("graduation:step", args=[case.pk, kind])


def _today():
    return timezone.localdate().isoformat()


def test_it_works_from_opening_to_letter(made):
    family = with_component()
    page = reverse("graduation:open", args=[family.pk])
    assert made.desk.get(page).status_code == 200
    assert made.desk.post(page, {"kind": "INDEPENDENT", "reason": WORDS}).status_code == 302
    with in_territory(made.operator):
        case = Case.objects.get(family=family)
    answers = {f"item_{code}": "YES" for code in items_of("INDEPENDENT")}
    for kind, typed in (
        ("CHECKLIST", {"on_day": _today(), **answers}),
        ("VISIT", {"on_day": _today(), "result": "FITS", "words": WORDS}),
        ("STATEMENT", {"on_day": _today(), "signer": str(family.collector_id), "strokes": STROKES}),
        ("PROPOSED", {"words": WORDS}),
    ):
        assert made.desk.get(_step(case, kind)).status_code == 200
        answer = made.desk.post(_step(case, kind), typed)
        assert answer.status_code == 302, answer.content.decode()
    assert "Setujui graduasi" not in made.desk.get(reverse("graduation:case", args=[case.pk])).content.decode()
    assert "Setujui graduasi" in made.chief.get(reverse("graduation:case", args=[case.pk])).content.decode()
    assert made.chief.post(_step(case, "APPROVED"), {"words": WORDS}).status_code == 302
    assert made.desk.post(_step(case, "TOLD"), {"on_day": _today(), "words": WORDS}).status_code == 302
    letter = made.desk.get(reverse("graduation:letter", args=[case.pk]))
    assert letter.content.startswith(b"%PDF")
    assert made.chief.post(_step(case, "EFFECTIVE"), {"words": ""}).status_code == 302
    assert (state_of(case), status_of(family)) == ("EFFECTIVE", "GRADUATED")
    (line,) = taken(made.desk, "graduasi", state="EFFECTIVE")[1:]
    assert line[0] == family.family_no and line[3:5] == ["Mandiri", State.EFFECTIVE.label] and WORDS not in str(line)


def test_what_was_typed_stays_where_it_was_wrong(made):
    case = opened(made.operator, with_component(), "INDEPENDENT")
    answer = made.desk.post(_step(case, "VISIT"), {"on_day": "", "result": "FITS", "words": "Rumahnya rapi"})
    assert answer.status_code == 422
    assert "Rumahnya rapi" in answer.content.decode()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = made.desk.post(_step(case, "VISIT"), {"on_day": tomorrow, "result": "FITS", "words": WORDS})
    assert "Hari itu belum tiba" in answer.content.decode()


@pytest.mark.parametrize("words", ["NIK 6371014111260001", "rekening 1234 5678 9012 345"])
def test_it_refuses_long_numbers_in_words(made, words):
    case = opened(made.operator, with_component(), "INDEPENDENT")
    typed = {"on_day": _today(), "result": "FITS", "words": words}
    assert made.desk.post(_step(case, "VISIT"), typed).status_code == 422


def test_a_photo_of_the_stamped_paper_does_as_well(made):
    family = with_component()
    case = opened(made.operator, family, "INDEPENDENT")
    out = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(out, "JPEG")
    typed = {"on_day": _today(), "signer": str(family.collector_id), "words": "Dibacakan"}
    assert made.desk.post(_step(case, "STATEMENT"), typed).status_code == 422, "neither of the two"
    assert made.desk.post(_step(case, "STATEMENT"), typed | {"strokes": "[[1]]"}).status_code == 422
    photo = SimpleUploadedFile("kertas.jpg", out.getvalue(), "image/jpeg")
    assert made.desk.post(_step(case, "STATEMENT"), typed | {"photo": photo}).status_code == 302
    with in_territory(made.operator):
        step = Step.objects.get(case=case)
        paper = Paper.objects.get(step=step)
    assert step.facts["how"] == "PHOTO"
    assert "atas kehendak sendiri" in step.words
    assert "Dibacakan" in step.words
    opened_paper = made.chief.post(reverse("graduation:paper", args=[case.pk, paper.pk]))
    assert opened_paper.content.startswith(b"\xff\xd8\xff")


def test_a_statement_of_another_case_is_not_there(made):
    one, other = (opened(made.operator, with_component(), "INDEPENDENT") for _number in range(2))
    prepared(made.operator, one)
    with in_territory(made.operator):
        paper = Paper.objects.get(step__case=one)
    assert made.desk.post(reverse("graduation:paper", args=[other.pk, paper.pk])).status_code == 404


def test_a_step_that_is_not_ones_own_is_not_there(made):
    case = proposed(made.operator, with_component(), "INDEPENDENT")
    assert made.desk.get(_step(case, "APPROVED")).status_code == 404
    assert made.desk.get(_step(case, "NONSENSE")).status_code == 404
    assert made.chief.get(_step(case, "VISIT")).status_code == 404
    assert made.chief.post(_step(case, "TOLD"), {"on_day": _today(), "words": WORDS}).status_code == 422
    assert made.desk.get(reverse("graduation:letter", args=[case.pk])).status_code == 404


def test_candidates_are_those_of_the_last_calculation_asked_anew(made):
    gone, stays, changed = without_component(), with_component(), without_component()
    listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    with in_territory(EVERYWHERE):
        changed.members.update(pregnancy_no=1)
    with few_queries():
        page = made.desk.get(reverse("graduation:candidates")).content.decode()
    assert gone.family_no in page
    assert stays.family_no not in page
    assert changed.family_no in page
    assert page.count("Tidak ada komponen") == 1, "who counts again is shown as such"
    assert page.count("bukan calon lagi") == 1
    assert "tidak menyimpan penghasilan" in page
    every = made.desk.get(reverse("graduation:candidates"), {"kind": "all"}).content.decode()
    assert stays.family_no in every


def test_years_narrow_and_decide_nothing(made):
    long, short, _paid = without_component(), without_component(), with_component()
    listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    with in_territory(EVERYWHERE):
        Family.objects.filter(pk=long.pk).update(entered_on=date(2016, 1, 1))
    page = made.desk.get(reverse("graduation:candidates"), {"years": "5"}).content.decode()
    assert long.family_no in page
    assert short.family_no not in page
    assert years_hoped().value == 5
    for wrong in ({"years": "4"}, {"kind": "x"}, {"other": "1"}):
        assert made.desk.get(reverse("graduation:candidates"), wrong).status_code == 400


def test_every_page_asks_little(made):
    waiting = proposed(made.operator, with_component(), "INDEPENDENT")
    graduated(made.operator, made.coordinator, without_component())
    for name in ("overview", "cases", "decisions", "follow_ups", "what_if"):
        with few_queries():
            assert made.chief.get(reverse(f"graduation:{name}")).status_code == 200
    for address in (
        reverse("graduation:case", args=[waiting.pk]), reverse("graduation:family", args=[waiting.family_id]),
        _step(waiting, "APPROVED"), reverse("registry:family", args=[waiting.family_id]),
    ):  # fmt: skip
        with few_queries():
            assert made.chief.get(address).status_code == 200


def test_what_waits_is_told_to_whoever_decides(made):
    case = proposed(made.operator, with_component(), "INDEPENDENT")
    page = made.chief.get(reverse("graduation:decisions")).content.decode()
    assert case.family.family_no in page
    assert made.desk.get(reverse("graduation:decisions")).status_code == 403
    assert "graduasi menunggu keputusan" in made.chief.get(reverse("home")).content.decode()


def test_follow_ups_come_after_six_and_twelve_months(made):
    case = graduated(made.operator, made.coordinator, without_component())
    from gandeng.graduation.queries import due_follow_ups, which_follow_up

    today = timezone.localdate()
    with in_territory(made.operator):
        assert not due_follow_ups(today).exists()
        half, year = today + timedelta(days=190), today + timedelta(days=370)
        assert which_follow_up(due_follow_ups(half).get(), half).kind == "FOLLOW_UP_6"
        assert which_follow_up(due_follow_ups(year).get(), year).kind == "FOLLOW_UP_12"
    do(actions.follow_up, made.operator, case, "FOLLOW_UP_6", today, "WORSE", WORDS)
    with in_territory(made.operator):
        assert not due_follow_ups(half).exists()
        assert due_follow_ups(year).exists()


def test_what_would_be_freed(made):
    family = with_component()
    without_component()
    listed(made.people, opened_cycle(made.people, year=2026, stage=3))
    opened(made.operator, family, "INDEPENDENT")
    page = made.chief.get(reverse("graduation:what_if"), {"region": "6371"}).content.decode()
    assert "Rp600.000" in page
    assert "Rp2.400.000" in page
    assert "Calon, belum diproses" in page
    sent = made.chief.post(reverse("graduation:export_what_if") + "?region=6371").content.decode("utf-8-sig")
    assert f"{VILLAGE[:6]};" in sent
    assert ";1;600000;2400000" in sent
    assert ";1;0;0" in sent


def test_a_facilitator_sees_her_own_families_alone(made, cast, client_of):
    hers, others = with_component(), with_component("6371011002")
    mine, theirs = (opened(made.operator, one, "INDEPENDENT") for one in (hers, others))
    browser = client_of(cast("FACILITATOR", VILLAGE))
    assert browser.get(reverse("graduation:case", args=[mine.pk])).status_code == 200
    assert browser.get(reverse("graduation:case", args=[theirs.pk])).status_code == 404
    listed_cases = browser.get(reverse("graduation:cases")).content.decode()
    assert hers.family_no in listed_cases
    assert others.family_no not in listed_cases


def test_the_registry_offers_it_no_longer(made):
    family = with_component()
    page = made.desk.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert reverse("registry:ask", args=[family.pk, "GRADUATE"]) not in page
    assert made.desk.get(reverse("registry:ask", args=[family.pk, "GRADUATE"])).status_code == 404
    part = made.desk.get(reverse("graduation:family", args=[family.pk]), headers={"hx-request": "true"})
    assert reverse("graduation:open", args=[family.pk]) in part.content.decode()
    graduated(made.operator, made.coordinator, family, "INDEPENDENT")
    assert made.desk.get(reverse("registry:ask", args=[family.pk, "RESUME"])).status_code == 404


def test_a_refusal_in_the_registry_says_where_it_is_decided(made):
    from gandeng.registry.models import ChangeRequest

    case = proposed(made.operator, with_component(), "INDEPENDENT")
    with in_territory(EVERYWHERE):
        change = ChangeRequest.objects.get(family=case.family_id)
    answer = made.chief.post(
        reverse("registry:decide", args=[change.pk]), {"decision": "approve", "reason": "Baik sekali"}
    )
    assert answer.status_code == 422
    assert "bagian graduasi" in answer.content.decode()


def test_the_letter_says_from_which_stage_and_names_no_number_of_a_person(made):
    from gandeng.documents.farewell import _words
    from gandeng.graduation.letter import _letter
    from gandeng.graduation.queries import access_case, steps_of

    family = with_component(nik="6371015705909753")
    case = graduated(made.operator, made.coordinator, family, "IMPROVED")
    with in_territory(made.operator):
        found = access_case(case.pk)
        told = str(_words(_letter(found, steps_of(found), "https://contoh.test/periksa/surat/", "")))
    assert re.search(r"tahap \d tahun 20", told)
    assert "graduasi sejahtera" in told
    assert family.family_no in told
    assert family.collector.nik_last4 not in told


def test_approved_but_not_told_waits_for_the_one_who_tells(made):
    case = proposed(made.operator, with_component(), "INDEPENDENT")
    approved(made.head, case)
    assert "keputusan belum disampaikan" in made.desk.get(reverse("home")).content.decode()
    assert case.family.family_no in made.desk.get(reverse("graduation:cases"), {"state": "APPROVED"}).content.decode()
