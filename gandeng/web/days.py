"""National days and the instants they are made of."""

from datetime import date, datetime, time

from django.db import connection
from django.utils import timezone


def midnight(day: date) -> datetime:
    """The instant at which a day of the capital's calendar begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def transaction_time() -> datetime:
    """The instant the transaction began, as the database's own `now()` writes it into its rows."""
    with connection.cursor() as cursor:
        cursor.execute("select now()")
        now: datetime = cursor.fetchone()[0]
        return now
