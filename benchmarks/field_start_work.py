"""What the measured process of `field_start` does: an office, its server, and a phone that starts the app."""

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Answer = tuple[int, dict[str, object]]
Work = Callable[[], Answer]
_PIN = "482913"
_READY = "body[data-ready]"


def field_start(inputs: Mapping[str, str]) -> Work:
    """The first start, starts without network, and how long the PIN takes; seconds of each."""
    from benchmarks.web_office import new_office
    from benchmarks.web_requests import serve

    starts, slower = int(inputs["starts"]), int(inputs["slower"])

    def work() -> Answer:
        folder = Path(inputs["out"])
        with new_office(folder) as office:
            from benchmarks import field_sync_stage as stage

            phone = stage.Phone(families=int(inputs["families"]))
            cookies = {name: one.value for name, one in phone.browser.cookies.items()}
            with serve(folder / "server.log") as port, tempfile.TemporaryDirectory() as disk:
                told = _started(f"http://127.0.0.1:{port}", cookies, Path(disk), starts=starts, slower=slower)
            return starts, {**office.facts, **told}

    return work


def _started(address: str, cookies: dict[str, str], disk: Path, *, starts: int, slower: int) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    from tests.browser.screens import chromium_path

    told: dict[str, list[float]] = {"first": [], "offline": [], "opened": []}
    with sync_playwright() as playwright:
        kind = playwright.chromium
        path = chromium_path(kind.executable_path)
        context = kind.launch_persistent_context(
            disk, executable_path=path, args=["--no-sandbox"], base_url=address, locale="id-ID",
            viewport={"width": 360, "height": 740},
        )  # fmt: skip
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
        page = context.pages[0]
        debugger = context.new_cdp_session(page)
        debugger.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        told["first"].append(_seconds(lambda: page.goto("/lapangan/"), page.locator(_READY)))
        _install(page)
        context.set_offline(True)
        for _ in range(starts):
            told["offline"].append(_seconds(page.reload, page.locator(_READY)))
            page.get_by_label("PIN 6 angka").fill(_PIN)
            opens = page.get_by_role("button", name="Buka")
            told["opened"].append(_seconds(opens.click, page.locator("#daftar a").last))
        context.close()
    return dict(told)


def _install(page: Any) -> None:
    for label in ("PIN 6 angka", "PIN sekali lagi"):
        page.get_by_label(label).fill(_PIN)
    page.get_by_role("button", name="Pasang di ponsel ini").click()
    page.locator("#daftar a").first.wait_for(timeout=60_000)
    page.locator("#keadaan", has_text="sinkron ").wait_for(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def _seconds(act: Callable[[], object], there: Any) -> float:
    """From the press until it is there."""
    began = time.perf_counter()
    act()
    there.wait_for(timeout=60_000)
    return time.perf_counter() - began


TASKS = {"field_start": field_start}
