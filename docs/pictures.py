"""Take the pictures of docs/guide and docs/images from a try-out that runs.

Say `make demo`, wait for its address, then `.venv/bin/python docs/pictures.py` (or `--site http://127.0.0.1:8001`).
Chromium is found as the browser tests find it. Names in PICTURES are those the pages ask for.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))

from playwright.sync_api import Browser, Page  # noqa: E402

from tests.browser.screens import chromium  # noqa: E402

BYTES_MAX = 150_000
WIDTH, HEIGHT_MAX = 1280, 900
GUIDE, FRONT = "guide/images", "images"

OPERATOR, COORDINATOR = "Operator data kabupaten/kota", "Koordinator kabupaten/kota"
HEAD, OFFICER, PROVINCE = "Kepala Dinas Sosial kabupaten/kota", "Petugas provinsi", "Kepala bidang provinsi"
BANK, FACILITATOR, AUDITOR = "Petugas bank atau pos BRI", "Pendamping sosial", "Pemeriksa"
HELPDESK, ADMINISTRATOR = "Petugas pengaduan", "Administrator"
MINISTRY = "Petugas Kementerian Sosial"

PAID, LISTED = "table tr:nth-child(2) a", "table a"
"""On the page of stages: the one that is paid, the one that waits for approvals."""


@dataclass(frozen=True)
class Picture:
    """Where it goes, who looks, which links are followed, from which element on and how much of it."""

    name: str
    role: str
    steps: tuple[str, ...]
    above: str = "main"
    height: int = HEIGHT_MAX
    whole: bool = False
    """With header and menu, from the top of the page."""


PICTURES = (
    Picture(f"{FRONT}/reconciliation.png", OFFICER, ("/rekonsiliasi/", LISTED), whole=True),
    Picture(f"{FRONT}/family.png", OPERATOR, ("/keluarga/", "table a"), whole=True),
    Picture(f"{FRONT}/caseload.png", COORDINATOR, ("/beban/6371/",), whole=True),
    Picture(f"{GUIDE}/masuk.png", "", ("/akun/login/",), height=520),
    Picture(f"{GUIDE}/operator-beranda.png", OPERATOR, ("/",), whole=True, height=640),
    Picture(f"{GUIDE}/operator-kirim.png", OPERATOR, ("/rekonsiliasi/", LISTED, "a[href$='/kirim/']"), height=760),
    Picture(
        f"{GUIDE}/operator-pengecualian.png", OPERATOR,
        ("/rekonsiliasi/", LISTED, "a[href$='/pengecualian/']", "table a[href*='/pengecualian/']"),
    ),
    Picture(f"{GUIDE}/operator-daftar.png", OPERATOR, ("/keluarga/daftar/baru/",), height=640),
    Picture(f"{GUIDE}/operator-dukcapil.png", OPERATOR, ("/keluarga/dukcapil/", "th a"), height=900),
    Picture(f"{GUIDE}/operator-kode-desa.png", OPERATOR, ("/keluarga/daftar/kode/baru/",), height=900),
    Picture(
        f"{GUIDE}/operator-mirip.png", OPERATOR, ("/keluarga/mirip/", "th a[href*='/mirip/']:not([href*='?'])"),
        height=1100,
    ),
    Picture(
        f"{GUIDE}/koordinator-perubahan.png", COORDINATOR,
        ("/keluarga/perubahan/", "tr:has-text('Perbaikan nama') a"), height=1500,
    ),
    Picture(f"{GUIDE}/koordinator-pendamping.png", COORDINATOR, ("/beban/6371/pendamping/",), height=820),
    Picture(
        f"{GUIDE}/koordinator-pengesahan.png", COORDINATOR,
        ("/rekonsiliasi/", LISTED, "a[href$='/pernyataan/']"), height=560,
    ),
    Picture(f"{GUIDE}/kepala-dinas-daftar.png", HEAD, ("/pembayaran/", PAID, "a[href*='/daftar/']"), height=820),
    Picture(f"{GUIDE}/kepala-dinas-tahap.png", HEAD, ("/pembayaran/", LISTED), height=820),
    Picture(f"{GUIDE}/petugas-provinsi-buka.png", OFFICER, ("/pembayaran/buka/?year=2024&stage=4&months=&region=63",)),
    Picture(f"{GUIDE}/petugas-provinsi-tahap.png", OFFICER, ("/pembayaran/", LISTED)),
    Picture(
        f"{GUIDE}/petugas-provinsi-perintah.png", OFFICER, ("/pembayaran/", PAID, "a[href$='/perintah/']"), height=620
    ),
    Picture(
        f"{GUIDE}/petugas-provinsi-bayar-ulang.png", OFFICER,
        ("/rekonsiliasi/", LISTED, "a[href$='/bayar-ulang/']"), height=760,
    ),
    Picture(
        f"{GUIDE}/petugas-provinsi-kas-negara.png", OFFICER,
        ("/rekonsiliasi/", LISTED, "a[href$='/kas-negara/']"), height=760,
    ),
    Picture(f"{GUIDE}/kementerian-hasil.png", MINISTRY, ("/rekonsiliasi/", LISTED), height=760),
    Picture(
        f"{GUIDE}/kepala-bidang-pernyataan.png", PROVINCE,
        ("/rekonsiliasi/", LISTED, "a[href$='/pernyataan/']", "table a[href*='/pernyataan/']"),
    ),
    Picture(f"{GUIDE}/petugas-bank-kirim.png", BANK, ("/rekonsiliasi/", LISTED, "a[href$='/kirim/']"), height=760),
    Picture(f"{GUIDE}/petugas-bank-terima.png", BANK, ("/rekonsiliasi/", LISTED, "a[href*='/berkas/']"), height=720),
    Picture(
        f"{GUIDE}/petugas-bank-periksa.png", BANK,
        ("/pembayaran/perintah/?shelf=all", "table a", "a[href$='/periksa/']"), height=760,
    ),
    Picture(f"{GUIDE}/petugas-bank-kunci.png", BANK, ("/pengguna/kunci/",), height=820),
    Picture(f"{GUIDE}/pendamping-keluarga.png", FACILITATOR, ("/keluarga/", "table a")),
    Picture(
        f"{GUIDE}/pendamping-perubahan.png", FACILITATOR,
        ("/keluarga/", "table a", "a[href$='/ubah/SCHOOL_LEVEL/']"), height=760,
    ),
    Picture(
        f"{GUIDE}/pendamping-p2k2.png", FACILITATOR,
        ("/p2k2/", "a[href*='/kelompok/']", "a[href$='/catat/']"), height=760,
    ),
    Picture(f"{GUIDE}/pendamping-komitmen.png", FACILITATOR, ("/komitmen/belum-terdaftar/",), height=760),
    Picture(f"{GUIDE}/pendamping-graduasi.png", FACILITATOR, ("/graduasi/proses/", "table a"), height=760),
    Picture(f"{GUIDE}/pendamping-tindak-lanjut.png", FACILITATOR, ("/tindak-lanjut/",), height=640),
    Picture(f"{GUIDE}/pendamping-kunjungan.png", FACILITATOR, ("/lapangan/kunjungan/",), height=640),
    Picture(f"{GUIDE}/pendamping-pengaduan.png", FACILITATOR, ("/pengaduan/baru/",), height=760),
    Picture(
        f"{GUIDE}/pendamping-surat.png", FACILITATOR,
        ("/keluarga/", "table a", "a[href^='/pengaduan/keluarga/']"), height=640,
    ),
    Picture(f"{GUIDE}/pemeriksa-jurnal.png", AUDITOR, ("/pembayaran/", PAID, "a[href$='/jurnal/']"), height=760),
    Picture(f"{GUIDE}/pemeriksa-jejak.png", AUDITOR, ("/jejak/",), height=640),
    Picture(
        f"{GUIDE}/petugas-pengaduan-pembayaran.png", HELPDESK,
        ("/pembayaran/", PAID, "a[href*='/daftar/']", "a[href*='/bayar/']"),
    ),
    Picture(f"{GUIDE}/administrator-orang.png", ADMINISTRATOR, ("/pengguna/",), height=640),
    Picture(f"{GUIDE}/administrator-undang.png", ADMINISTRATOR, ("/pengguna/undang/",), height=640),
)  # fmt: skip

PHONE = {"width": 360, "height": 640}
SCREENS = (("keluarga", "#/"), ("satu", ""), ("kirim", "#/kirim"), ("rencana", "#/rencana"))
"""Of the app of the field; none is one family that needs something."""
FORMS = (
    ("pertemuan", "#/pertemuan", -1, "Semua hadir", ".f-tile", ".f-tiles"),
    ("lembar", "#/lembar", 1, "Semua hadir penuh", ".f-member summary", "[data-field=cells]"),
)
"""Of the app: where the list is, which of it, what is pressed on the form, what is tapped then, what is looked at."""
_PIN = "482913"


def main(site: str, only: list[str]) -> None:
    """Take all pictures, or those whose name holds one of `only`."""
    wanted = [one for one in PICTURES if not only or any(part in one.name for part in only)]
    with chromium() as browser:
        for role in dict.fromkeys(one.role for one in wanted):
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT_MAX}, locale="id-ID", base_url=site)
            if role:
                page.goto("/coba/")
                page.get_by_role("button", name=f"Masuk sebagai {role}, ").click()
                page.goto("/")  # what greets after signing in is said once
            for picture in (one for one in wanted if one.role == role):
                print(_taken(page, picture))  # noqa: T201
            page.close()
        if not only or any("ponsel" in part for part in only):
            phone(browser, site)


def phone(browser: Browser, site: str) -> None:
    """The app of the field on a phone, with a visit that waits for a network."""
    context = browser.new_context(viewport=PHONE, locale="id-ID", base_url=site, device_scale_factor=2)
    page = context.new_page()
    page.goto("/coba/")
    page.get_by_role("button", name=f"Masuk sebagai {FACILITATOR}, ").click()
    page.goto("/lapangan/")
    for label in ("PIN 6 angka", "PIN sekali lagi"):
        page.get_by_label(label).fill(_PIN)
    page.get_by_role("button", name="Pasang di ponsel ini").click()
    page.locator("#keadaan", has_text="0 menunggu · sinkron ").wait_for()
    page.goto("/lapangan/#/rencana")
    card = page.locator(".f-card[href^='#/keluarga/']").first
    card.wait_for()
    family = str(card.get_attribute("href")).rsplit("/", 1)[1]
    _refused(page, family)
    context.set_offline(True)
    _visited(page, family)
    for name, where in SCREENS:
        page.evaluate("where => { location.hash = where; }", where or f"#/keluarga/{family}")
        page.wait_for_timeout(500)
        page.screenshot(path=DOCS / GUIDE / f"pendamping-ponsel-{name}.png", scale="css")
    for form in FORMS:
        _filled(page, *form)
    context.close()


def _filled(page: Page, name: str, where: str, which: int, press: str, tap: str, shown: str) -> None:
    page.evaluate("where => { location.hash = where; }", where)
    page.locator(f".f-card[href^='{where}/']").nth(which).click()
    page.get_by_role("button", name=press).click()
    page.locator(tap).nth(1).click()
    page.locator(shown).evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(300)
    page.screenshot(path=DOCS / GUIDE / f"pendamping-ponsel-{name}.png", scale="css")


def _refused(page: Page, family: str) -> None:
    page.evaluate("where => { location.hash = where; }", f"#/catat/{family}/change/MOVE")
    page.locator("#village").select_option("ELSE")
    page.locator("#village_code").fill("99.99.99.9999")
    page.locator("#reason").fill("Pindah rumah bulan ini")
    _saved(page)
    page.locator("#keadaan", has_text="0 menunggu").wait_for()


def _visited(page: Page, family: str) -> None:
    page.evaluate("where => { location.hash = where; }", f"#/catat/{family}/visit")
    page.get_by_label("Kunjungan rutin").check()
    page.get_by_label("Bertemu keluarga").check()
    _saved(page)


def _saved(page: Page) -> None:
    page.get_by_role("button", name="Simpan di ponsel").click()
    page.get_by_role("heading", name="Tersimpan di ponsel").wait_for()


def _taken(page: Page, picture: Picture) -> str:
    page.goto(picture.steps[0])
    for step in picture.steps[1:]:
        page.goto(str(page.locator(f".g-page {step}").first.get_attribute("href")))
    page.wait_for_load_state("networkidle")  # parts that are told later are there
    page.evaluate("document.fonts.ready")
    path = DOCS / picture.name
    path.parent.mkdir(parents=True, exist_ok=True)
    for height in _heights(picture.height):
        page.screenshot(path=path, full_page=True, clip=_clip(page, picture, height))
        if path.stat().st_size <= BYTES_MAX:
            return f"{picture.name}: {path.stat().st_size:,} bytes, {height} high"
    raise SystemExit(f"{picture.name} is larger than {BYTES_MAX:,} bytes")


def _heights(most: int) -> Iterator[int]:
    """Less of the page until it is small enough."""
    yield from range(most, most // 2, -40)


def _clip(page: Page, picture: Picture, height: int) -> dict[str, float]:  # type: ignore[valid-type]
    whole = page.evaluate("document.scrollingElement.scrollHeight")
    if picture.whole:
        return {"x": 0, "y": 0, "width": WIDTH, "height": min(height, whole)}
    box = page.locator(picture.above).first.bounding_box()
    if box is None:
        raise SystemExit(f"{picture.name}: nothing to see")
    content = page.locator(".g-page").bounding_box() or box
    return {
        "x": max(0, content["x"] - 16), "y": max(0, box["y"] - 16), "width": content["width"] + 32,
        "height": min(height, box["height"] + 32),
    }  # fmt: skip


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--site", default="http://127.0.0.1:8000")
    asked.add_argument("only", nargs="*", help="parts of the names of pictures")
    told = asked.parse_args()
    main(told.site, told.only)
