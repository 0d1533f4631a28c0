"""Filters and tags that put a number, a day or a form's field into words a page can show."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    DateInput,
    FileInput,
    Form,
    MultiWidget,
    Select,
    SelectDateWidget,
    Textarea,
)
from django.forms.boundfield import BoundWidget
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gandeng.core.cycle import Cycle, UnreadableCycle
from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.numerals import long_date
from gandeng.web.days import ZONES
from gandeng.words import language, sentences

register = template.Library()

_READ_IN: ContextVar[str] = ContextVar("hours", default="WIB")


_DIGITS = re.compile(r"-?[0-9]+")
_LABELLED = re.compile(r'(<(t[dh])\b(?=[^>]*\sdata-label=)(?:[^>"]|"[^"]*")*>)(.*?)(?=</\2>)', re.DOTALL)


@register.filter
def rupiah(amount: int | str | Decimal | None) -> str:
    """`Rp1.250.000`; nothing for nothing, so that a missing amount is never read as zero."""
    whole = _whole(amount)
    return "" if whole is None else format_rupiah(whole)


@register.filter
def angka(number: int | str | Decimal | None) -> str:
    """`1.250.000`."""
    whole = _whole(number)
    return "" if whole is None else format_number(whole)


@register.filter
def tanggal(day: date | datetime | None) -> str:
    """`19 September 2024`; an instant gives its day in WIB."""
    if isinstance(day, datetime):
        day = day.astimezone(ZONES["WIB"]).date() if day.tzinfo else day.date()
    return long_date(day) if isinstance(day, date) else ""


@contextmanager
def hours(zone: str) -> Iterator[None]:
    """Instants on pages are told in the hours of `zone`: those of the territory of whoever reads (`Acting.hours`)."""
    before = _READ_IN.set(zone)
    try:
        yield
    finally:
        _READ_IN.reset(before)


@register.filter
def waktu(instant: datetime | None, zone: str = "") -> str:
    """`19 September 2024 14.05 WIB`: in the hours of whoever reads (`hours`), or of the zone that is named."""
    if not isinstance(instant, datetime):
        return ""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    zone = zone or _READ_IN.get()
    local = instant.astimezone(ZONES[zone])
    return f"{long_date(local.date())} {local:%H.%M} {zone}"


@register.filter
def tahap(stage: object) -> str:
    """`tahap 2 tahun 2024` of a cycle or of its key, `2024-2`; anything else stays."""
    try:
        cycle = Cycle.parse(str(stage))
    except UnreadableCycle:
        return str(stage)
    return _("tahap %(stage)s tahun %(year)s") % {"stage": cycle.stage, "year": cycle.year}


@register.filter
def perbuatan(action: str) -> str:
    """An act of the log in words; its code where nobody has put it into words."""
    return sentences(language(), "acts").get(action, action)


@register.filter
def persen(share: float | Decimal | None, digits: int = 1) -> str:
    """`43,2%` of a share between 0 and 1. What is not the whole never reads 100%, what is something never 0%."""
    if share is None or share == "":
        return ""
    exact = Decimal(str(share)) * 100
    step = Decimal(1).scaleb(-digits)
    shown = exact.quantize(step, ROUND_HALF_UP)
    if exact < 100 <= shown:
        shown = 100 - step
    if shown <= 0 < exact:
        shown = step
    return f"{shown:f}".replace(".", ",") + "%"


@register.simple_tag
def share_of(part: int | str | Decimal | None, whole: int | str | Decimal | None) -> str:
    """`0.432`: a share between 0 and 1 as SVG and `persen` read it; `0` of nothing."""
    some, everything = _whole(part), _whole(whole)
    if some is None or not everything:
        return "0"
    return f"{min(max(Decimal(some) / Decimal(everything), Decimal(0)), Decimal(1)):.6f}"


@register.filter
def plain(number: float | Decimal | None) -> str:
    """A number for an attribute: no groups, a point for decimals, whatever the language."""
    return "" if number is None else str(number)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A picture of `icons.svg` beside a word; no component, for a page has dozens."""
    return _drawn(str(name), size)


@register.filter
def rest(attrs: Mapping[str, Any]) -> SafeString:
    """What a component was given beyond its own attributes (`hx-get`, `id`, `data-…`), escaped.

    Styles and event handlers are left out: the content security policy would refuse them on the page.
    """
    own = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else dict(attrs)
    pairs = [(name, value) for name, value in own.items() if value not in (False, None) and _may_stand(name)]
    flags = format_html_join("", " {}", ((name,) for name, value in pairs if value is True))
    valued = format_html_join("", ' {}="{}"', ((name, conditional_escape(v)) for name, v in pairs if v is not True))
    return flags + valued


@register.filter
def cells(rows: str) -> SafeString:
    """Rows of a table whose labelled cells hold one element each.

    On phones such a cell is its label and what it holds: short beside it, long below it. Text, links and tags that
    stood there one by one would be laid out one by one.
    """
    return SafeString(_LABELLED.sub(r'\1<div class="g-cell">\3</div>', conditional_escape(rows)))


@register.simple_tag
def control(field: BoundField, size: str = "") -> SafeString:
    """The field's own control with our classes; Django itself ties hint and error to it."""
    widget = field.field.widget
    if type(widget) is DateInput:  # a day is asked with the device's own calendar
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    kind = _kind(widget)
    classes = [str(widget.attrs.get("class", "")), _CLASSES[kind]]
    if length := size or _usual_size(widget, kind):
        classes.append(f"g-{length}")
    if field.errors and kind != "file":
        classes.append(f"{_CLASSES[kind]}--error")
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.simple_tag
def choice(option: BoundWidget, shape: str) -> SafeString:
    """One radio button or tick box of a field, without its label; `shape` is `radios` or `checkboxes`."""
    data = {**option.data, "wrap_label": False}
    data["attrs"] = {**data["attrs"], "class": f"govuk-{shape}__input"}
    renderer = option.renderer
    return SafeString(renderer.render(data["template_name"], {"widget": data}))


@register.filter
def kind(field: BoundField) -> str:
    """What a field is, for its layout: hidden, radios, checkboxes, checkbox, parts, or control."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, SelectDateWidget | MultiWidget):
        return "parts"
    input_type = getattr(widget, "input_type", "")
    return {"radio": "radios", "checkbox": "checkboxes"}.get(input_type, "control")


@register.filter
def first_id(field: BoundField) -> str:
    """Where a link to the field has to lead: its control, or the first of its choices."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def bad_fields(form: Form) -> list[BoundField]:
    """The visible fields of a form with something wrong, in the order of the page."""
    return [field for field in form.visible_fields() if field.errors]


_CLASSES = {"input": "govuk-input", "select": "govuk-select", "textarea": "govuk-textarea", "file": "g-file"}


def _kind(widget: object) -> str:
    if isinstance(widget, FileInput):
        return "file"
    if isinstance(widget, Textarea):
        return "textarea"
    return "select" if isinstance(widget, Select | SelectDateWidget) else "input"


def _usual_size(widget: object, kind: str) -> str:
    if isinstance(widget, DateInput):
        return "short"
    return {"textarea": "long", "file": ""}.get(kind, "medium")


def _whole(number: object) -> int | None:
    """A whole number of a record, of an SQL sum (a Decimal) or of an attribute in a template; never a fraction."""
    if isinstance(number, str):
        return int(number) if _DIGITS.fullmatch(number) else None
    if isinstance(number, bool) or not isinstance(number, int | Decimal) or number != int(number):
        return None
    return int(number)


@lru_cache(maxsize=256)
def _drawn(icon_name: str, size: str) -> SafeString:
    """The line's end keeps icon and word apart where they stand in one line."""
    return format_html(
        '<svg class="g-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>\n',
        f" g-icon--{size}" if size else "",
        static("gandeng/icons.svg"),
        icon_name,
    )


def _may_stand(name: str) -> bool:
    return not (name.startswith(("on", ":", "hx-on", "data-hx-on")) or name == "style")
