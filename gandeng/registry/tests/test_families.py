import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.accounts.roles import Role
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, unseal
from gandeng.registry.actions.identifiers import DAILY_BUDGET, note_opening
from gandeng.registry.models import Account, Member
from gandeng.registry.sections import _SECTIONS, register_section
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

LIST = "/keluarga/"


def _numbers(response):
    return set(re.findall(r"K\d{2}\d{7}", response.content.decode()))


def _niks(family):
    with in_territory(EVERYWHERE):
        return [
            unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
            for member in Member.objects.filter(family=family)
        ]


def test_it_works(client_of, operator):
    family = make_family(members=3, name="Siti Aminah")
    page = client_of(operator).get(reverse("registry:family", args=[family.pk]))
    told = page.content.decode()
    assert page.status_code == 200
    for words in ("Siti Aminah", family.family_no, "Anggota keluarga", "Rekening", "Pendamping", "Riwayat perubahan"):
        assert words in told


def test_the_list_shows_the_families_of_the_territory_alone(client_of, operator):
    ours, theirs = make_family("6371011001"), make_family("6372011001")
    page = client_of(operator).get(LIST)
    assert _numbers(page) == {ours.family_no}
    assert theirs.family_no not in page.content.decode()


@pytest.mark.parametrize("asked", ["aminah", "SITI  amin", "ma'ruf", "maruf siti"])
def test_names_are_found_by_the_beginnings_of_their_words(client_of, operator, asked):
    family = make_family(name="Siti Aminah Ma'ruf")
    page = client_of(operator).get(LIST, {"q": asked})
    assert family.family_no in page.content.decode()
    assert family.family_no not in client_of(operator).get(LIST, {"q": "minah"}).content.decode()


def test_search_never_finds_other_districts(client_of, operator, stranger):
    family = make_family("6371011001", name="Rahmawati Unik")
    last4 = _niks(family)[0][-4:]
    for asked in ("rahmawati unik", family.family_no, last4):
        assert family.family_no in client_of(operator).get(LIST, {"q": asked}).content.decode()
        page = client_of(stranger).get(LIST, {"q": asked}).content.decode()
        assert "Rahmawati Unik" not in page
        assert str(family.pk) not in page


def test_a_region_filter_narrows_and_never_widens(client_of, operator):
    near, far, foreign = make_family("6371011001"), make_family("6371021001"), make_family("6372011001")
    client = client_of(operator)
    assert _numbers(client.get(LIST, {"region": "637101"})) == {near.family_no}
    assert _numbers(client.get(LIST, {"region": "63"})) == {near.family_no, far.family_no}
    assert not _numbers(client.get(LIST, {"region": "6372"})) & {foreign.family_no}
    assert client.get(LIST, {"region": "abc"}).status_code == 400
    assert client.get(LIST, {"village": "6371011001"}).status_code == 400
    assert client.get(LIST, {"status": "KAYA"}).status_code == 400


def test_status_filters_the_list(client_of, operator):
    active, suspended = make_family(), make_family(status="SUSPENDED")
    assert _numbers(client_of(operator).get(LIST, {"status": "SUSPENDED"})) == {suspended.family_no}
    assert _numbers(client_of(operator).get(LIST)) == {active.family_no, suspended.family_no}


def test_the_list_goes_page_by_page(client_of, operator):
    made = {make_family().family_no for _ in range(53)}
    client = client_of(operator)
    first = client.get(LIST)
    after = re.search(r'href="([^"]*after=[^"]*)"', first.content.decode())[1]
    second = client.get(after.replace("&amp;", "&"))
    assert len(_numbers(first) | _numbers(second)) == 53 == len(made)
    assert max(_numbers(first)) < min(_numbers(second)), "by number"
    before = re.search(r'href="([^"]*before=[^"]*)"', second.content.decode())[1]
    assert _numbers(client.get(before.replace("&amp;", "&"))) == _numbers(first)


def _nodes(plan):
    yield plan["Node Type"]
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _sorted_apart(browser):
    """True where no index gives the order of the list, so that PostgreSQL must read the place and sort it."""
    found = []

    def plan(execute, sql, params, many, context):
        if sql.startswith("SELECT") and '"registry_family"."family_no" ASC' in sql:
            execute(f"explain (format json) {sql}", params, many, context)
            ((told,),) = context["cursor"].fetchone()
            found.append("Sort" in set(_nodes(told["Plan"])))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        cursor.execute("set local enable_sort = off")
        cursor.execute("set local enable_incremental_sort = off")
        cursor.execute("set local enable_seqscan = off")
    with connection.execute_wrapper(plan):
        assert browser.get(LIST).status_code == 200
    return found


def test_a_part_of_the_nation_is_not_looked_for_along_everybodys_numbers(client_of, operator, cast):
    make_family()
    ministry = cast(Role.MINISTRY_OFFICER.value, "")
    assert _sorted_apart(client_of(operator)) == [True]
    assert _sorted_apart(client_of(ministry)) == [False], "the nation's is read by number"


def test_a_full_number_is_searched_by_post_and_written_down(client_of, operator):
    family = make_family(name="Rahmawati Unik")
    nik = _niks(family)[0]
    page = client_of(operator).post("/keluarga/cari/", {"kind": "nik", "number": nik})
    told = page.content.decode()
    assert page.status_code == 200
    assert family.family_no in told
    assert nik not in told
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="identifier.searched")
    assert entry.facts == {"kind": "nik", "last4": nik[-4:], "found": 1, "from_address": "127.0.0.1"}


def test_searches_for_full_numbers_end_for_the_day(client_of, operator, cast, monkeypatch):
    monkeypatch.setattr("gandeng.registry.actions.identifiers.SEARCH_BUDGET", 3)
    family = make_family(name="Rahmawati Unik")
    asked = {"kind": "nik", "number": _niks(family)[0]}
    browser = client_of(operator)
    for number in (asked["number"], "6371014101900001", "6371014101900002"):
        assert browser.post("/keluarga/cari/", asked | {"number": number}).status_code == 200
    page = browser.post("/keluarga/cari/", asked)
    assert page.status_code == 422
    assert "sudah habis" in page.content.decode()
    assert "Rahmawati" not in page.content.decode()
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="identifier.searched").count() == 3
    assert client_of(cast("DISTRICT_OPERATOR", "6371")).post("/keluarga/cari/", asked).status_code == 200, "hers alone"


def test_a_full_number_finds_nothing_in_another_district(client_of, stranger):
    family = make_family(name="Rahmawati Unik")
    page = client_of(stranger).post("/keluarga/cari/", {"kind": "nik", "number": _niks(family)[0]})
    assert "Tidak ditemukan di wilayah Anda" in page.content.decode()
    assert "Rahmawati" not in page.content.decode()


def test_a_full_number_in_the_address_is_not_searched(client_of, operator):
    family = make_family()
    page = client_of(operator).get(LIST, {"q": _niks(family)[0]}).content.decode()
    assert "Pencarian tidak dijalankan" in page
    assert _niks(family)[0] not in page
    assert family.family_no not in page
    assert client_of(operator).post("/keluarga/cari/", {"kind": "nik", "number": "12"}).status_code == 422


def test_the_nation_chooses_a_province_before_it_searches_names(client_of, cast):
    family = make_family(name="Rahmawati Unik")
    client = client_of(cast("AUDITOR", ""))
    assert "Pilih provinsi" in client.get(LIST, {"q": "rahmawati"}).content.decode()
    assert family.family_no in client.get(LIST, {"q": "rahmawati", "region": "63"}).content.decode()


def test_not_yours_and_not_there_look_the_same(client_of, stranger):
    family = make_family()
    client = client_of(stranger)
    foreign = client.get(reverse("registry:family", args=[family.pk]))
    missing = client.get(reverse("registry:family", args=["01890000-0000-7000-8000-000000000000"]))
    assert foreign.status_code == missing.status_code == 404
    csrf = re.compile(rb'value="[A-Za-z0-9]{64}"')
    assert csrf.sub(b"", foreign.content) == csrf.sub(b"", missing.content)


def test_facilitators_see_the_families_of_their_villages(client_of, cast):
    mine, neighbour = make_family("6371011001"), make_family("6371011002")
    client = client_of(cast("FACILITATOR", "6371011001", name="Pendamping Uji"))
    assert _numbers(client.get(LIST)) == {mine.family_no}
    page = client.get(reverse("registry:family", args=[mine.pk]))
    assert "Pendamping Uji" in page.content.decode()
    assert "Lihat nomor lengkap" not in page.content.decode()
    assert client.get(reverse("registry:family", args=[neighbour.pk])).status_code == 404


def test_whoever_reads_the_log_is_led_to_what_was_done_about_a_family(client_of, operator, cast):
    family = make_family("6371011001")
    page, log = reverse("registry:family", args=[family.pk]), f"{reverse('audit:entries')}?object_id={family.pk}"
    auditor = client_of(cast("AUDITOR", "63"))
    with in_territory(operator):
        note_opening(operator, family)
    assert log in auditor.get(page).content.decode() and log not in client_of(operator).get(page).content.decode()
    assert 'data-label="Perbuatan"' in auditor.get(log).content.decode()


def test_a_bank_officer_sees_no_family(client_of, cast):
    family = make_family()
    client = client_of(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    for address in (LIST, reverse("registry:family", args=[family.pk]), "/keluarga/perubahan/", "/keluarga/daftar/"):
        assert client.get(address).status_code == 403
    assert client.post("/keluarga/cari/", {"kind": "nik", "number": _niks(family)[0]}).status_code == 403


@pytest.mark.parametrize("role", ["FACILITATOR", "DISTRICT_OPERATOR", "DISTRICT_COORDINATOR"])
def test_no_full_identifier_stands_on_the_pages(client_of, cast, role):
    family = make_family(members=4)
    client = client_of(cast(role, "6371011001" if role == "FACILITATOR" else "6371"))
    with in_territory(EVERYWHERE):
        account = Account.objects.get(family=family)
        number = unseal(account.account_sealed, Place("registry_account", "account", str(account.pk)))
    for address in (LIST, reverse("registry:family", args=[family.pk])):
        page = client.get(address).content.decode()
        assert not any(secret in page for secret in [*_niks(family), number, number.lstrip("0")])


def test_pages_ask_little_of_the_database(client_of, operator, monkeypatch):
    ours = {key: tell for key, tell in _SECTIONS.items() if key[1].startswith("gandeng.registry.")}
    monkeypatch.setattr("gandeng.registry.sections._SECTIONS", ours)
    families = [make_family(members=5) for _ in range(20)]
    client = client_of(operator)
    for address in (LIST, reverse("registry:family", args=[families[0].pk]), f"{LIST}?q=siti"):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        told = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
        assert len(told) <= 10, "\n".join(one[:150] for one in told)


def test_a_full_identifier_is_shown_once_for_a_purpose(client_of, operator):
    family = make_family()
    member = family.collector
    address = reverse("registry:reveal", args=[family.pk])
    client = client_of(operator)
    page = client.post(address, {"what": f"nik:{member.pk}", "purpose": "Mencocokkan dengan KTP"})
    assert page.status_code == 200
    assert _niks(family)[0] in page.content.decode()
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.get(action="identifier.revealed")
    assert (entry.person_id, entry.reason, entry.object_id) == (
        operator.person_id, "Mencocokkan dengan KTP", str(member.pk),
    )  # fmt: skip
    again = client.get(reverse("registry:family", args=[family.pk])).content.decode()
    assert _niks(family)[0] not in again
    assert "Nomor lengkap dilihat" in again


def test_the_account_can_be_shown_too(client_of, operator):
    family = make_family()
    with in_territory(EVERYWHERE):
        account = Account.objects.get(family=family)
        number = unseal(account.account_sealed, Place("registry_account", "account", str(account.pk)))
    asked = {"what": f"account:{account.pk}", "purpose": "Memeriksa buku tabungan"}
    page = client_of(operator).post(reverse("registry:reveal", args=[family.pk]), asked)
    assert number in page.content.decode()


def test_it_refuses_to_show_without_purpose_right_or_row(client_of, operator, cast):
    family, other = make_family(), make_family()
    address = reverse("registry:reveal", args=[family.pk])
    what = f"nik:{family.collector.pk}"
    page = client_of(operator).post(address, {"what": what, "purpose": " "})
    assert page.status_code == 422
    assert _niks(family)[0] not in page.content.decode()
    asked = {"what": what, "purpose": "Mencocokkan dengan KTP"}
    assert client_of(cast("FACILITATOR", "6371011001")).post(address, asked).status_code == 403
    assert client_of(cast("DISTRICT_OPERATOR", "6372")).post(address, asked).status_code == 404
    for row in (f"nik:{other.collector.pk}", "nik:x", "pin:1", "account:"):
        assert client_of(operator).post(address, asked | {"what": row}).status_code == 404
    with in_territory(EVERYWHERE):
        assert not AuditEntry.objects.filter(action="identifier.revealed").exists()


def test_the_daily_budget_ends(client_of, operator):
    family = make_family()
    address = reverse("registry:reveal", args=[family.pk])
    asked = {"what": f"nik:{family.collector.pk}", "purpose": "Mencocokkan dengan KTP"}
    client = client_of(operator)
    for _ in range(DAILY_BUDGET):
        assert client.post(address, asked).status_code == 200
    page = client.post(address, asked)
    assert page.status_code == 422
    assert "sudah habis" in page.content.decode()
    assert _niks(family)[0] not in page.content.decode()


def test_a_small_list_can_be_taken_away_for_a_purpose(client_of, operator):
    family = make_family(name="=HYPERLINK(1)")
    make_family("6372011001")
    client = client_of(operator)
    answer = client.post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi", "q": "", "region": "", "status": ""})
    told = answer.content.decode("utf-8-sig").splitlines()
    assert len(told) == 2
    assert told[1].startswith(f"{family.family_no},'=HYPERLINK(1)")
    assert _niks(family)[0] not in answer.content.decode()
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.get(action="families.exported").facts["rows"] == 1
    assert client.post("/keluarga/unduh/", {"purpose": ""}).status_code == 422


def test_a_list_taken_away_is_indonesian_though_the_page_is_english(client_of, operator):
    make_family()
    browser, told = client_of(operator), []
    for language in ("id", "en"):
        browser.cookies["language"] = language
        assert ("Search for a family" in browser.get(LIST).content.decode()) == (language == "en")
        told.append(browser.post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi"}).content)
    assert told[0] == told[1]
    assert ",Aktif," in told[0].decode()


def test_it_refuses_a_long_export(client_of, operator, monkeypatch):
    monkeypatch.setattr("gandeng.registry.actions.exports.ROWS_MAX", 1)
    make_family(), make_family()
    answer = client_of(operator).post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi"})
    assert answer.status_code == 422
    assert "paling banyak" in answer.content.decode()


def test_packages_above_add_their_part(client_of, operator, monkeypatch):
    family = make_family()
    monkeypatch.setattr("gandeng.registry.sections._SECTIONS", dict(_SECTIONS))
    register_section(20, lambda *_: ("Hak per tahap", "registry/sections/changes.html", {"items": []}))
    register_section(21, lambda *_: None)
    page = client_of(operator).get(reverse("registry:family", args=[family.pk])).content.decode()
    assert page.index("Anggota keluarga") < page.index("Hak per tahap") < page.index("Rekening</h2>")


def test_what_people_typed_stays_text(client_of, operator):
    family = make_family(name="<script>alert(1)</script>")
    for address in (LIST, reverse("registry:family", args=[family.pk]), f"{LIST}?q=%3Cscript%3E"):
        assert b"<script>alert" not in client_of(operator).get(address).content
