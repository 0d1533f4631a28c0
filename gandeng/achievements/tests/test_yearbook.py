"""The yearbook tells what consent covers on its day, keeps what it told, and nothing else."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django_scopes import scopes_disabled
from pypdf import PdfReader

from gandeng.accounts.acting import in_territory
from gandeng.achievements.actions import consents
from gandeng.achievements.actions.yearbook import fetch_edition
from gandeng.achievements.book import paper_of, told
from gandeng.achievements.jobs import YEARBOOK
from gandeng.achievements.models import Edition, Entry
from gandeng.achievements.queries import printed_in
from gandeng.achievements.tests.factories import (
    EVERYTHING,
    STORY,
    TODAY,
    confirmed,
    consent,
    draft,
    make_child,
    seen,
    submitted,
)  # fmt: skip
from gandeng.achievements.yearbook_queries import access_edition, candidates, no_longer_covered
from gandeng.audit.models import AuditEntry
from gandeng.documents.yearbook import write_yearbook
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db


def quiet(_step, _done=0, _total=0):
    pass


@pytest.fixture
def people(cast, operator):
    return operator, cast("DISTRICT_COORDINATOR", "6371"), cast("PROVINCE_OFFICER", "63", name="Petugas Provinsi")


def made(officer):
    with in_territory(officer), transaction.atomic():
        KINDS[YEARBOOK](officer, quiet, {"province": "63", "year": TODAY().year})
        return Edition.objects.order_by("-pk").first()


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_it_works_and_leaves_out_what_consent_leaves_out(people):
    operator, coordinator, officer = people
    whole = make_child(name="Anak Terang")
    hidden = make_child(name="Anak Tersembunyi")
    one = confirmed(operator, coordinator, *whole, photo=True)
    confirmed(
        operator, coordinator, *hidden, photo=True, what="Juara 3 lomba renang", school="SMP Tersembunyi",
        story="Cerita tersembunyi", agreed={"covers": frozenset({"book"})},
    )  # fmt: skip
    family = make_family(status="GRADUATED")
    confirmed(operator, coordinator, family, None, what="Warung sembako menghidupi keluarga", standing="INDEPENDENT")
    edition = made(officer)
    with in_territory(officer):
        pdf, table = (fetch_edition(officer, edition, form) for form in ("pdf", "csv"))
        assert [seen.action for seen in AuditEntry.objects.filter(object_id=str(edition.pk)).order_by("id")] == [
            "yearbook.made", "yearbook.fetched", "yearbook.fetched",
        ]  # fmt: skip
    for printed in (text_of(pdf), table.decode()):
        assert all(words in printed for words in ("Anak Terang", STORY, "SDN Uji 1", "Juara 3 lomba renang"))
        assert "ersembunyi" not in printed and "6371011001" not in printed
        assert not any(one.family_no in printed for one in (whole[0], hidden[0], family))
    assert pdf.count(b"/DCTDecode") == 1
    assert [row["nama"] for row in rows_of(table)] == ["Anak Terang", "Seorang anak", family.collector.name]
    assert (edition.number, edition.entries, edition.figures["districts"]) == (1, 3, [["Kota Banjarmasin", 2, 1]])
    with in_territory(officer):
        kept = Entry.objects.get(achievement=one)
        assert (kept.told_name, kept.told_photo, kept.told_story, kept.told_school) == (True,) * 4
        assert Entry.objects.filter(told_name=False, told_photo=False).count() == 1


def test_each_left_out_has_its_reason(people):
    operator, coordinator, officer = people
    wanted = {}

    def put(why, make):
        wanted[str(make(make_child()).pk)] = why

    put("", lambda who: confirmed(operator, coordinator, *who))
    put("NOT_SUBMITTED", lambda who: draft(operator, *who))
    put("NOT_CONFIRMED", lambda who: submitted(operator, *who))
    put("NOT_FOR_BOOK", lambda who: confirmed(operator, coordinator, *who, agreed={"covers": EVERYTHING - {"book"}}))
    withdrawn, ended = (confirmed(operator, coordinator, *make_child()) for _ in range(2))
    with in_territory(operator):
        consents.withdraw_consent(operator, withdrawn, TODAY(), "Tidak mau lagi")
    consent(operator, ended, given_on=TODAY() - timedelta(9), valid_until=TODAY())
    wanted |= {str(withdrawn.pk): "WITHDRAWN", str(ended.pk): "ENDED"}
    with in_territory(officer):
        assert {str(one.pk): one.why for one in candidates(officer, "63", TODAY().year)} == wanted
    edition = made(officer)
    assert (edition.entries, sum(edition.figures["left_out"].values())) == (1, 5)


def test_withdrawn_it_is_in_no_later_book_and_the_earlier_one_still_says_so(people):
    operator, coordinator, officer = people
    one, other = (confirmed(operator, coordinator, *make_child()) for _ in range(2))
    first = made(officer)
    with in_territory(operator):
        consents.withdraw_consent(operator, one, TODAY(), "Ibu berubah pikiran", erase=True)
    second = made(officer)
    assert (first.entries, second.entries, second.number) == (2, 1, 2)
    with in_territory(officer):
        assert (no_longer_covered(first), no_longer_covered(second)) == (1, 0)
        assert [entry.edition_id for entry in printed_in(seen(officer, one))] == [first.pk]
        assert [entry.edition_id for entry in printed_in(other)] == [second.pk, first.pk]
        assert STORY in text_of(fetch_edition(officer, first, "pdf"))


def test_the_same_records_give_the_same_paper(people):
    operator, coordinator, officer = people
    confirmed(operator, coordinator, *make_child(), photo=True)
    with in_territory(officer):
        entries = [told(one) for one in candidates(officer, "63", TODAY().year).filter(why="")]
    edition = made(officer)
    papers = {write_yearbook(paper_of("63", 2026, 1, edition.as_of, entries), {}, edition.as_of) for _ in range(2)}
    assert len(papers) == 1


def test_it_refuses_a_book_of_nothing_and_of_a_year_to_come(people):
    _, _, officer = people
    with pytest.raises(WorkRefused, match="Belum ada"):
        made(officer)
    with in_territory(officer), pytest.raises(WorkRefused, match="belum tiba"):
        KINDS[YEARBOOK](officer, quiet, {"province": "63", "year": TODAY().year + 1})


@pytest.mark.parametrize("what", ["consent", "story", "draft", "change"])
def test_the_database_refuses_what_consent_does_not_cover(people, what):
    """Raw SQL, as the role of the pages."""
    operator, coordinator, officer = people
    agreed = {"covers": EVERYTHING - {"story"}}
    one = confirmed(operator, coordinator, *make_child(), agreed=agreed)
    edition = made(officer)
    waiting = submitted(operator, *make_child()) if what == "draft" else one
    with in_territory(officer), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        if what == "change":
            cursor.execute("update achievements_entry set told_name = false")
        other = Edition.objects.create(
            region_code="63", year=2020, as_of=edition.as_of, entries=1, figures={}, pdf_sha256="x",
            csv_sha256="x", made_by_id=officer.person_id, authority="x", number=9,
        )  # fmt: skip
        if what == "consent":
            consents_of = "update achievements_consent set withdrawn_at = now(), withdrawn_on = current_date, "
            cursor.execute(f"{consents_of} withdrawn_by_id = %s, withdrawn_because = 'x'", [officer.person_id])
        fresh = seen(officer, waiting)
        Entry.objects.create(
            edition=other, achievement_id=fresh.pk, consent_id=fresh.consent_id, place=1, district_code="6371",
            told_name=True, told_school=True, told_photo=True, told_story=what == "story",
        )  # fmt: skip


def test_another_province_and_a_district_have_no_files_of_it(cast, people):
    operator, coordinator, officer = people
    confirmed(operator, coordinator, *make_child())
    edition = made(officer)
    for acting, rows in ((officer, 2), (coordinator, 0), (cast("PROVINCE_OFFICER", "62"), 0)):
        with in_territory(acting), scopes_disabled(), connection.cursor() as cursor:
            cursor.execute("select count(*) from achievements_editionfile")
            assert cursor.fetchone() == (rows,)
        if not rows:
            with in_territory(acting), pytest.raises(Http404):
                access_edition(acting, edition.pk)
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.update(entries=9)


@pytest.mark.parametrize(("asked", "status"), [
    ({"provinsi": "-1"}, 404), ({"provinsi": "00"}, 404), ({"provinsi": "６３"}, 404),
    ({"tahun": "0000"}, 400), ({"tahun": "٢٠٢٤"}, 400), ({"provinsi": "63", "tahun": "2024"}, 200),
])  # fmt: skip
def test_it_refuses_a_province_or_year_that_is_none(cast, client_of, asked, status):
    """For whoever sees the nation, whose territory holds every code."""
    reader = cast("MINISTRY_OFFICER", "")
    assert client_of(reader).get(reverse("achievements:book"), asked).status_code == status
