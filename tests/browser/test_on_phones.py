"""Everybody's pages on a phone: rows are cards that can be read, and the tab one is in is always in sight."""

import pytest

from tests.browser import office

BANK = "Petugas bank atau pos BRI"
CELLS = """() => [...document.querySelectorAll(".g-table--stack td, .g-table--stack th")]
  .filter((one) => one.checkVisibility() && !one.closest("thead"))
  .flatMap((one) => {
    const words = one.innerText.trim().slice(0, 60), box = one.getBoundingClientRect();
    const held = one.querySelector(":scope > .g-cell"), said = (what) => [`${what}: ${one.dataset.label} ${words}`];
    if (!one.dataset.label) {
      const plain = one.tagName === "TD" && words && one.colSpan === 1 && !one.querySelector("a, button");
      return plain ? said("nothing says what this is") : [];
    }
    if (!held) return said("laid out one by one");
    const inner = held.getBoundingClientRect(), below = inner.top - box.top > 12;
    if (getComputedStyle(held).textAlign !== "left") return said("does not read from the left");
    if (below) return Math.abs(inner.left - box.left) > 1 ? said("below its label, but not at the left") : [];
    return Math.abs(inner.right - box.right) > 1 ? said("beside its label, but not at the right") : [];
  })"""
"""Faults of the cards on a page. A cell's padding is 3 pixels: what starts 12 lower stands below its label."""
LONG = """() => [...document.querySelectorAll(".g-table--stack .g-cell")]
  .filter((one) => one.checkVisibility() && !one.children.length && one.innerText.length > 60)
  .map((one) => one.getBoundingClientRect().top - one.parentElement.getBoundingClientRect().top)"""
"""Of each long text in a card, how far it stands below the top of its cell."""
TAB = """() => {
  const tab = document.querySelector(".g-tabs [aria-current]");
  if (!tab) return null;
  const box = tab.getBoundingClientRect(), row = tab.closest(".g-tabs");
  return box.left >= 0 && box.right <= innerWidth && row.scrollWidth <= row.clientWidth;
}"""
"""Whether the tab one is in is whole in sight, and no other is out of it; null where there are none."""


def on_a_phone(page, address: str) -> list[str]:
    """What is wrong with a page."""
    page.goto(address)
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    found = [f"{wide} pixels too wide"] if wide > 0 else []
    if page.evaluate(TAB) is False:
        found.append("its tab is cut off")
    found += page.evaluate(CELLS)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    found += [f"{wide} pixels too wide with letters twice as large"] if wide > 0 else []
    return [f"{address} {one}" for one in found]


def addresses(page, links: str) -> list[str]:
    """Where these links of a page lead."""
    return page.eval_on_selector_all(links, "all => all.map(one => one.getAttribute('href'))")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", [office.FACILITATOR, office.OPERATOR, BANK])
def test_every_page_of_the_menu_and_its_parts_can_be_read(filled_site, visitor, role):
    """At 360 pixels, of everything the menu opens and all tabs there."""
    with visitor(filled_site, width=360).enters_as(role) as person:
        waiting, seen, wrong = addresses(person.page, ".g-nav a"), set(), []
        while waiting:
            address = waiting.pop(0)
            if address in seen or address == "/lapangan/":  # the app for the field looks after itself
                continue
            seen.add(address)
            wrong += on_a_phone(person.page, address)
            waiting += addresses(person.page, ".g-tabs a")
        assert wrong == []
        assert len(seen) > 5


def test_a_long_text_stands_below_its_label(filled_site, visitor):
    with visitor(filled_site, width=360).enters_as(office.OPERATOR) as operator:
        operator.page.goto("/rekonsiliasi/")
        operator.opens("Tahap 2 tahun 2024")
        long = operator.page.evaluate(LONG)
        assert long
        assert all(below > 12 for below in long)


@pytest.mark.parametrize(("width", "letters"), [(360, 16), (320, 16), (360, 20), (320, 20)])
def test_the_tab_one_is_in_is_in_sight(filled_site, visitor, width, letters):
    """The last of seven, on the smallest phones and with letters somebody made larger."""
    with visitor(filled_site, width=width).enters_as(office.OPERATOR) as operator:
        operator.page.goto("/rekonsiliasi/")
        operator.opens("Tahap 2 tahun 2024")
        for address in addresses(operator.page, ".g-tabs a"):
            operator.page.goto(address)
            operator.page.evaluate(f"document.documentElement.style.fontSize = '{letters}px'")
            assert operator.page.evaluate(TAB) is True, address
