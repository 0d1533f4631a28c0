"""Numbers and days as an official document writes them: `19 September 2024`, and in words (terbilang)."""

import re
from datetime import date

from num2words import num2words

from gandeng.words import language, say

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ONE_THOUSAND = re.compile(r"\b(juta|miliar|triliun|kuadriliun) satu ribu\b")
"""What the library says where one thousand follows a greater number; `dua puluh satu ribu` is another matter."""


def in_words(number: int) -> str:
    """`seribu dua ratus lima puluh`, in the chosen language; any whole number up to 10^15."""
    words = str(num2words(number, lang=language())).replace(",", "")
    return _ONE_THOUSAND.sub(r"\1 seribu", words)


def rupiah_in_words(amount: int) -> str:
    """`satu juta dua ratus lima puluh ribu rupiah`."""
    return say("minutes.rupiah_in_words", number=in_words(amount))


def month_name(month: int) -> str:
    """`September`; months count from 1."""
    return say(f"minutes.month_{month}")


def long_date(day: date) -> str:
    """`19 September 2024`, whatever the language of the words."""
    return f"{day.day} {month_name(day.month)} {day.year}"


def told_day(text: str) -> str:
    """`19 September 2024` of `2024-09-19`; "" for what is no day."""
    if not _ISO_DAY.fullmatch(text):
        return ""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return ""


def date_in_words(day: date) -> str:
    """`Kamis, tanggal sembilan belas bulan September tahun dua ribu dua puluh empat`."""
    return say(
        "minutes.date_in_words",
        weekday=say(f"minutes.weekday_{day.isoweekday()}"),
        day=in_words(day.day),
        month=month_name(day.month),
        year=in_words(day.year),
    )
