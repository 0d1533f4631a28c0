"""National days and the instants they are made of."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
"""The three hours of the country; the national day is that of WIB."""


def midnight(day: date, hours: str = "WIB") -> datetime:
    """The instant at which a day begins: of the capital's calendar, or where other hours are kept."""
    return timezone.make_aware(datetime.combine(day, time.min), ZONES[hours])


def transaction_time() -> datetime:
    """The instant the transaction began, as the database's own `now()` writes it into its rows."""
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        now: datetime = cursor.fetchone()[0]
        return now
