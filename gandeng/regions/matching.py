"""Which code of one list is which of another: by the name within the matched parent, never by likeness.

What cannot be told apart stays unmatched and is counted; a wrong match would send a family to another place.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from gandeng.core.region_code import Level

_NOT_LETTERS = re.compile(r"[^A-Z0-9]")
_DISTRICT_KIND = re.compile(r"^(?:KABUPATEN|KAB\.?|KOTA ADMINISTRASI|KOTA ADM\.?|KOTA) ?(?:ADM\.? |ADMINISTRASI )?")

FORMER_NAMES = {
    "DKIJAKARTA": "DAERAHKHUSUSIBUKOTAJAKARTA",
    "DIYOGYAKARTA": "DAERAHISTIMEWAYOGYAKARTA",
    "KABMAMUJUUTARA": "KABPASANGKAYU",
    "KABMALUKUTENGGARABARAT": "KABKEPULAUANTANIMBAR",
    "KABTOBASAMOSIR": "KABTOBA",
    "KABMAHAKAMHULU": "KABMAHAKAMULU",
    "KABSIAUTAGULANDANGBIARO": "KABKEPSIAUTAGULANDANGBIARO",
}
"""Names a place had in an older list, both in the plain form; spelt out because the lists differ in them."""


def plain_name(name: str, level: Level) -> str:
    """Capital letters and digits only; districts keep whether they are a city: KABBANJAR, KOTABANJAR."""
    text = name.upper().strip()
    if level is Level.DISTRICT:
        rest = _DISTRICT_KIND.sub("", text)
        text = ("KOTA" if text.startswith("KOTA ") else "KAB") + rest
    plain = _NOT_LETTERS.sub("", text)
    return FORMER_NAMES.get(plain, plain)


def match(
    theirs: Iterable[tuple[str, str | None, str]],
    ours: Iterable[tuple[str, str | None, str]],
) -> dict[str, str]:
    """Their code -> our code, where both lists have exactly one place of that plain name under the same parent.

    Both sides are (code, parent, plain name); `parent` of theirs is already our code, or None to match nationwide.
    """
    our_names = _unique(ours)
    their_names = _unique(theirs)
    return {code: our_names[key] for key, code in their_names.items() if key in our_names}


def _unique(places: Iterable[tuple[str, str | None, str]]) -> dict[tuple[str | None, str], str]:
    codes: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for code, parent, name in places:
        codes[parent, name].append(code)
    return {key: found[0] for key, found in codes.items() if len(found) == 1}


def shares(matched: Mapping[str, str], theirs: Iterable[str]) -> dict[Level, tuple[int, int]]:
    """Level -> (matched, in the list), to be told in the README of the data."""
    by_length = {2: Level.PROVINCE, 4: Level.DISTRICT, 6: Level.SUB_DISTRICT, 7: Level.SUB_DISTRICT, 10: Level.VILLAGE}
    every = Counter(by_length[len(code)] for code in theirs)
    found = Counter(by_length[len(code)] for code in matched)
    return {level: (found[level], every[level]) for level in Level if every[level]}
