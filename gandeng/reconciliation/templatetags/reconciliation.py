"""Our codes in words, inside templates."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gandeng.documents.exceptions import keys_in_words
from gandeng.documents.masking import mask_code, mask_text
from gandeng.payments.models import HeldPayment, JournalLine
from gandeng.reconciliation import words

register = template.Library()

register.filter("kind_name", words.kind_name)
register.filter("kind_means", words.kind_means)
register.filter("kind_do", words.kind_do)
register.filter("reason_name", words.reason_name)
register.filter("channel_name", words.channel_name)
register.filter("free_text", mask_text)
register.filter("code_text", mask_code)


@register.filter
def account_name(account: str) -> str:
    """`Kembali`, of a journal's account."""
    return str(JournalLine.Account(account).label)


@register.filter
def held_name(reason: str) -> str:
    """Why a payment is held back."""
    return str(HeldPayment.Reason(reason).label)


@register.filter
def tone(code: str) -> str:
    """The tone of a tag; the word in it says the same."""
    return words.TONES.get(code, "neutral")


@register.filter
def event_name(event: str) -> str:
    """`Dikreditkan`; what a bank wrote instead of an event stays."""
    known = ("CREDIT", "FAILURE", "REVERSAL", "WITHDRAWAL")
    return words.kind_name(event) if event in known else mask_text(event)


@register.filter
def keys_name(keys: str) -> str:
    """`ID pembayaran, NIK`."""
    return keys_in_words(keys) if keys else _("tidak ada")


@register.filter
def payment_url(payment_id: str) -> str:
    """The payment's own page, nothing where there is none."""
    try:
        return reverse("payments:payment", args=[payment_id])
    except NoReverseMatch:
        return ""
