"""Every screen of the app for everybody: axe, small and wide, light and dark, letters twice as large, by keyboard; in
English for who reads it so."""

import pytest

from tests.browser.field_people import GROUP, MEMBERS
from tests.browser.phone import PIN
from tests.browser.screens import follow
from tests.browser.test_every_page import axe

TARGETS = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((one) => !["radio", "checkbox"].includes(one.type))
  .filter((one) => one.checkVisibility() && !one.classList.contains("govuk-skip-link"))
  .map((one) => [one.textContent.trim() || one.id, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.5 || box.width < 44)
  .map(([words, box]) => `${words}: ${box.width}x${box.height}`)"""
INDONESIAN = ("Keluarga", "Lembar", "Pertemuan", "Simpan", "Kirim", "Belum", "Tidak ada", "Hari ini", "anggota")
"""Words of the app itself that no English screen has."""


def looked(phone) -> list[str]:
    """What is wrong with the screen."""
    phone.page.evaluate("document.getElementById('tab').style.position = 'static'")  # covers what is scrolled beneath
    wide = phone.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    return [*axe(phone.page), *([f"{wide} too wide"] if wide > 0 else []), *phone.page.evaluate(TARGETS)]


def screens(phone) -> list[tuple[str, str]]:
    """Addresses, each with what its heading says."""
    families = phone.families()
    one = families[0]["id"]
    matter = {
        what: (family["id"], each["id"])
        for family in families
        for each in family["decisions"]
        for what in (("appeal",) if each["told_on"] else ("told",))
    }
    absence = phone.caseload()["absences"][0]
    leaving = next(one for one in families if one["graduation"])
    case = leaving["graduation"]["case"]
    steps = {"checklist": "Daftar periksa", "visit": "Kunjungan graduasi", "statement": "Pernyataan graduasi"}
    return [
        ("#/", "Keluarga dampingan"), ("#/rencana", "Rencana hari ini"), ("#/pertemuan", "Pertemuan kelompok"),
        (f"#/pertemuan/{GROUP}", "Pertemuan Kenari"), ("#/lembar", "Lembar triwulan"),
        (f"#/lembar/{phone.sheet()}", "SD Negeri Canariah"), ("#/kirim", "Kotak kirim"), ("#/ponsel", "Ponsel ini"),
        ("#/ponsel/pin", "Ganti PIN"), (f"#/keluarga/{one}", ""), (f"#/catat/{one}/visit", "Kunjungan rumah"),
        (f"#/catat/{one}/report", "Laporan keluarga"), (f"#/catat/{one}/change/BIRTH", "Minta perubahan"),
        (f"#/catat/{absence['family']}/ask/{absence['id']}", "Sebab tidak hadir"),
        *((f"#/catat/{family}/{what}/{each}", "Keluarga") for what, (family, each) in matter.items()),
        *((f"#/catat/{leaving['id']}/graduation.{step}/{case}", words) for step, words in steps.items()),
        (f"#/keluarga/{leaving['id']}", ""), (f"#/catat/{one}/graduation.visit/{case}", "Hal ini tidak ada lagi"),
        ("#/tersimpan/pertemuan", "Tersimpan di ponsel"), (f"#/keluarga/{GROUP}", "Keluarga ini tidak ada"),
        (f"#/pertemuan/{one}", "Kelompok ini tidak ada"), (f"#/lembar/{one}/2026-1", "Lembar ini tidak ada"),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)])
def test_every_screen_is_for_everybody(phone_of, width, dark):
    """No violation of WCAG 2.2 AA, nothing wider than the screen, targets of 48 pixels."""
    phone = phone_of(width=width, dark=dark)
    phone.signs_in()
    phone.opens_app()
    found = [("install", one) for one in looked(phone)]
    phone.installs()
    for screen, words in screens(phone):
        phone.goes(screen)
        phone.heads(words)
        if "/pertemuan/" in screen and words == "Pertemuan Kenari":
            phone.presses("Semua hadir")
            phone.page.locator(".f-tile").first.click()
        for summary in phone.page.locator("main summary").all()[:2]:
            summary.click()
        found += [(screen, one) for one in looked(phone)]
    faulty = [screen for screen, _words in screens(phone) if "/graduation.statement/" in screen]
    for screen in (
        f"#/catat/{phone.families()[0]['id']}/visit", f"#/pertemuan/{GROUP}", f"#/lembar/{phone.sheet()}", *faulty,
    ):  # fmt: skip
        phone.goes(screen)
        phone.presses("Simpan di ponsel")
        phone.sees("Periksa isian ini")
        found += [(f"{screen} faults", one) for one in looked(phone)]
    assert found == []
    assert phone.faults == []


def test_letters_twice_as_large(phone_of):
    """Nothing is cut off, and nothing is wider than a small phone."""
    phone = phone_of(letters_px=32)
    phone.signs_in()
    phone.installs()
    found = []
    for screen, words in screens(phone):
        phone.goes(screen)
        phone.heads(words)
        assert phone.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        wide = phone.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        cut = phone.page.evaluate(
            """() => [...document.querySelectorAll("main *, nav *")]
              .filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX !== "visible")
              .filter((one) => !["SELECT", "INPUT", "TEXTAREA", "svg"].includes(one.tagName))
              .filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
        )
        found += [(screen, one) for one in ([f"{wide} too wide"] if wide > 0 else []) + cut]
    assert found == []


def test_a_meeting_is_told_by_keyboard(phone):
    """From the PIN to saved, without a pointer."""
    keys = phone.page.keyboard
    phone.goes(f"#/pertemuan/{GROUP}")
    phone.heads("Pertemuan Kenari")
    phone.page.reload()
    phone.sees("Buka dengan PIN")
    keys.press("Tab")
    keys.type(PIN)
    keys.press("Enter")
    phone.heads("Pertemuan Kenari")
    onto(phone, "Semua hadir")
    keys.press("Enter")
    keys.press("Tab")
    keys.press("Space")
    phone.sees(f"{MEMBERS - 1} hadir · 1 tidak hadir")
    onto(phone, "place")
    keys.type("Balai desa")
    onto(phone, "Simpan di ponsel")
    keys.press("Enter")
    phone.sees("Tersimpan di ponsel")


def onto(phone, what: str) -> None:
    """Tab by tab."""
    for _ in range(60):
        phone.page.keyboard.press("Tab")
        here = phone.page.evaluate("[document.activeElement.id, document.activeElement.textContent.trim()]")
        if what in here:
            return
    raise AssertionError(f"{what} is not reached")


def test_who_reads_english_reads_it_in_the_app(phone_of):
    """Chosen on the site: before the phone is entered, after, and in the words of codes."""
    phone = phone_of()
    phone.signs_in()
    follow(phone.page, phone.page.get_by_role("button", name="English"))
    phone.opens_app()
    phone.sees("Make a PIN")
    assert phone.page.evaluate("document.documentElement.lang") == "en"
    phone.page.get_by_label("PIN of 6 digits").fill(PIN)
    phone.page.get_by_label("PIN once more").fill(PIN)
    phone.presses("Set up on this phone")
    phone.sees("Families accompanied")
    phone.state("Connected", "0 waiting", "synced ")
    phone.page.reload()
    phone.sees("Open with your PIN")
    phone.page.get_by_label("PIN of 6 digits").fill(PIN)
    phone.presses("Open")
    phone.sees("Families accompanied")
    found = []
    for screen in (
        "#/rencana",
        "#/pertemuan",
        f"#/pertemuan/{GROUP}",
        "#/lembar",
        "#/kirim",
        "#/ponsel",
        "#/ponsel/pin",
    ):
        phone.goes(screen)
        said = phone.page.inner_text("body")
        found += [(screen, word) for word in INDONESIAN if word in said]
    assert found == []
    phone.goes(f"#/pertemuan/{GROUP}")
    phone.presses("Everybody came")
    phone.sees(f"{MEMBERS} present")
    assert phone.faults == []
