"""National days and the instants they are made of."""

from datetime import date, datetime, time

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The instant at which a day of the capital's calendar begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
