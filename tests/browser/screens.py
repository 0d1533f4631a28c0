"""Chromium, and a person before it who clicks and types."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from playwright.sync_api import Browser, BrowserType, Locator, Page, expect, sync_playwright

from tests.browser.site import Site

MISSING = (
    "The browser tests need Chromium and found none: say `make setup-test`, or install it and name it in CHROMIUM "
    "(CHROMIUM=/path/to/chromium make test)."
)
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PATIENCE_MS = 30_000
_WORK_SECONDS = 120
"""For a search of half a minute on a machine that does much else."""
expect.set_options(timeout=_PATIENCE_MS)

STILL = """async () => {
  const drawn = () => new Promise((done) => requestAnimationFrame(done));
  await drawn();
  await drawn();
  const ends = (one) => one.effect.getComputedTiming().endTime < Infinity;
  await Promise.allSettled(document.getAnimations().filter(ends).map((one) => one.finished));
}"""


def chromium_path(own: str) -> str:
    """The browser to start: CHROMIUM, one on the path, or Playwright's `own`. Fails where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        assert found, f"CHROMIUM names {named}, which cannot be started. {MISSING}"
        return found
    found = shutil.which("chromium") or shutil.which("google-chrome") or (own if Path(own).exists() else None)
    assert found, MISSING
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        kind: BrowserType = playwright.chromium
        browser = kind.launch(executable_path=chromium_path(kind.executable_path), args=list(_ARGUMENTS))
        yield browser
        browser.close()


def follow(page: Page, pressed: Locator) -> None:
    """Presses what another page answers, and that page is read whole: what comes next does not meet the one before."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        pressed.click()


def rest(page: Page) -> None:
    """Until the parts that come later are there, and colours have faded into each other."""
    expect(page.locator("[hx-trigger=load]")).to_have_count(0)
    page.evaluate(STILL)


class Screen:
    """A window that several people use one after the other: opening one costs more than their whole visit."""

    def __init__(self, browser: Browser, site: Site, *, width: int = 1280, scripts: bool = True) -> None:
        self.scripts = scripts
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, base_url=site.address,
            locale="id-ID",
        )  # fmt: skip
        self.context.set_default_timeout(_PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._response)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"{self.page.url}: {text}")

    def _response(self, answer) -> None:
        if answer.status >= 400:
            self.faults.append(f"{answer.url}: {answer.status}")


class Visitor:
    """Somebody at a screen, signed out of it when leaving; the browser must have had nothing to complain of."""

    def __init__(self, screen: Screen) -> None:
        self.screen, self.page, self.faults = screen, screen.page, screen.faults
        self.page.goto("about:blank")  # the page somebody left asks for nothing any longer
        self.faults.clear()
        screen.context.clear_cookies()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        assert kind or self.faults == []

    def enters_as(self, role: str, place: str = "") -> "Visitor":
        """Through the door of the try-out."""
        self.page.goto("/coba/")
        self.follows(self.page.get_by_role("button", name=f"Masuk sebagai {role}, {place}"))
        self.sees("Selamat datang")
        return self

    def opens(self, *links: str) -> None:
        """One link after the other, by its words; the last one's page is read whole."""
        for words in links:
            self.follows(self.link(words))

    def follows(self, pressed: Locator) -> None:
        """What leads to another page; it is read whole."""
        follow(self.page, pressed)

    def link(self, words: str) -> Locator:
        """The first link of these words; on a phone the menu is opened first."""
        found = self.page.get_by_role("link", name=words)
        if not found.count() and self.page.locator("#menu a", has_text=words).count():
            self.page.locator(".g-menu").click()
            found.first.wait_for()
        return found.first

    def presses(self, words: str) -> None:
        """The first button of these words; the page that answers is read whole."""
        self.follows(self.button(words))

    def button(self, words: str) -> Locator:
        """The first of these words."""
        return self.page.get_by_role("button", name=words).first

    def signs_in(self, email: str, password: str) -> "Visitor":
        """With a password, as in an office."""
        self.page.goto("/akun/login/")
        self.writes("Surel", email)
        self.writes("Sandi", password)
        self.presses("Masuk")
        self.sees("Selamat datang")
        return self

    def field(self, label: str) -> Locator:
        """The field whose label begins so."""
        return self.labelled(label).first

    def labelled(self, label: str) -> Locator:
        """Everything of that label, regions that are named so among them."""
        return self.page.get_by_label(re.compile(rf"^{re.escape(label)}"))

    def writes(self, label: str, text: str) -> None:
        """Into the field of that label."""
        self.field(label).fill(text)

    def chooses(self, label: str, option: str | int) -> None:
        """From the list of that label, by words or by place."""
        chosen = {"index": option} if isinstance(option, int) else {"label": option}
        self.page.locator("select").and_(self.labelled(label)).first.select_option(**chosen)

    def sees(self, *words: str) -> None:
        """Each of these stands in the page, now or soon."""
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def waits_for(self, words: str) -> None:
        """Work in the background ends and its page says so; a page that does not ask by itself is loaded anew."""
        until = monotonic() + _WORK_SECONDS
        while words not in self.text() and monotonic() < until:
            self.page.wait_for_timeout(300)
            if not self.screen.scripts or "/pekerjaan/" not in self.page.url:
                self.page.reload()
        self.sees(words)

    def downloads(self, button: str) -> Path:
        """What the button sends."""
        with self.page.expect_download() as coming:
            self.button(button).click()
        return Path(coming.value.path())

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()
