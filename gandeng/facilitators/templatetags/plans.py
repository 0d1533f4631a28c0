"""Numbers with one decimal, and differences with their sign, as pages of plans show them."""

from django import template

from gandeng.core.money import format_number

register = template.Library()


@register.filter
def desimal(number: float | None) -> str:
    """`1.234,5`; nothing for nothing."""
    if number is None:
        return ""
    tenths = round(number * 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{format_number(abs(tenths) // 10)},{abs(tenths) % 10}"


@register.filter
def kilometer(number: float | None) -> str:
    """`3,2 km`; a dash where nobody knows."""
    return "–" if number is None else f"{desimal(number)} km"


@register.filter
def selisih(number: int | None) -> str:
    """`+12`, `-3`, `0`."""
    if number is None:
        return ""
    return f"+{format_number(number)}" if number > 0 else format_number(number)
