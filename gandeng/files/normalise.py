"""From raw text columns to canonical typed ones, as DuckDB SQL: one expression per kind of cell, for every format.

An *ordinary* cell takes a cheap branch (a cast that prints back to the same text); only others meet a regular
expression. Amounts follow `gandeng.core.money.parse_rupiah` to the letter; a property test holds the two together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from gandeng.core.channels import BANKS, POST
from gandeng.core.matching_tables import NIK_LENGTH
from gandeng.core.money import AMOUNT_DIGITS_MAX
from gandeng.core.tables import Type
from gandeng.files.layouts import SIXTEEN_DIGITS, Field, Kind, Layout
from gandeng.files.profiles import Profile

AMOUNT_MOST = 10**AMOUNT_DIGITS_MAX - 1
NIK_PATTERN = f"[0-9]{{{NIK_LENGTH}}}"
STAGE_PATTERN = "(?:19|20)[0-9]{2}-[1-9][0-9]?"
DISTRICT_PATTERN = r"[0-9]{2}\.[0-9]{2}"
VILLAGE_PATTERN = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}"
PLACE_PATTERN = r"[0-9]{2}(?:\.[0-9]{2}){0,2}"
"""A province, a district or a sub-district."""
EVENT_DAY = "occurred_on"

_FORMULA_SIGNS = "=+@\t\r＝＋－＠-"
FORMULA_START = f"^[{_FORMULA_SIGNS}]"
"""A name a spreadsheet would run as a formula gets an apostrophe in front, in CSV alone; read again it is taken off."""

_GROUPED = r"^(?:Rp ?)?([1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,00)?$"
_POINTED = r"^(?:Rp ?)?([0-9]+)\.00$"


@dataclass(frozen=True)
class Years:
    """Years a day may lie in: first and last day, and the four digits of a year as a pattern."""

    first: str
    last: str
    pattern: str


LIVING_MEMORY = Years("1900-01-01", "2099-12-31", "(?:19|20)[0-9]{2}")
"""For days of people: born, died. Another year is a slip of the pen."""

ANY_YEAR = Years("0001-01-01", "9999-12-31", "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])")
"""For days of events: money moved, so the row counts and the strange day is told beside it (contract, `detail`)."""
_SCIENTIFIC = r"[0-9]+(?:[.,][0-9]*)?[eE]\+[0-9]+"


@dataclass(frozen=True)
class Rule:
    """A canonical row breaks it where `broken` is true; `code` names the sentence, `column` the cell."""

    code: str
    column: str
    broken: str

    @property
    def mark(self) -> str:
        """How it stands in `damage` until codes and columns part."""
        return f"{self.code}@{self.column}"


def quoted(text: str) -> str:
    """An SQL text literal."""
    return "'" + text.replace("'", "''") + "'"


def amount_sql(text: str) -> str:
    """BIGINT rupiah, NULL where it cannot be read; never raises."""
    digits = (
        f"ltrim(replace(coalesce(nullif(regexp_extract({text}, {quoted(_GROUPED)}, 1), ''),"
        f" nullif(regexp_extract({text}, {quoted(_POINTED)}, 1), '')), '.', ''), '0')"
    )
    plain = f"try_cast({text} as bigint)"
    return (
        f"case when cast({plain} as varchar) = {text} and {plain} between 0 and {AMOUNT_MOST:d} then {plain}"
        f" when {digits} = '' then 0"
        f" when length({digits}) <= {AMOUNT_DIGITS_MAX:d} then try_cast({digits} as bigint) end"
    )


def day_sql(text: str, date_format: str | None = None, years: Years = LIVING_MEMORY) -> str:
    """DATE, NULL where it cannot be read or is outside `years`; never raises. ISO, day first, or the profile's."""
    first_form = f"[0-9]{{2}}(?:/[0-9]{{2}}/|-[0-9]{{2}}-){years.pattern}"
    day_first = _rearranged(text, year=7, month=4, day=1)
    other = {
        "%Y%m%d": (f"{years.pattern}[0-9]{{4}}", _rearranged(text, year=1, month=5, day=7)),
        "%d%m%Y": (f"[0-9]{{4}}{years.pattern}", _rearranged(text, year=5, month=3, day=1)),
        "%d.%m.%Y": (rf"[0-9]{{2}}\.[0-9]{{2}}\.{years.pattern}", day_first),
    }.get(date_format or "")
    iso = f"try_cast({text} as date)"
    extra = f" when regexp_full_match({text}, {quoted(other[0])}) then {other[1]}" if other else ""
    sane = f"{iso} between date '{years.first}' and date '{years.last}'"
    return (
        f"case when cast({iso} as varchar) = {text} and {sane} then {iso}"
        f" when regexp_full_match({text}, {quoted(first_form)}) then {day_first}{extra} end"
    )


def _rearranged(text: str, *, year: int, month: int, day: int) -> str:
    parts = f"substr({text}, {year}, 4) || '-' || substr({text}, {month}, 2) || '-' || substr({text}, {day}, 2)"
    return f"try_cast({parts} as date)"


def _flag_sql(text: str) -> str:
    return f"case lower({text}) when 'true' then true when 'false' then false end"


def _number_sql(text: str) -> str:
    return f"case when regexp_full_match({text}, '[1-9][0-9]?') then try_cast({text} as bigint) end"


def _count_sql(text: str) -> str:
    return f"case when regexp_full_match({text}, '[0-9]{{1,9}}') then try_cast({text} as bigint) end"


def _decile_sql(text: str) -> str:
    return f"case when regexp_full_match({text}, '[1-9]|10') then try_cast({text} as bigint) end"


_TYPED: dict[Kind, Callable[[str], str]] = {
    Kind.AMOUNT: amount_sql,
    Kind.DAY: day_sql,
    Kind.FLAG: _flag_sql,
    Kind.NUMBER: _number_sql,
    Kind.COUNT: _count_sql,
    Kind.DECILE: _decile_sql,
}

_UNREADABLE = {
    Kind.AMOUNT: "amount_unreadable",
    Kind.DAY: "date_unreadable",
    Kind.FLAG: "flag_unreadable",
    Kind.NUMBER: "number_unreadable",
    Kind.COUNT: "count_unreadable",
    Kind.DECILE: "decile_unreadable",
    Kind.NIK: "nik_damaged",
    Kind.FAMILY_CARD: "family_card_damaged",
    Kind.STAGE: "stage_unreadable",
    Kind.DISTRICT: "district_unreadable",
    Kind.VILLAGE: "village_unreadable",
    Kind.PLACE: "place_unreadable",
}


def value_sql(field: Field, profile: Profile | None = None) -> str:
    """Canonical value of a raw text column of that name."""
    if field.kind is Kind.DAY:
        return day_sql(field.name, profile.date_format if profile else None, _years(field))
    if field.kind in _TYPED:
        return _TYPED[field.kind](field.name)
    if field.words:
        words = "".join(f" when {quoted(word.casefold())} then {quoted(ours)}" for word, ours in field.words)
        return f"case lower({field.name}){words} else {field.name} end"
    return _worded(field, profile) if profile is not None else field.name


GUARDED = "name"
"""The column whose texts are guarded against spreadsheets."""
GUARDS = tuple(f"'{sign}".encode() for sign in _FORMULA_SIGNS)
"""What a guarded name begins with: a file without one of them has none."""


def unguarded_sql(name: str) -> str:
    """SQL: a name without its guard, which is no part of it: a bank compares names to the letter."""
    rest = f"substr({name}, 2)"
    guarded = f"starts_with({name}, '''') and regexp_matches({rest}, '{FORMULA_START}')"
    return f"case when {guarded} then {rest} else {name} end"


def _years(field: Field) -> Years:
    return ANY_YEAR if field.any_year else LIVING_MEMORY


def _worded(field: Field, profile: Profile) -> str:
    """What a profile changes about a text column."""
    name = field.name
    if name == "channel" and profile.channel is not None:
        return f"case when {name} = '' then {quoted(profile.channel)} else {name} end"
    if name == "event":
        words = "".join(f" when {quoted(word.casefold())} then {quoted(ours)}" for word, ours in profile.events.items())
        return f"case lower({name}){words} else {name} end" if words else name
    if name == "account_no" and profile.account_digits:
        return padded_sql(name, profile.account_digits)
    return name


def padded_sql(account: str, length: int) -> str:
    """SQL: an account number with the zeros in front that a spreadsheet drops (contract, profiles)."""
    return (
        f"case when length({account}) between 1 and {length - 1:d} and regexp_full_match({account}, '[0-9]+')"
        f" then lpad({account}, {length:d}, '0') else {account} end"
    )


def canonical_sql(layout: Layout, raw: str, *, profile: Profile | None, guarded: bool) -> str:
    """The canonical table of a raw relation that carries `row` and `damage`: values, `row`, and `damage` in full.

    `guarded` where names may have an apostrophe against spreadsheets: text of CSV and workbooks.
    For a strict layout `damage` has only what the values do not show any more; `rules` finds the rest in them.
    """
    texts = {field.name: value_sql(field, profile) for field in layout.fields}
    if guarded and GUARDED in texts:
        texts[GUARDED] = unguarded_sql(GUARDED)
    values = ", ".join(f"{value} as {name}" for name, value in texts.items())
    kept = "".join(f", {field.name} as raw_{field.name}" for field in layout.fields if field.type is not Type.TEXT)
    damage = marks_sql(layout, raw_damage="raw_damage")
    inner = f"select {values}{kept}, row, damage as raw_damage from {raw}"
    return f"select {', '.join(layout.names)}, row, {damage} as damage from ({inner})"


def marks_sql(layout: Layout, *, raw_damage: str | None = None) -> str:
    """`damage` of a row of values that still has `raw_...`, the text of the typed ones, beside them."""
    typed = [field for field in layout.fields if field.type is not Type.TEXT]
    lost = [Rule(_UNREADABLE[field.kind], field.name, _lost(field)) for field in typed]
    return damage_sql([*lost, *(() if layout.strict else rules(layout))], raw_damage=raw_damage)


def _lost(field: Field) -> str:
    """A cell that held something and became nothing. A day may not be empty in a result: an event has its day."""
    empty_is_lost = field.name == EVENT_DAY
    return f"{field.name} is null" if empty_is_lost else f"{field.name} is null and raw_{field.name} <> ''"


def damage_sql(found: list[Rule], *, raw_damage: str | None = None) -> str:
    """The broken rules' marks joined by commas, '' for a sound row (the cheap branch)."""
    any_broken = f"coalesce({' or '.join(f'({rule.broken})' for rule in found) or 'false'}, false)"
    marks = ", ".join(f"case when {_untold(rule, raw_damage)} then {quoted(rule.mark)} end" for rule in found)
    told = f"nullif({raw_damage}, '')" if raw_damage else "null"
    sound = f"not ({any_broken})" + (f" and {raw_damage} = ''" if raw_damage else "")
    joined = f"concat_ws(',', {', '.join(part for part in (told, marks) if part)})"
    distinct = f"array_to_string(list_sort(list_distinct(string_split({joined}, ','))), ',')"
    return f"case when {sound} then '' else {distinct} end"


def _untold(rule: Rule, raw_damage: str | None) -> str:
    """A cell the reader has already found damaged is told once."""
    return f"({rule.broken}) and not contains({raw_damage}, '@{rule.column}')" if raw_damage else rule.broken


def codes_sql(damage: str) -> str:
    """`damage` without the columns: what a canonical table carries."""
    return f"case when {damage} = '' then '' else {_without_columns(damage)} end"


def _without_columns(damage: str) -> str:
    bare = f"regexp_replace({damage}, '@[a-z_]+', '', 'g')"
    return f"array_to_string(list_sort(list_distinct(string_split({bare}, ','))), ',')"


def rules(layout: Layout) -> list[Rule]:
    """What a canonical row must keep, beyond what `damage` says already; none of these needs the raw text."""
    found = [rule for field in layout.fields for rule in _field_rules(field, strict=layout.strict)]
    if layout.bank_with_account:
        banks = ", ".join(quoted(bank) for bank in BANKS)
        found.append(Rule("account_missing", "account_no", f"account_no = '' and channel in ({banks})"))
    if layout.post_without_account:
        found.append(Rule("account_not_expected", "account_no", f"account_no <> '' and channel = '{POST}'"))
    return found


def _field_rules(field: Field, *, strict: bool) -> Iterator[Rule]:
    """Empty, out of bounds, of the wrong form, or not among the choices."""
    name = field.name
    if strict and field.required:
        typed = f"{name} is null and not contains(damage, '@{name}')"
        yield Rule("cell_empty", name, f"{name} = ''" if field.type is Type.TEXT else typed)
    if field.kind in _BOUNDS or field.kind is Kind.DAY:
        yield from _bounds(field, strict=strict)
    elif field.kind in PATTERNS:
        # one function on one column: DuckDB then looks at each distinct value once
        form = quoted(f"(?:{PATTERNS[field.kind]})?")
        yield Rule(_UNREADABLE[field.kind], name, f"not regexp_full_match({name}, {form})")
    elif field.kind in (Kind.ACCOUNT, Kind.IDENTIFIER):
        yield Rule("account_damaged" if field.kind is Kind.ACCOUNT else "identifier_damaged", name, _scientific(name))
        yield Rule("formula", name, _formula(name))
    elif field.choices:
        known = ", ".join(quoted(choice) for choice in field.choices)
        yield Rule("not_a_choice", name, f"{name} not in ('', {known})")


def _bounds(field: Field, *, strict: bool) -> Iterator[Rule]:
    years = _years(field)
    days = (f"date '{years.first}'", f"date '{years.last}'")
    least, most = days if field.kind is Kind.DAY else _BOUNDS[field.kind]
    if strict and field.kind is Kind.AMOUNT:
        yield Rule("amount_not_positive", field.name, f"{field.name} between {least} and 0")
    yield Rule(_UNREADABLE[field.kind], field.name, f"{field.name} not between {least} and {most}")


_BOUNDS = {
    Kind.AMOUNT: ("0", f"{AMOUNT_MOST:d}"),
    Kind.NUMBER: ("1", "99"),
    Kind.COUNT: ("0", "999999999"),
    Kind.DECILE: ("1", "10"),
}
PATTERNS = {
    **dict.fromkeys(SIXTEEN_DIGITS, NIK_PATTERN),
    Kind.STAGE: STAGE_PATTERN,
    Kind.DISTRICT: DISTRICT_PATTERN,
    Kind.VILLAGE: VILLAGE_PATTERN,
    Kind.PLACE: PLACE_PATTERN,
}


def _scientific(name: str) -> str:
    """`6.37101E+15`: what a spreadsheet makes of a long number. The search for a sign is cheap, the pattern is not."""
    return f"(contains({name}, '+') and regexp_full_match({name}, {quoted(_SCIENTIFIC)}))"


def _formula(name: str) -> str:
    """What a spreadsheet would run when it opens the file, or what is written from it. Ranges cost nothing to ask."""
    sign = f"{name} >= '=' and {name} < '>' or {name} >= '@' and {name} < 'A'"
    return f"({sign} or contains({name}, '+') and starts_with({name}, '+'))"


def readable_total(amounts: pa.ChunkedArray) -> int:
    """Sum in rupiah of the text amounts that can be read."""
    raw = pa.table({"amount": amounts})  # noqa: F841 DuckDB finds it by name
    with duckdb.connect() as con:
        sql = f"select coalesce(cast(sum({amount_sql('amount')}) as bigint), 0) from raw"
        return int(con.execute(sql).fetchall()[0][0])
