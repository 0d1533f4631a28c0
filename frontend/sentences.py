"""Collects the sentences of pages and compiles their English: `make sentences`.

Sentences stand in Indonesian where they are used; `gandeng/<package>/locale/en/LC_MESSAGES/django.po` holds their
English. tests/house/test_sentences.py holds both against the code. What Django and allauth say in Indonesian stands
with them; where it calls mail by other words than our pages do, `gandeng/accounts/locale/id` says it in ours.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import allauth
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django import conf
from django.contrib import auth
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent / "gandeng"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
"""A catalogue that nobody changed is the same file again."""

ONE_WORD = ROOT / "accounts" / "locale" / "id" / "LC_MESSAGES" / "django.po"
BORROWED = [Path(each.__file__).parent / "locale" for each in (conf, allauth, auth)]
"""Whose Indonesian a person reads on our pages; the later is asked first."""
_NOT_HERE = ("idp/", "socialaccount/", "account/admin.py")
"""What of allauth no page of ours shows."""
_MAIL = re.compile(r"\b(?<![({])(e)-?mail\b(?![)}])", re.IGNORECASE)
"""The word, and not the name of what is filled in."""

_STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(((?:\s*{_STRING}\s*,?)+)")


def packages() -> list[Path]:
    """Folders of the packages that speak to people on pages."""
    return sorted(entry.parent for entry in ROOT.glob("*/apps.py"))


def catalogue_of(package: Path) -> Path:
    """Where the English of a package stands."""
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


def collected(package: Path) -> Catalog:
    """Every sentence the package asks for, without English."""
    catalog = _empty()
    for path in sorted(package.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(package).parts):
            for _, message, _, context in extract("python", BytesIO(path.read_bytes()), KEYWORDS):
                catalog.add(message, context=context)
    for path in sorted([*package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]):
        for message, context in _of_template(path):
            catalog.add(message, context=context)
    return catalog


def _of_template(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Django's own reading of a template gives its sentences as calls of gettext."""
    for name, told in _CALL.findall(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        words: list[str] = list(ast.literal_eval(f"({told.rstrip().rstrip(',')},)"))
        context = words.pop(0) if "p" in name.removesuffix("gettext") else None
        yield (tuple(words[:2]) if name.startswith("n") else words[0]), context


def read(package: Path) -> Catalog:
    """The package's catalogue as it stands; empty where there is none."""
    path = catalogue_of(package)
    if not path.exists():
        return _empty()
    with path.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalog: Catalog) -> bytes:
    """What a site reads."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(package: Path) -> int:
    """Bring the package's catalogue to its sentences, keeping their English; how many have none yet."""
    wanted, there = collected(package), read(package)
    if not len(wanted):
        return 0
    catalog = _empty()
    for message in wanted:
        if message.id:
            known = there.get(_key(message.id), context=message.context)
            catalog.add(message.id, known.string if known else None, context=message.context, flags=message.flags)
    keep(catalog, catalogue_of(package))
    return sum(1 for message in catalog if message.id and not _told(message.string))


def one_word() -> Catalog:
    """What is borrowed, where it says mail: in Indonesian, with the word of our pages."""
    catalog = _empty("id", "# What Django and allauth say of mail, in the word of our pages.")
    for folder in BORROWED:
        with (folder / "id" / "LC_MESSAGES" / "django.po").open("rb") as file:
            there = read_po(file, locale="id")
        for message in there:
            here = [path for path, _ in message.locations if not path.startswith(_NOT_HERE)]
            if message.id and _MAIL.search(str(message.string)) and (here or not message.locations):
                catalog.add(message.id, _in_our_word(message.string), context=message.context, flags=message.flags)
    return catalog


def _in_our_word(told: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(told, tuple):
        return tuple(str(_in_our_word(each)) for each in told)
    return _MAIL.sub(lambda found: "Surel" if found[1] == "E" else "surel", told)


def keep(catalog: Catalog, path: Path) -> None:
    """The catalogue, and what a site reads of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def _key(told: str | tuple[str, ...] | list[str]) -> str:
    return told if isinstance(told, str) else told[0]


def _told(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _empty(language: str = "en", header: str = "# English of the pages.") -> Catalog:
    return Catalog(
        locale=language, project="Gandeng", copyright_holder="the authors of Gandeng", charset="utf-8",
        creation_date=_ALWAYS, revision_date=_ALWAYS, fuzzy=False, header_comment=header,
    )  # fmt: skip


if __name__ == "__main__":
    keep(one_word(), ONE_WORD)
    for each in packages():
        if missing := update(each):
            print(f"{catalogue_of(each).relative_to(ROOT.parent)}: {missing} without English")  # noqa: T201
