"""A phone in the field: a browser with a folder of its own, that can lose the network, be killed and start again."""

import json
import os
import re
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import sleep

from lxml import html
from playwright.sync_api import Locator, expect

from tests.browser.screens import _ARGUMENTS, _PATIENCE_MS, chromium_path, follow

PIN = "482913"
FACILITATOR = "Pendamping sosial"

DUMP = """async () => {
  const db = await new Promise((done, not) => {
    const asked = indexedDB.open("gandeng-lapangan");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => not(asked.error);
  });
  const found = {};
  const legible = (value) => value instanceof Uint8Array || value instanceof ArrayBuffer
    ? [...new Uint8Array(value)].map((byte) => String.fromCharCode(byte)).join("")
    : value && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, legible(one)])) : value;
  const all = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  for (const name of db.objectStoreNames) {
    const store = db.transaction(name).objectStore(name);
    const [keys, values] = [await all(store.getAllKeys()), await all(store.getAll())];
    found[name] = Object.fromEntries(keys.map((key, place) => [key, legible(values[place])]));
  }
  db.close();
  return found;
}"""

_GOES = """where => location.hash === where || new Promise((there) => {
  addEventListener("hashchange", () => there(true), {once: true});
  location.hash = where;
})"""

_DRAFTS = """async () => {
  const asked = indexedDB.open("gandeng-lapangan");
  await new Promise((done) => { asked.onsuccess = done; });
  const lying = asked.result.transaction("caseload").objectStore("caseload");
  const got = lying.getAll(IDBKeyRange.bound("draft/", "draft0"));
  await new Promise((done) => { got.onsuccess = done; });
  asked.result.close();
  return got.result.map((one) => String(one.iv));
}"""

_RUN_OUT = """async () => {
  const asked = indexedDB.open("gandeng-lapangan");
  await new Promise((done) => { asked.onsuccess = done; });
  const store = asked.result.transaction("meta", "readwrite").objectStore("meta");
  const got = store.get("state");
  await new Promise((done) => { got.onsuccess = done; });
  const put = store.put({...got.result, shareUntil: Date.now() - 1000}, "state");
  await new Promise((done) => { put.onsuccess = done; });
  asked.result.close();
}"""

_SCRIBBLES = """(pad, points) => {
  const box = pad.getBoundingClientRect();
  for (let at = 0; at < points; at += 1) {
    const place = {clientX: box.left - 20 + at % (box.width + 40), clientY: box.top + (at * 7) % (box.height + 40)};
    pad.dispatchEvent(new PointerEvent("pointermove", {pointerId: 1, ...place}));
  }
}"""
"""The mouse is the pointer of that number, and is held down."""

_SHIFTED = """(() => {
  const Real = Date, shift = SHIFT;
  globalThis.Date = class extends Real {
    constructor(...told) { if (told.length) super(...told); else super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})()"""


def _chooses_letters(folder: Path, size_px: int) -> None:
    """As a person does in the settings of the browser."""
    chosen = {"webkit": {"webprefs": {"default_font_size": size_px}}}
    (folder / "Default").mkdir(parents=True, exist_ok=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(chosen), encoding="utf-8")


class Phone:
    """Somebody's."""

    def __init__(self, browser, site, folder: Path, *, width: int = 360, ahead_ms: int = 0, dark: bool = False,
                 letters_px: int = 16) -> None:  # fmt: skip
        self.kind, self.site, self.folder = browser.browser_type, site, folder
        self.width, self.ahead_ms, self.dark = width, ahead_ms, dark
        _chooses_letters(folder, letters_px)
        self.start()

    def start(self) -> None:
        """Again after it was killed, with what lay on its disk."""
        self.faults: list[str] = []
        self.context = self.kind.launch_persistent_context(
            self.folder, executable_path=chromium_path(self.kind.executable_path), args=list(_ARGUMENTS),
            viewport={"width": self.width, "height": 780}, base_url=self.site.address, locale="id-ID",
            timezone_id="Asia/Jakarta", color_scheme="dark" if self.dark else "light",
        )  # fmt: skip
        self.context.clear_cookies()  # a login ends with its browser, also where Chromium was killed
        self.context.set_default_timeout(_PATIENCE_MS)
        if self.ahead_ms:
            self.context.add_init_script(_SHIFTED.replace("SHIFT", str(self.ahead_ms)))
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def kill(self) -> None:
        """As a battery that is empty: no process of it ends in order."""
        mine = [int(each.name) for each in Path("/proc").glob("[0-9]*") if self._is_mine(each)]
        assert mine
        for process in mine:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(self._is_mine(Path(f"/proc/{process}")) for process in mine):
            sleep(0.01)  # until it has gone its folder is its own
        with suppress(Exception):
            self.context.close()
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self.folder / name).unlink(missing_ok=True)

    def _is_mine(self, process: Path) -> bool:
        with suppress(OSError):
            return f"--user-data-dir={self.folder}".encode() in (process / "cmdline").read_bytes()
        return False

    def close(self) -> None:
        """For good."""
        with suppress(Exception):
            self.context.close()

    def signs_in(self, role: str = FACILITATOR) -> None:
        """Through the door of the try-out."""
        self.page.goto("/coba/")
        follow(self.page, self.page.get_by_role("button", name=f"Masuk sebagai {role}, ").first)

    def is_let_in(self) -> None:
        """Through the same door without looking at it, nor at the page behind it: its form is sent from beside."""
        asked = self.context.request
        doors = html.fromstring(asked.get("/coba/").text()).iter("form")
        door = next(one for one in doors if f" sebagai {FACILITATOR}, " in " ".join(one.text_content().split()))
        assert asked.post(door.action, form=dict(door.form_values()), max_redirects=0).status == 302

    def signs_in_with(self, email: str, password: str) -> None:
        """As in an office: the try-out has no door for whoever has no role."""
        self.page.goto("/akun/login/?next=/lapangan/")
        self.page.get_by_label("Surel").fill(email)
        self.page.get_by_label("Sandi", exact=True).fill(password)
        follow(self.page, self.page.get_by_role("button", name="Masuk", exact=True))
        self.is_there()

    def installs(self, pin: str = PIN) -> None:
        """With a PIN; waits for the families and for the shell on the disk."""
        self.opens_app()
        self.enters(pin)
        self.sees("Keluarga dampingan")
        self.synced()
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")

    def enters(self, pin: str = PIN) -> None:
        """Fills the first form and presses."""
        self.page.get_by_label("PIN 6 angka").fill(pin)
        self.page.get_by_label("PIN sekali lagi").fill(pin)
        self.presses("Pasang di ponsel ini")

    def opens_app(self, hash_: str = "") -> None:
        """From the home screen."""
        self.page.goto(f"/lapangan/{hash_}")
        self.is_there()
        self.is_drawn()

    def is_there(self) -> None:
        """The first screen stands."""
        self.page.locator("body[data-ready]").wait_for()

    def is_drawn(self) -> None:
        """The screen the address names stands, not the one before."""
        self.page.locator("main:not([inert])").wait_for()

    def starts_again(self) -> None:
        """Closed and opened; locked."""
        self.page.reload()
        self.is_there()

    def unlocks(self, pin: str = PIN) -> None:
        """With the PIN."""
        self.page.get_by_label("PIN 6 angka").fill(pin)
        self.presses("Buka")

    def share_runs_out(self) -> None:
        """Fourteen days have gone by; the app is opened again."""
        self.page.evaluate(_RUN_OUT)
        self.page.reload()

    def goes(self, hash_: str) -> None:
        """To a screen."""
        self.page.evaluate(_GOES, hash_)
        self.is_drawn()

    def follows(self, link: Locator) -> None:
        """To the screen it leads to."""
        follow(self.page, link)
        self.is_drawn()

    def presses(self, words: str) -> None:
        """The first button of these words."""
        self.page.get_by_role("button", name=words).first.click()

    def sees(self, *words: str) -> None:
        """Now or soon."""
        for each in words:
            expect(self.page.locator("main:not([inert])")).to_contain_text(each)

    def heads(self, words: str) -> None:
        """The screen has that heading."""
        expect(self.page.locator("main:not([inert]) h1")).to_contain_text(words)

    def state(self, *words: str) -> None:
        """The line of the state says so."""
        for each in words:
            whole = re.compile(rf"(?<!\d){re.escape(each)}")  # 10 that wait are not 0
            expect(self.page.locator("#keadaan")).to_contain_text(whole, timeout=60_000)

    def synced(self) -> None:
        """It has spoken with the server, and nothing is under way."""
        self.state("Tersambung", "sinkron ")
        expect(self.page.locator("#keadaan")).not_to_contain_text("belum pernah")

    def syncs(self) -> None:
        """By hand."""
        self.page.locator("#sinkron").click()
        expect(self.page.locator("#sinkron:not([aria-disabled])")).to_be_visible(timeout=120_000)

    def offline(self, off: bool = True) -> None:
        """Away from every mast, or back."""
        self.context.set_offline(off)

    def visits(self, family: str, note: str, *, photo: bytes | None = None) -> None:
        """Enters a visit to the family, and reads that it is kept."""
        self.goes(f"#/catat/{family}/visit")
        self.page.get_by_label("Kunjungan rutin").check()
        self.page.get_by_label("Bertemu keluarga").check()
        self.page.locator("#note").fill(note)
        if photo:
            self.photographs(photo)
        self.saves()

    def photographs(self, photo: bytes) -> None:
        """A document."""
        before = self.page.locator(".f-photos canvas").count()
        self.page.locator("#foto").set_input_files({"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": photo})
        expect(self.page.locator(".f-photos canvas")).to_have_count(before + 1)

    def asks_for_school(self, family: dict, *, photo: bytes | None = None) -> None:
        """A change of the first member's school level."""
        self.goes(f"#/catat/{family['id']}/change/SCHOOL_LEVEL")
        self.page.locator("#member").select_option(family["members"][0]["id"])
        self.page.locator("#school_level").select_option("SMP")
        self.page.locator("#reason").fill("Naik kelas tahun ini")
        if photo:
            self.photographs(photo)
        self.saves()

    def meets(self, group: str, *, missing: int = 0, photos: Sequence[bytes] = ()) -> None:
        """Tells the meeting planned for the group; the first so many did not come."""
        self.goes(f"#/pertemuan/{group}")
        self.presses("Semua hadir")
        for tile in self.page.locator(".f-tile").all()[:missing]:
            tile.click()
        self.page.get_by_label("Tempat", exact=True).fill("Balai desa")
        self.page.locator("#agreed").fill("Menabung seminggu sekali")
        for photo in photos:
            self.photographs(photo)
        self.saves()

    def sheet(self, name: str = "SD Negeri Canariah", quarter: int = -1) -> str:
        """The id of a sheet on the list; of the quarters, the last of the list is the one that ended."""
        self.goes("#/lembar")
        self.sees(name)
        address = self.page.locator(".f-card", has_text=name).nth(quarter).get_attribute("href")
        return str(address).removeprefix("#/lembar/")

    def fills_sheet(self, sheet: str, *, absent: int = 0, signer: str = "Ibu Kepala Canariah",
                    photos: Sequence[bytes] = ()) -> None:  # fmt: skip
        """All were there on each of twenty days; the first so many missed one of the first month."""
        self.goes(f"#/lembar/{sheet}")
        self.presses("Semua hadir penuh")
        for month in (1, 2, 3):
            self.page.locator(f"#days_{month}").fill("20")
        for member in self.page.locator(".f-member").all()[:absent]:
            member.locator("summary").click()
            member.get_by_role("button", name=re.compile("^Tambah Alpa")).first.click()
        self.page.get_by_label("Nama penanda tangan").fill(signer)
        self.page.get_by_label("Jabatan penanda tangan").fill("Kepala sekolah")
        self.page.get_by_label("Tempat tanda tangan").fill("Ruang guru")
        for photo in photos:
            self.photographs(photo)
        self.saves()

    def signs(self, *, finger: bool = False, more: int = 0) -> None:
        """On the pad of the form, with the mouse or a finger; `more` points beside those."""
        pad = self.page.locator("main canvas.g-signature")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        points = [(box["x"] + 20 + at * 12, box["y"] + (30 if at % 2 else 80)) for at in range(12)]
        if finger:
            self._by_finger(points)
        else:
            self.page.mouse.move(*points[0])
            self.page.mouse.down()
            for point in points[1:]:
                self.page.mouse.move(*point)
            pad.evaluate(_SCRIBBLES, more)
            self.page.mouse.up()

    def _by_finger(self, points: Sequence[tuple[float, float]]) -> None:
        touch = self.context.new_cdp_session(self.page)
        touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points, strict=True):
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})

    def saves(self) -> None:
        """And is told so."""
        self.presses("Simpan di ponsel")
        self.sees("Tersimpan di ponsel")

    def drafted(self) -> None:
        """What is half entered lies on the disk. Said twice: a write may have been under way that knew less."""
        for _ in range(2):
            before = self.page.evaluate(_DRAFTS)
            self.page.locator(".f-form").dispatch_event("input")
            while self.page.evaluate(_DRAFTS) == before:
                self.page.wait_for_timeout(50)

    def reads(self) -> None:
        """The first answer of the server; it is not told again."""
        answers = self.page.get_by_role("button", name="Sudah saya baca")
        before = answers.count()
        answers.first.click()
        expect(answers).to_have_count(before - 1)

    def dump(self) -> dict:
        """Everything that lies in its IndexedDB."""
        return self.page.evaluate(DUMP)

    def waiting(self) -> int:
        """Entries on the phone that wait."""
        return sum(row["state"] == "WAITING" for row in self.dump()["entries"].values())

    def families(self) -> list[dict]:
        """Hers."""
        return self.caseload()["families"]

    def caseload(self) -> dict:
        """As the server carries it to her, asked beside the app."""
        return self.page.evaluate(
            """async () => {
              const device = await new Promise((done) => {
                const asked = indexedDB.open("gandeng-lapangan");
                asked.onsuccess = () => {
                  const got = asked.result.transaction("meta").objectStore("meta").get("state");
                  got.onsuccess = () => { done(got.result.device); asked.result.close(); };
                };
              });
              const headers = {"X-Gandeng-App": "1"};
              return (await (await fetch(`/lapangan/v1/muatan?device=${device}`, {headers})).json());
            }"""
        )
