import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.actions import record
from gandeng.audit.models import AuditEntry
from gandeng.audit.queries import entries
from gandeng.web.days import ZONES

pytestmark = pytest.mark.django_db


def test_it_works(operator):
    record(operator, "family.seen", region="6371", reason="uji", families=3)
    with in_territory(operator):
        entry = AuditEntry.objects.get()
    assert (entry.person_name, entry.action, entry.number, entry.facts) == (
        operator.person_name,
        "family.seen",
        1,
        {"families": 3},
    )


def test_entries_are_chained(operator):
    for number in (1, 2):
        record(operator, f"act.{number}", region="6371")
    with in_territory(operator):
        rows = list(AuditEntry.objects.order_by("number"))
    assert bytes(rows[1].previous) == bytes(rows[0].hash)


def test_nobody_changes_an_entry(operator):
    record(operator, "family.seen", region="6371")
    for statement in ("update audit_auditentry set action = 'x'", "delete from audit_auditentry"):
        with (
            pytest.raises(Exception, match=r"permission denied|never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_next_district_reads_nothing_of_it(operator, stranger):
    record(operator, "family.seen", region="6371")
    with in_territory(stranger):
        assert AuditEntry.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from audit_auditentry")
            assert cursor.fetchone() == (0,)


def test_the_page_shows_no_fact_as_a_programme_writes_it(operator, cast, client_of):
    record(
        operator, "family.seen", region="6371", evidence=False, filters={"status": "ACTIVE"}, rows=3, digest="a" * 64
    )
    page = client_of(cast("AUDITOR", "6371")).get(reverse("audit:entries")).content.decode()
    for words in ("bukti: tidak", "saringan: status ACTIVE", "baris: 3", f"sidik: {'a' * 23}…"):
        assert words in page


def test_an_act_is_told_in_words_and_chosen_from_them(cast, client_of):
    reader = cast("DISTRICT_HEAD", "6371")
    with in_territory(reader):
        record(reader, "list.approved", region="6371", authority="Kepala Dinas Sosial kabupaten/kota 6371")
        record(
            reader,
            "something.nobody_put_into_words",
            region="6371",
            authority="pusat",
            typed_rupiah=1250000,
            kind="FAILED",
            day="2024-09-19",
            until="2024-13-45",
            unheard_of="x",
        )
    browser = client_of(reader)
    page = browser.get(reverse("audit:entries")).content.decode()
    rows = page[page.index("<tbody") :]
    assert "Menyetujui daftar bayar" in rows and "list.approved" not in rows
    assert "something.nobody_put_into_words" in rows and "rupiah yang diketik: Rp1.250.000" in rows
    assert "jenis: Gagal salur" in rows and "hari: 19 September 2024" in rows
    assert "sampai: 2024-13-45" in rows and "unheard_of: x" in rows
    assert "Kepala Dinas Sosial kabupaten/kota, Kota Banjarmasin" in rows
    only = browser.get(reverse("audit:entries"), {"action": "list.approved"}).content.decode()
    assert '<option value="list.approved" selected>Menyetujui daftar bayar</option>' in only
    assert "something.nobody" not in only


def test_it_is_narrowed_by_days_page_by_page(cast, client_of):
    reader, address = cast("DISTRICT_HEAD", "6371"), reverse("audit:entries")
    with in_territory(reader):
        for number in range(52):
            record(reader, "uji", region="6371", reason=f"Nama{number:02}")
    today = timezone.localtime(timezone=ZONES["WITA"]).date()  # around midnight: one that is not told is not counted
    day, browser = {"since": today.isoformat(), "until": (today + timedelta(1)).isoformat()}, client_of(reader)
    first = browser.get(address, day).content.decode()
    assert named(first) == [f"Nama{number:02}" for number in range(51, 1, -1)] and "Sejak (WITA)" in first
    after = re.search(r'href="([^"]+after=[^"]+)"', first)[1].replace("&amp;", "&")
    assert named(browser.get(after).content.decode()) == ["Nama01", "Nama00"] and "since=" in after
    for none in {"until": (today - timedelta(1)).isoformat()}, {"since": (today + timedelta(1)).isoformat()}:
        assert "Tidak ada jejak yang cocok" in browser.get(address, none).content.decode()
    assert [browser.get(address, {"since": day}).status_code for day in ("x", "0001-01-01", "9999-12-31")] == [400] * 3


def test_an_entry_leads_to_all_about_its_thing_and_a_search_stays_there(cast, client_of):
    reader, address = cast("DISTRICT_HEAD", "6371"), reverse("audit:entries")
    with in_territory(reader):
        for thing, reason in (("A1", "Nama01"), ("A1", "Nama02"), ("B2", "Nama03")):
            record(reader, "uji", object_type="Uji", object_id=thing, region="6371", reason=reason)
    browser = client_of(reader)
    assert f'href="{address}?object_id=A1"' in browser.get(address).content.decode()
    about = browser.get(address, {"object_id": "A1"}).content.decode()
    assert named(about) == ["Nama02", "Nama01"] and f'href="{address}"' in about
    assert '<input type="hidden" name="object_id" value="A1">' in about


def named(page):
    return re.findall(r"Nama\d\d", page)


def test_its_days_are_those_of_the_reader_s_hours():
    """Half an hour after midnight in Banjarmasin it is yesterday in Jakarta."""
    day = {"since": "2024-09-19", "until": "2024-09-19"}
    for hours, offset in ("WIB", "+07:00"), ("WITA", "+08:00"), ("WIT", "+09:00"):
        with scopes_disabled():
            asked = str(entries(day, hours).query)
        assert f">= 2024-09-19 00:00:00{offset}" in asked and f"< 2024-09-20 00:00:00{offset}" in asked


def test_codes_are_told_as_the_record_words_them(cast, client_of):
    reader = cast("DISTRICT_HEAD", "6371")
    assert "Belum ada jejak" in client_of(reader).get(reverse("audit:entries")).content.decode()
    with in_territory(reader):
        for about, facts in (
            ("ChangeRequest", {"kind": "DEATH"}), ("Family", {"kind": "BIRTH"}), ("Family", {"kind": "NO_KIND"}),
            ("PaymentList", {"level": "DISTRICT"}),
        ):  # fmt: skip
            record(reader, "uji", object_type=about, region="6371", authority="pusat", **facts)
    page = client_of(reader).get(reverse("audit:entries")).content.decode()
    for words in ("jenis: Anggota meninggal", "jenis: Anggota baru", "jenis: NO_KIND", "tingkat: Kabupaten/kota"):
        assert words in page, words
    assert "jenis: BIRTH" not in page and "tingkat: DISTRICT" not in page
    assert (
        "Tidak ada jejak yang cocok" in client_of(reader).get(f"{reverse('audit:entries')}?person=Q").content.decode()
    )
