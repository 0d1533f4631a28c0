"""Invitations by e-mail, beside the page of whoever is invited: only where she has an address, and each once.

A mail is claimed and written down before it is handed over, on a connection of its own. Of two workers one sends it;
one killed in between has lost that one mail at most, and never sends it twice. The invitation stands on her first page
anyway.
"""

from contextlib import closing
from dataclasses import dataclass
from uuid import UUID

from django.db import connections
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.models import User
from gandeng.documents.numerals import long_date
from gandeng.training.models import Event, Participant
from gandeng.web.mail import mailed


@dataclass(frozen=True)
class Letter:
    """One mail that is yet to go out."""

    participant_id: UUID
    email: str
    name: str


def due(event: Event) -> list[Letter]:
    """Whoever is invited, has not been told by mail since, and can sign in to answer."""
    rows = Participant.objects.filter(
        Q(mailed_at__isnull=True) | Q(mailed_at__lt=F("invited_at")), event=event, state=Participant.State.INVITED
    )
    people = dict(rows.values_list("staff__person_id", "pk"))
    users = User.objects.filter(person_id__in=people, is_active=True).select_related("person").order_by("email")
    return [Letter(people[one.person_id], one.email, one.person.name) for one in users]


def send(event: Event, letter: Letter, home: str) -> bool:
    """One mail; False where the server of mails did not take it, and then it may go out another time."""
    if not _claimed(letter):
        return True
    sent = mailed(_("Undangan: %(title)s") % {"title": event.title}, _text(event, letter, home), letter.email)
    if not sent:
        _claimed(letter, back=True)
    return sent


def _claimed(letter: Letter, *, back: bool = False) -> bool:
    """On its own connection: what is written there stays, whatever becomes of the work around it."""
    with closing(connections["default"].copy()) as own, own.cursor() as cursor:
        cursor.execute("select training_mail_claimed(%s, %s)", [letter.participant_id, back])
        row = cursor.fetchone()
    return bool(row and row[0])


def _text(event: Event, letter: Letter, home: str) -> str:
    first, last = long_date(event.starts_on), long_date(event.ends_on)
    return _(
        "%(name)s,\n\nAnda diundang mengikuti %(title)s (%(number)s).\n\nHari: %(days)s\nTempat: %(venue)s\n"
        "Jawaban ditunggu sampai: %(until)s\n\nBuka alamat ini, masuk, lalu jawab apakah Anda dapat hadir:\n\n"
        "%(link)s\n\nUndangan yang sama tampil di beranda Anda. Jangan membalas surel ini."
    ) % {
        "name": letter.name,
        "title": event.title,
        "number": event.number,
        "days": first if first == last else _("%(first)s sampai %(last)s") % {"first": first, "last": last},
        "venue": event.venue,
        "until": long_date(event.reply_until) if event.reply_until else "-",
        "link": home.rstrip("/") + reverse("training:own_event", args=[event.pk]),
    }
