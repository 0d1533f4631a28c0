"""Families without a facilitator, hand-overs, acts, undoing: their pages and what they refuse."""

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Person
from gandeng.audit.models import AuditEntry
from gandeng.facilitators.actions import caseload
from gandeng.facilitators.models import Accompaniment, CaseloadChange
from gandeng.facilitators.paging import page_by_village
from gandeng.facilitators.tests.factories import few_queries, make_staff
from gandeng.registry.models import Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db
HERE, NEXT = "6371011001", "6371011002"
WHY = "Uji serah terima"


def today():
    return timezone.localdate()


@pytest.fixture
def siti(coordinator):
    """Has two families in one village and one in the next."""
    staff = make_staff(name="Siti")
    for village, families in ((HERE, 2), (NEXT, 1)):
        for _ in range(families):
            make_family(village)
        with in_territory(coordinator):
            caseload.assign_unaccompanied(coordinator, village, staff, day=today(), reason=WHY)
    return staff


@pytest.fixture
def everywhere():
    with in_territory(EVERYWHERE):
        yield


def asked(to, *villages, **changed):
    return {
        "villages": villages or [HERE, NEXT], "taker": str(to.pk), "day": today().isoformat(), "reason": WHY,
    } | changed  # fmt: skip


def test_it_works(coordinator, siti, client_of):
    """Assigned, handed over with both loads shown, found in the list of acts, undone."""
    ani, pages = make_staff(name="Ani"), client_of(coordinator)
    address = reverse("caseload:hand_over", args=[siti.pk])
    with few_queries():
        assert "2 keluarga" in pages.get(address).content.decode()
    shown = pages.post(address, asked(ani, HERE))
    assert shown.status_code == 200 and "Belum disimpan" in shown.content.decode()
    assert [(one["before"], one["after"]) for one in shown.context["preview"]["loads"]] == [(3, 1), (0, 2)]
    with in_territory(coordinator):
        assert Accompaniment.objects.filter(staff=ani).count() == 0, "a look changes nothing"
    done = pages.post(address, asked(ani, HERE) | {"confirm": "1"})
    assert done.status_code == 302
    with few_queries():
        page = pages.get(done.url)
    assert page.context["total"] == page.context["change"].families == len(page.context["rows"]) == 2
    with few_queries():
        assert "Serah terima" in pages.get(reverse("caseload:changes")).content.decode()
    change = page.context["change"]
    undone = pages.post(reverse("caseload:undo", args=[change.pk]), {"reason": WHY})
    assert undone.status_code == 302
    again = pages.post(reverse("caseload:undo", args=[change.pk]), {"reason": WHY})
    assert again.status_code == 422 and "sudah dibatalkan" in again.content.decode()
    with in_territory(coordinator):
        assert Accompaniment.objects.filter(staff=siti, valid_until=None).count() == 3


def test_it_refuses_what_is_missing_or_wrong_beside_the_field(coordinator, siti, client_of):
    ani, pages = make_staff(name="Ani"), client_of(coordinator)
    elsewhere = make_staff("6372")
    address = reverse("caseload:hand_over", args=[siti.pk])
    for wrong in (
        {"villages": []}, {"villages": ["6372011001"]}, {"taker": ""}, {"taker": str(siti.pk)},
        {"taker": str(elsewhere.pk)}, {"day": ""}, {"day": (today() - timedelta(1)).isoformat()}, {"reason": "ya"},
    ):  # fmt: skip
        answer = pages.post(address, asked(ani, **wrong) | {"confirm": "1"})
        assert answer.status_code == 422, wrong
        assert "govuk-error-message" in answer.content.decode()
    later = asked(ani, day=(today() + timedelta(9)).isoformat()) | {"confirm": "1"}
    assert pages.post(address, later).status_code == 302
    answer = pages.post(address, asked(ani) | {"confirm": "1"})
    assert answer.status_code == 422 and "Batalkan dahulu" in answer.content.decode()


def test_only_who_decides_and_only_there(siti, operator, stranger, cast, client_of):
    with in_territory(EVERYWHERE):
        act = CaseloadChange.objects.first()
    pages = client_of(operator)
    assert pages.get(reverse("caseload:hand_over", args=[siti.pk])).status_code == 403
    assert pages.get(reverse("caseload:assign", args=[HERE])).status_code == 403
    assert pages.get(reverse("caseload:change", args=[act.pk])).status_code == 200
    assert "Batalkan perpindahan" not in pages.get(reverse("caseload:change", args=[act.pk])).content.decode()
    assert pages.post(reverse("caseload:undo", args=[act.pk]), {"reason": WHY}).status_code == 403
    for role in ("DISTRICT_COORDINATOR", "DISTRICT_OPERATOR"):
        others = client_of(cast(role, "6372"))
        assert others.get(reverse("caseload:change", args=[act.pk])).status_code == 404
        assert others.post(reverse("caseload:change_export", args=[act.pk])).status_code == 404
    others = client_of(cast("DISTRICT_COORDINATOR", "6372"))
    assert others.get(reverse("caseload:hand_over", args=[siti.pk])).status_code == 404
    assert others.get(reverse("caseload:assign", args=[HERE])).status_code == 404
    assert others.post(reverse("caseload:undo", args=[act.pk]), {"reason": WHY}).status_code == 404


def test_families_without_are_listed_and_given_to_somebody(coordinator, siti, client_of):
    near = make_staff(name="Dekat", home="637101")
    make_staff(name="Jauh", home="637104")
    family, other = make_family(HERE), make_family(NEXT, name="Ratna Uji")
    pages = client_of(coordinator)
    address = reverse("caseload:unaccompanied")
    with few_queries():
        page = pages.get(address)
    assert page.context["total"] == 2 and {row["family"].pk for row in page.context["rows"]} == {family.pk, other.pk}
    found = pages.get(address, {"q": "ratna"}).context["rows"]
    assert [row["family"].pk for row in found] == [other.pk]
    assert "Tugaskan" in pages.get(address, {"region": "637101"}).content.decode()
    form = reverse("caseload:assign", args=[HERE])
    with few_queries():
        page = pages.get(form)
    assert [one.person.name for one in page.context["candidates"]] == ["Siti", "Dekat", "Jauh"]
    wrong = pages.post(form, {"taker": "", "day": "besok", "reason": ""})
    assert wrong.status_code == 422 and wrong.content.decode().count("govuk-error-message") >= 3
    told = {"taker": str(near.pk), "day": today().isoformat(), "reason": WHY}
    assert pages.post(form, told).status_code == 302
    assert pages.get(address).context["total"] == 1
    assert pages.post(form, told).status_code == 422, "nobody is left there"


def test_a_list_by_village_is_whole_page_by_page_there_and_back(rf, everywhere):
    families = [make_family(village) for village in (NEXT, HERE, NEXT, HERE, NEXT)]
    inside = sorted((one.village_code, one.family_no) for one in families)

    def pages(address, turn):
        """Numbers page by page, and the address of the last one."""
        shown = []
        while address:
            page = page_by_village(Family.objects.all(), rf.get(address), unique="family_no", size=2)
            shown.append([(one.village_code, one.family_no) for one in page.rows])
            last, address = address, getattr(page, turn)
        return shown, last

    forth, last = pages("/", "next")
    assert forth == [inside[:2], inside[2:4], inside[4:]]
    assert pages(last, "previous")[0] == forth[::-1]
    with pytest.raises(BadRequest):
        page_by_village(Accompaniment.objects.all(), rf.get(f"/?after={HERE}.x"), unique="pk")


def test_the_hand_over_list_can_be_taken_away(coordinator, siti, client_of):
    with in_territory(coordinator):
        act = CaseloadChange.objects.order_by("id").first()
    pages, address = client_of(coordinator), reverse("caseload:change_export", args=[act.pk])
    assert pages.post(address, {"format": "csv"}).status_code == 422
    told = pages.post(address, {"format": "csv", "purpose": "Serah terima berkas keluarga"})
    assert told.status_code == 200 and told.content.decode("utf-8-sig").count("\r\n") == act.families + 1
    assert "Siti" in told.content.decode("utf-8-sig")
    assert pages.post(address, {"format": "xlsx", "purpose": "Serah terima berkas keluarga"}).status_code == 200
    assert pages.get(reverse("exports:ask", args=["serah-terima"]), {"change": act.pk}).status_code == 200
    with in_territory(coordinator):
        assert AuditEntry.objects.filter(action="hand_over.exported").count() == 2


def test_each_sees_her_own_and_what_comes_and_goes(coordinator, siti, client_of):
    ani, soon = make_staff(name="Ani"), today() + timedelta(5)
    make_family("6371021001")
    with in_territory(coordinator):
        caseload.assign_unaccompanied(coordinator, "6371021001", ani, day=today(), reason=WHY)
        change = caseload.hand_over(coordinator, siti, ani, day=soon, reason=WHY, villages=[HERE])
    hers = client_of(acting_for(siti.person_id, today()))
    with few_queries():
        page = hers.get(reverse("caseload:mine"))
    assert page.context["total"] == 3 and len(page.context["rows"]) == 3
    assert [(row["act"].comes, row["act"].other, row["act"].families) for row in page.context["coming"]] == [
        (False, "Ani", 2)
    ]
    assert hers.get(reverse("caseload:mine"), {"day": soon.isoformat()}).context["total"] == 1
    assert hers.get(reverse("home")).content.decode().count("perpindahan keluarga dampingan Anda akan mulai") == 1
    page = client_of(acting_for(ani.person_id, today())).get(reverse("caseload:mine"))
    assert page.context["total"] == 1, "those to come have no name yet"
    assert [(row["act"].comes, row["act"].other) for row in page.context["coming"]] == [(True, "Siti")]
    with in_territory(coordinator):
        caseload.undo(coordinator, change, reason=WHY)
    assert hers.get(reverse("caseload:mine")).context["coming"] == []


def test_own_families_are_searched(siti, client_of):
    make_family(HERE, name="Bukan Dampingan")
    with in_territory(EVERYWHERE):
        mine = siti.accompaniments.select_related("family__collector").first().family
    pages = client_of(acting_for(siti.person_id, today()))
    found = pages.get(reverse("caseload:mine"), {"q": mine.family_no})
    assert [row["row"].family_id for row in found.context["rows"]] == [mine.pk]
    assert pages.get(reverse("caseload:mine"), {"q": "bukan"}).context["rows"] == []


def test_without_a_record_or_without_families_it_says_what_to_do(cast, client_of):
    address = reverse("caseload:mine")
    page = client_of(cast("FACILITATOR", HERE)).get(address)
    assert page.status_code == 200 and "belum tercatat sebagai pendamping" in page.content.decode()
    new = cast("FACILITATOR", HERE)
    make_staff(name="Baru", person=Person.objects.get(pk=new.person_id))
    assert "Belum ada keluarga dampingan" in client_of(new).get(address).content.decode()


def test_a_family_s_page_tells_who_accompanies_and_did(coordinator, siti, client_of):
    ani = make_staff(name="Ani")
    nobody = make_family(HERE)
    with in_territory(coordinator):
        family = Family.objects.filter(accompaniments__staff=siti).first()
        caseload.hand_over(coordinator, siti, ani, day=today() + timedelta(3), reason=WHY)
    pages = client_of(coordinator)
    page = pages.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert "Siti" in page and "Ani" in page and "Akan mulai" in page
    page = pages.get(reverse("registry:family", args=[nobody.pk])).content.decode()
    assert "Belum ada pendamping" in page and reverse("caseload:assign", args=[HERE]) in page


def test_what_waits_is_as_many_as_its_list(coordinator, siti, client_of):
    for _ in range(3):
        make_family(HERE)
    with in_territory(coordinator):
        caseload.set_load_limit(coordinator, "6371", 3, day=today(), reason=WHY)
    pages = client_of(coordinator)
    waiting = {one.label: one for one in pages.get(reverse("home")).context["waiting"]}
    assert waiting["Tanpa pendamping"].count == pages.get(waiting["Tanpa pendamping"].url).context["total"] == 3
    over = pages.get(waiting["Beban berlebih"].url, follow=True)
    assert waiting["Beban berlebih"].count == over.context["matching"] == 1
