"""Every page of every menu and what it opens: read by axe, light and dark, wide and on a phone."""

import io
from pathlib import Path
from uuid import UUID

import pytest
from pypdf import PdfReader

import gandeng.web.tests
from gandeng.accounts.models import Grant
from gandeng.jobs.models import Job
from tests.browser import office
from tests.browser.screens import follow, rest

AXE = (Path(gandeng.web.tests.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

CYCLE = ("table a",)
SECOND = ("table tr:nth-child(2) a",)
PAIR = "th a[href*='/mirip/']:not([href*='?'])"
SHEET = f"/lapangan/lembar/{UUID(int=90)}/"
"""The one the try-out's phone sent."""

WALKS: dict[str, list[tuple[str, ...]]] = {
    "": [("/coba/",), ("/akun/login/",), ("/akun/password/reset/",), ("/periksa/",), ("/tidak-ada/",)],
    office.OPERATOR: [
        ("/",), ("/keluarga/",), ("/keluarga/?q=zzzzzz",), ("/keluarga/", "table a"), ("/keluarga/daftar/",),
        ("/keluarga/daftar/baru/",), ("/pekerjaan/",), ("/pengguna/saya/",), ("/rekonsiliasi/",),
        ("/rekonsiliasi/", *CYCLE), ("/rekonsiliasi/", *CYCLE, "a[href$='/hasil/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href$='/baris/']"), ("/rekonsiliasi/", *CYCLE, "a[href$='/kirim/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href$='/pengecualian/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href$='/pengecualian/']", "table a[href*='/pengecualian/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href$='/pengecualian/']", "table a[href*='/pengecualian/']", "a[href$='/kode/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href*='/berkas/']"), ("/pembayaran/", *SECOND, "+ditahan/"),
        ("/keluarga/rapikan/",), ("/keluarga/rapikan/?kind=NIK_DATE",), ("/keluarga/rapikan/benar/",),
        ("/keluarga/dukcapil/",), ("/keluarga/dukcapil/", "th a"), ("/keluarga/dukcapil/kirim/",),
        ("/keluarga/mirip/",), ("/keluarga/mirip/", PAIR), ("/keluarga/mirip/dinilai/",),
        ("/keluarga/mirip/dinilai/", "th a"),
    ],
    office.COORDINATOR: [
        ("/lapangan/keputusan/",), ("/lapangan/keputusan/", "table a"),
        ("/lapangan/keputusan/", "table tr:nth-child(2) a"), ("/lapangan/keputusan/?state=DECIDED",),
        ("/lapangan/kunjungan/",), ("/lapangan/kunjungan/?result=DECLINED",), ("/lapangan/perangkat/",),
        ("/lapangan/perangkat/", "table a[href$='/cabut/']"), ("/lapangan/kunjungan/", "table a"), (SHEET,),
        ("/keluarga/perubahan/",), ("/keluarga/perubahan/", "table a"), ("/keluarga/masa-tunggu/",),
        ("/rekonsiliasi/", *CYCLE, "a[href$='/pernyataan/']"),
    ],
    office.HEAD: [
        ("/",), ("/pembayaran/", *CYCLE), ("/pembayaran/", *CYCLE, "a[href*='/daftar/']"),
        ("/pembayaran/", *CYCLE, "a[href$='/setujui/']"),
    ],
    office.OFFICER: [
        ("/",), ("/pembayaran/",), ("/pembayaran/", *CYCLE), ("/pembayaran/buka/?year=2024&stage=4&months=&region=63",),
        ("/pembayaran/", *SECOND, "a[href$='/perintah/']"),
        ("/rekonsiliasi/", *CYCLE, "a[href*='/berkas/']", "a[href$='/tarik/']"),
    ],
    office.PROVINCE: [
        ("/rekonsiliasi/", *CYCLE, "a[href$='/pernyataan/']", "table a[href*='/pernyataan/']"),
    ],
    "Petugas bank atau pos BRI": [
        ("/",), ("/rekonsiliasi/", *CYCLE), ("/rekonsiliasi/", *CYCLE, "a[href$='/kirim/']"), ("/pengguna/kunci/",),
        ("/pembayaran/perintah/?shelf=all",), ("/pembayaran/perintah/?shelf=all", "table a"),
        ("/pembayaran/perintah/?shelf=all", "table a", "a[href$='/periksa/']"),
    ],
    office.FACILITATOR: [
        ("/",), ("/keluarga/", "table a", "a[href*='/ubah/']"), ("/keluarga/", "table a", "a[href$='/ubah/ACCOUNT/']"),
    ],
    office.HELPDESK: [("/",), ("/pembayaran/", *SECOND, "a[href*='/daftar/']", "a[href*='/bayar/']")],
    office.AUDITOR: [("/jejak/",), ("/pembayaran/", *SECOND, "a[href$='/jurnal/']")],
    "Administrator": [("/",), ("/pengguna/",), ("/pengguna/undang/",), ("/pengguna/", "table a")],
}  # fmt: skip
"""For each role, ways to pages: an address, then what is clicked, or `+` and what is added to the address."""


EMPTY = """() => [...document.querySelectorAll("main .g-panel")].filter((one) => one.checkVisibility())
  .map((one) => [one, one.querySelector(".g-panel__head")?.innerText.trim() ?? ""])
  .filter(([one, head]) => one.innerText.trim() === head && !one.querySelector("img, canvas, svg"))
  .map(([, head]) => head)"""
"""Headings of panels that hold nothing that is printed."""


@pytest.fixture(scope="module")
def lived_in_site(filled_site, visitor):
    """With a change that waits for its decision."""
    with visitor(filled_site).enters_as(office.FACILITATOR) as facilitator:
        office.ask_for_a_change(facilitator)
    return filled_site


@pytest.mark.parametrize("role", WALKS, ids=lambda role: role or "nobody")
def test_it_can_be_read_by_everybody(lived_in_site, visitor, role):
    """No violation of WCAG 2.2 AA, nothing said by the browser, and on a phone nothing wider than the screen."""
    person = visitor(lived_in_site)
    if role:
        person.enters_as(role)
    wrong = []
    for place, walk in enumerate(WALKS[role]):
        schemes = ("light", "dark") if place % 2 == 0 else ("dark", "light")
        wrong += [f"{' '.join(walk)}: {fault}" for fault in faults_of(person.page, walk, schemes)]
    complaints = [one for one in person.faults if "/tidak-ada/" not in one]
    assert wrong + complaints == []


def faults_of(page, walk, schemes) -> list[str]:
    """Of the page a walk leads to: wide in one scheme, on a phone in the other."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme=schemes[0])
    page.goto(walk[0])
    for step in walk[1:]:
        if step.startswith("+"):
            page.goto(page.url + step[1:])
            continue
        if not page.locator(f".g-page {step}").count():
            return [f"nothing to click: {step}"]
        follow(page, page.locator(f".g-page {step}").first)
    found = [f"1280 {schemes[0]}: {one}" for one in axe(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=schemes[1])
    found += [f"360 {schemes[1]}: {one}" for one in axe(page)]
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    page.emulate_media(media="print")
    found += [f"on paper a heading without anything: {words}" for words in page.evaluate(EMPTY)]
    page.emulate_media(media="screen")
    return [*found, *([f"360: {wide} pixels too wide"] if wide > 0 else [])]


def axe(page) -> list[str]:
    """Violations, each with the first element. Goes through the debugger: the page's policy stays as it is."""
    rest(page)
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    told = page.evaluate(f"axe.run(document, {{runOnly: {TAGS}, resultTypes: ['violations']}})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]} {one['nodes'][0]['failureSummary'][:200]}"
        for one in told["violations"]
    ]


def test_the_language_is_chosen_by_keyboard_and_without_scripts(filled_site, visitor):
    page = visitor(filled_site, scripts=False).page
    for words, language in (("English", "en"), ("Bahasa Indonesia", "id")):
        page.goto("/periksa/")
        page.get_by_role("button", name=words).focus()
        page.keyboard.press("Enter")
        page.locator(f"html[lang={language}]").wait_for(state="attached")
        assert page.url.endswith("/periksa/")


def test_a_list_on_paper_says_what_it_was_narrowed_by(filled_site, visitor):
    """A wide one lies across its sheets from the first on, and these are numbered."""
    with visitor(filled_site).enters_as(office.OPERATOR) as operator:
        operator.page.goto("/rekonsiliasi/")
        operator.opens("Tahap 2 tahun 2024", "Pengecualian")
        operator.page.goto(f"{operator.page.url}?state=OPEN")
        operator.page.emulate_media(media="print")
        shown = operator.page.locator(".g-search select:visible").evaluate_all("all => all.map((one) => one.name)")
        assert shown == ["state"]
        first = PdfReader(io.BytesIO(operator.page.pdf(prefer_css_page_size=True))).pages[0]
        assert first.mediabox.width > first.mediabox.height
        assert "Terbuka" in first.extract_text() and "1 / " in first.extract_text()
        operator.page.goto("/beban/")
        assert operator.page.locator(".g-search :is(input, select):visible").count() == 0, "figures say of which day"
        operator.page.emulate_media(media="screen")


def test_what_is_drawn_anew_by_itself_keeps_the_focus(filled_site, visitor):
    """The button to stop a job, whose progress is drawn every two seconds."""
    with visitor(filled_site).enters_as(office.OPERATOR) as operator:
        owner = Grant.objects.get(role="DISTRICT_OPERATOR", person__logins__email__startswith="pintu.").person
        job = Job.objects.create(kind="x", title="Uji", owner=owner, state="RUNNING", step="pertama")
        operator.page.goto(f"/pekerjaan/{job.pk}/")
        operator.button("Hentikan").focus()
        Job.objects.filter(pk=job.pk).update(step="kedua")
        operator.sees("kedua")
        assert operator.page.evaluate("document.activeElement.innerText") == "Hentikan"
        Job.objects.filter(pk=job.pk).delete()


HOSTILE = "\"><img src=x onerror=document.title='ran'><script>document.title='ran'</script>{{7*7}}${7*7}"


def test_a_hostile_name_is_text(lived_in_site, visitor):
    """Whoever got it into a list: it is printed, and nothing runs."""
    from django_scopes import scopes_disabled

    from gandeng.accounts.acting import in_territory
    from gandeng.registry.models import Family, Member
    from gandeng.registry.tests.factories import EVERYWHERE

    with in_territory(EVERYWHERE), scopes_disabled():
        family = Family.objects.filter(village_code__startswith="6371").order_by("family_no").last()
        Member.objects.filter(pk=family.collector_id).update(name=HOSTILE)
    with visitor(lived_in_site).enters_as(office.OPERATOR) as operator:
        for address in (
            f"/keluarga/{family.pk}/",
            f"/keluarga/?q={family.family_no}",
            f"/keluarga/{family.pk}/ubah/DEATH/",
        ):
            operator.page.goto(address)
            assert HOSTILE in operator.page.locator("main").text_content(), address
            assert operator.page.locator("main img, main script").count() == 0
            assert operator.page.title() != "ran"
    with visitor(lived_in_site).enters_as(office.OPERATOR) as operator:
        operator.page.goto("/keluarga/?q=%22%3E%3Cscript%3Edocument.title%3D'ran'%3C/script%3E")
        assert operator.page.title() != "ran"
        assert operator.page.locator("main script").count() == 0
