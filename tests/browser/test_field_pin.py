"""The PIN is changed on the phone: one write, so that a kill leaves the old one or the new."""

import pytest

from tests.browser.phone import PIN
from tests.browser.test_field_app import phone_family

NEW = "905172"
HANGS = """() => {
  crypto.subtle.encrypt = () => { globalThis.reached = true; return new Promise(() => {}); };
}"""


REACHED = "async () => { while (!globalThis.reached) await new Promise((soon) => setTimeout(soon, 20)); }"


def changes(phone, old: str = PIN, new: str = NEW, again: str = NEW) -> None:
    """Fills the form and presses."""
    phone.goes("#/ponsel/pin")
    phone.heads("Ganti PIN")
    phone.page.get_by_label("PIN lama").fill(old)
    phone.page.get_by_label("PIN baru, 6 angka").fill(new)
    phone.page.get_by_label("PIN baru sekali lagi").fill(again)
    phone.presses("Ganti PIN")


def opens_with(phone, pin: str) -> None:
    """After it was started again."""
    phone.unlocks(pin)
    phone.sees("Keluarga dampingan")


def test_the_new_pin_opens_what_the_old_one_closed(phone):
    """Also without network; what waits is still there, and the old PIN opens nothing."""
    phone.offline()
    phone.visits(phone_family(phone), "Sebelum PIN baru")
    changes(phone)
    phone.sees("PIN sudah diganti")
    phone.opens_app("#/")
    phone.page.reload()
    phone.unlocks(PIN)
    phone.sees("PIN salah", "Sisa 9 kali")
    opens_with(phone, NEW)
    phone.goes("#/kirim")
    phone.sees("Menunggu dikirim (1)")
    phone.offline(False)
    phone.state("0 menunggu")


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("48291", NEW, NEW, "PIN terdiri atas 6 angka."),
        (PIN, "123456", "123456", "PIN ini terlalu mudah ditebak."),
        (PIN, NEW, "905173", "Kedua PIN tidak sama."),
    ],
)
def test_it_refuses_what_is_no_pin(phone, old, new, again, words):
    before = phone.dump()["meta"]["state"]
    changes(phone, old, new, again)
    phone.sees(words)
    after = phone.dump()["meta"]["state"]
    assert (after["wrapped"], after["wrong"]) == (before["wrapped"], 0)


def test_a_wrong_old_pin_counts_to_the_ten(phone):
    """Five at the form, five at the door; ending the app takes none back."""
    for left in range(9, 4, -1):
        changes(phone, "111213")
        phone.sees(f"Sisa {left} kali")
    phone.opens_app("#/")
    phone.page.reload()
    for left in range(4, 0, -1):
        phone.unlocks("111213")
        phone.sees(f"Sisa {left} kali")
    phone.unlocks("111213")
    phone.sees("PIN salah sepuluh kali")
    assert phone.dump() == {"meta": {"state": {"wiped": "pin"}}, "caseload": {}, "entries": {}, "photos": {}}


def test_the_tenth_wrong_old_pin_empties_the_phone(phone):
    for left in range(9, 0, -1):
        changes(phone, "111213")
        phone.sees(f"Sisa {left} kali")
    changes(phone, "111213")
    phone.sees("PIN salah sepuluh kali")
    assert phone.dump() == {"meta": {"state": {"wiped": "pin"}}, "caseload": {}, "entries": {}, "photos": {}}


def test_killed_before_the_write_the_old_pin_opens(phone):
    """The key was unwrapped and is being wrapped again when the battery ends."""
    phone.offline()
    phone.page.evaluate(HANGS)
    changes(phone)
    phone.page.evaluate(REACHED)
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app("#/")
    phone.unlocks(NEW)
    phone.sees("PIN salah")
    opens_with(phone, PIN)


def test_killed_as_soon_as_it_is_said_the_new_pin_opens(phone):
    phone.offline()
    changes(phone)
    phone.sees("PIN sudah diganti")
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app("#/")
    phone.unlocks(PIN)
    phone.sees("PIN salah")
    opens_with(phone, NEW)


@pytest.mark.parametrize("after_ms", [60, 150, 240, 330])
def test_killed_anywhere_one_of_the_two_opens(phone, after_ms):
    phone.offline()
    phone.visits(phone_family(phone), f"Dimatikan {after_ms}")
    changes(phone)
    phone.page.wait_for_timeout(after_ms)
    phone.kill()
    phone.start()
    phone.offline()
    phone.opens_app("#/")
    wrapped = phone.dump()["meta"]["state"]
    phone.unlocks(PIN)
    phone.page.locator("body[data-ready=open], .g-alert--bad").first.wait_for()
    if phone.page.locator(".g-alert--bad").count():
        opens_with(phone, NEW)
    assert wrapped["device"]
    phone.goes("#/kirim")
    phone.sees("Menunggu dikirim (1)")
