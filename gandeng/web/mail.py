"""The one door by which mail leaves, and what is said where the server of mails does not take it."""

import logging
from collections.abc import Callable
from functools import partial
from smtplib import SMTPException

from django.core.mail import send_mail
from django.utils.translation import gettext as _

NOT_TAKEN = (SMTPException, OSError)
"""From a server of mails that is down, unknown or slow, or refuses us or the one we write to."""
_log = logging.getLogger(__name__)


class NotMailed(Exception):
    """The server of mails did not take it; in words for whoever pressed the button."""


def went_out(send: Callable[[], object]) -> bool:
    """Whether the server of mails took what `send` hands it; where not, the server's own log tells why."""
    try:
        send()
    except NOT_TAKEN as error:
        _log.warning("a mail did not go out", exc_info=error)
        return False
    return True


def mailed(subject: str, text: str, to: str) -> bool:
    """One mail from the office; False where it did not go out. A subject is one line, whatever title it names."""
    return went_out(partial(send_mail, " ".join(subject.split()), text, None, [to]))


def mail_or_undo(subject: str, text: str, to: str) -> None:
    """The same for an act that is nothing without its mail: raises NotMailed, so that what was written is undone."""
    if not mailed(subject, text, to):
        raise NotMailed(
            _(
                "Surelnya tidak terkirim: server surel kantor tidak menjawab atau menolaknya. Belum ada yang dicatat. "
                "Periksa alamatnya, lalu coba lagi; bila tetap begitu, beri tahu yang mengurus server."
            )
        )
