"""Templates and static files hold no inline script or style and name no address outside."""

import json
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2]
STATIC = PACKAGE / "web" / "static" / "gandeng"
TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*.html"))
SERVED = [STATIC / name for name in ("gandeng.css", "gandeng.js", "htmx.min.js", "icons.svg", "charts.js")]
NAMED = ("https://github.com/vega/vega-lite/issues/2415", "https://vega.github.io/schema/vega/v6.json")
"""A warning and the name of a format in the library of charts; what loads data there is ours and refuses."""
NAMESPACE = "http://www.w3.org/"
_COMMENT = re.compile(r"{#.*?#}|{% comment .*?%}.*?{% endcomment %}|<!--.*?-->|/\*.*?\*/", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_INLINE = {
    "style attribute": re.compile(r"""\sstyle\s*=""", re.IGNORECASE),
    "event handler": re.compile(r"""\s(?:on[a-z]+|(?:data-)?hx-on[:a-z-]*)\s*=""", re.IGNORECASE),
    "evaluated value": re.compile(r"""=\s*["'](?:js|javascript):""", re.IGNORECASE),
    "evaluated trigger": re.compile(r"""hx-trigger\s*=\s*["'][^"']*\["""),
}


def text_of(path: Path) -> str:
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def faults_of(text: str) -> list[str]:
    tags = _TAG.findall(text)
    scripts = [tag for tag in tags if tag.lower().startswith("<script") and "src=" not in tag and "json" not in tag]
    found = [f"{what}: {tag}" for tag in tags for what, pattern in _INLINE.items() if pattern.search(tag)]
    return found + scripts + [tag for tag in tags if tag.lower().startswith("<style")]


def test_a_fault_would_be_seen() -> None:
    for bad in ('<p style="x">', "<a onclick='x'>", "<script>x</script>", '<a hx-vals="js:{}">', "<style>"):
        assert len(faults_of(bad)) == 1
    assert faults_of('<script src="/a.js" defer></script><c-alert tone="bad">') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_template_holds_inline_script_or_style(path: Path) -> None:
    assert faults_of(text_of(path)) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *SERVED], ids=name_of)
def test_nothing_is_fetched_from_outside(path: Path) -> None:
    text = text_of(path)
    for known in (NAMESPACE, *NAMED):
        text = text.replace(known, "")
    assert re.findall(r"(?:https?:)//[^\s\"')]+", text) == []


def test_every_icon_named_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    pattern = re.compile(r"""{% icon "([a-z0-9-]+)"|<c-[^>]*\sicon="([a-z0-9-]+)\"""")
    named = {one or other for path in TEMPLATES for one, other in pattern.findall(text_of(path))}
    assert named
    assert named - sprite == set()


def test_every_file_the_style_asks_for_is_there() -> None:
    asked = set(re.findall(r"url\(\"?([^\")]+)\"?\)", (STATIC / "gandeng.css").read_text(encoding="utf-8")))
    assert asked
    assert [name for name in asked if not name.startswith("data:") and not (STATIC / name).is_file()] == []


def test_each_library_brings_its_licence_and_no_letters_or_crown_of_others() -> None:
    assert {path.stem for path in (STATIC / "licences").iterdir()} == {
        "charts",
        "govuk-frontend",
        "htmx",
        "lucide",
        "public-sans",
    }
    served = "".join(path.read_text(encoding="utf-8") for path in SERVED)
    assert "GDS Transport" not in served
    assert "crown" not in served.lower()
    assert "sourceMappingURL" not in served


def test_the_lock_of_the_frontend_names_no_host_of_packages() -> None:
    lock = json.loads((PACKAGE.parent / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_every_library_in_the_charts_stands_in_their_licences() -> None:
    licences = (STATIC / "licences" / "charts.txt").read_text(encoding="utf-8")
    for name in ("vega", "vega-lite", "vega-interpreter", "d3-scale", "topojson-client"):
        assert re.search(rf"^{name}$", licences, re.MULTILINE), name
