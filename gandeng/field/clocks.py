"""What a phone's clock is worth: it is kept, told beside the server's, and explains a day that is yet to come."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """`offset` is what to add to the phone's clock; nothing where it did not say what it shows."""

    now: datetime
    offset: timedelta = timedelta()

    def corrected(self, made_at: datetime) -> datetime | None:
        """When it was made by the server's clock; None where no clock explains it."""
        try:
            moved = made_at + self.offset
        except OverflowError:
            return None
        return moved if moved <= self.now + AHEAD else None

    def day(self, told: date, made_at: datetime) -> date | None:
        """The day meant: one to come is moved by the days the phone is ahead, tomorrow is today; None for no day.

        A phone in Papua writes of tomorrow when it is late in Jakarta, whose day counts.
        """
        today = timezone.localdate(self.now)
        if told > today + AHEAD:
            moved = self.corrected(made_at)
            if moved is None:
                return None
            told = told + (timezone.localdate(moved) - timezone.localdate(made_at))
        return min(told, today) if told <= today + AHEAD else None


def clock_of(header: str, now: datetime) -> Clock:
    """From `X-Gandeng-Clock`, the phone's time at sending."""
    sent = instant(header)
    return Clock(now, now - sent) if sent else Clock(now)


def instant(text: object) -> datetime | None:
    """An ISO time with its offset; None for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(timezone.get_default_timezone()) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def offset_of(seconds: int) -> timedelta:
    """As it was kept."""
    return timedelta(seconds=seconds)
