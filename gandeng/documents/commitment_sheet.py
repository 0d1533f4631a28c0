"""lembar-komitmen.pdf: what a school or clinic fills in and signs, a code on each page that finds the sheet again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from gandeng.documents.masking import breakable, last_four
from gandeng.documents.numerals import long_date, month_name
from gandeng.documents.typesetting import MASK, REGIONS, midnight, qr_svg, typeset_often
from gandeng.words import language, say

ROWS_A_LEAF = 14
"""Members a page holds together with its own signature: a page that goes astray still says who signed it."""
Duty = Literal["education", "health", "welfare"]
_MONTHLY = {"education": ("absent", "leave", "sick", "sum", "percent"), "health": ("visits",), "welfare": ("visits",)}
_WIDTHS = {"education": (1, 1, 1, 1, 1.1), "health": (3,), "welfare": (3,)}


@dataclass(frozen=True)
class Pupil:
    """One row. `asked` is what the protocol of the quarter wants, with its group in words; nothing of others."""

    nik_last4: str
    nisn: str
    name: str
    level: str
    born: date
    asked: tuple[int, str] | None = None


@dataclass(frozen=True)
class Leaf:
    """One page: who is asked about, by whom, and where the code leads. `confirm` is the facility's own address."""

    facility: str
    number: str
    village: str
    quarter: str
    months: tuple[date, date, date]
    duty: Duty
    first_row: int
    pupils: Sequence[Pupil]
    code: str
    address: str
    confirm: str = ""
    confirm_until: date | None = None


def write_sheets(leaves: Sequence[Leaf], *, by: str, day: date) -> bytes:
    """All of them in one PDF, in their order; the same data give the same bytes."""
    data = {
        "language": language(), "region": REGIONS[language()], "date": [day.year, day.month, day.day],
        "title": say("commitment_sheet.document", quarter=leaves[0].quarter),
        "of_pages": say("commitment_sheet.of_pages", page="{page}", pages="{pages}"),
        "leaves": [_told(leaf, by, day) for leaf in leaves],
    }  # fmt: skip
    return typeset_often("commitment_sheet", data, midnight(day))


def _told(leaf: Leaf, by: str, day: date) -> dict[str, Any]:
    facts = [
        ("facility", leaf.facility), ("quarter", leaf.quarter), ("number", leaf.number), ("village", leaf.village),
        ("printed", say("commitment_sheet.printed_by", day=long_date(day), name=by)),
    ]  # fmt: skip
    signs = ("evidence", "signer_name", "signer_role")
    return {
        "programme": _say("programme"), "heading": _say(f"title_{leaf.duty}"),
        "facts": [[_say(label), breakable(text) or "–"] for label, text in facts],
        "fill": [say("commitment_sheet.days_of", month=_month(each)) for each in leaf.months]
        if leaf.duty == "education" else [],
        **_table(leaf),
        "note": _say(f"note_{leaf.duty}"), "sign": [_say(each) for each in signs],
        "signer": f"{_say('signature')}: {_say(f'signer_{leaf.duty}')}",
        "code": leaf.code, "find_again": _say("find_again"), "qr": qr_svg(leaf.address, mask=MASK),
        "alt": say("commitment_sheet.qr", address=leaf.address),
        "confirm": say("commitment_sheet.confirm", day=long_date(leaf.confirm_until)) if leaf.confirm_until else "",
        "confirm_qr": qr_svg(leaf.confirm, mask=MASK) if leaf.confirm else "", "confirm_alt": _say("confirm_qr"),
    }  # fmt: skip


def _table(leaf: Leaf) -> dict[str, Any]:
    """Columns, their widths, and a row per member with its cells to be filled left empty."""
    fixed, widths = (
        (("row", "nik", "nisn", "name", "level"), (0.8, 1.9, 1.9, 4.6, 1.3))
        if leaf.duty == "education" else (("row", "nik", "name", "born", "asked"), (0.8, 1.9, 5, 2.4, 3))
    )  # fmt: skip
    monthly = _MONTHLY[leaf.duty]
    kept = [index for index, name in enumerate(fixed) if name != "asked" or leaf.duty == "health"]
    head = [_say(f"column_{fixed[index]}") for index in kept]
    return {
        "groups": [["", len(head)], *([_month(each), len(monthly)] for each in leaf.months), ["", 1]],
        "header": [*head, *[_say(f"column_{name}") for name in monthly] * 3, _say("column_remark")],
        "widths": [*(widths[index] for index in kept), *_WIDTHS[leaf.duty] * 3, 2],
        "rows": [
            [*(breakable(_cell(fixed[index], pupil, leaf.first_row + place)) for index in kept),
             *[""] * (len(monthly) * 3 + 1)]
            for place, pupil in enumerate(leaf.pupils)
        ],
    }  # fmt: skip


def _cell(column: str, pupil: Pupil, row: int) -> str:
    asked = "" if pupil.asked is None else say(
        "commitment_sheet.asked", visits=pupil.asked[0], group=_say(f"group_{pupil.asked[1]}")
    )  # fmt: skip
    return {
        "row": str(row), "nik": last_four(pupil.nik_last4.rjust(5, "0")) if pupil.nik_last4 else "",
        "nisn": pupil.nisn, "name": pupil.name, "level": pupil.level,
        "born": f"{pupil.born:%d-%m-%Y}", "asked": asked,
    }[column]  # fmt: skip


def _say(name: str) -> str:
    return say(f"commitment_sheet.{name}")


def _month(day: date) -> str:
    return f"{month_name(day.month)} {day.year}"
