"""A list of choices is written as Django would write it: its templates are the measure."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from gandeng.web.controls import Controls

CHOICES: list[Any] = [
    ("", "---"), ("a&b", "<b>tebal</b> & 'miring'"), (1200, 1200), (None, gettext_lazy("Beranda")),
    (SafeString("&amp;"), SafeString("<i>")),
    ("Kota", [("6371", 'Kota "Banjarmasin"'), ("6372", "Banjarbaru")]), (True, 1234.5),
]  # fmt: skip
ATTRS = {"id": "id_x", "required": True, "disabled": False, "data-x": '"<', "size": 5, "class": SafeString("a&b")}


class Marked(forms.Select):
    """Choices with attributes of their own."""

    def create_option(self, *args: Any, **how: Any) -> Any:
        option = super().create_option(*args, **how)
        option["attrs"] |= {"data-<": "&", "hidden": args[1] == "6371", "x": True}
        return option


class OwnTemplate(forms.Select):
    option_template_name = "django/forms/widgets/input_option.html"


@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple, Marked, OwnTemplate])
@pytest.mark.parametrize("value", [None, "", "6371", 1200, ["6371", "a&b"]])
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_writes_what_django_writes(widget: type[forms.Select], value: Any, language: str) -> None:
    asked = widget(ATTRS, choices=CHOICES)
    with translation.override(language):
        told = asked.render("x<y", value, renderer=Controls())
        assert told == asked.render("x<y", value, renderer=DjangoTemplates())
    assert "<option" in told or widget is OwnTemplate


def test_forms_of_the_site_are_written_so() -> None:
    class Places(forms.Form):
        place = forms.ChoiceField(choices=CHOICES)

    assert isinstance(Places().renderer, Controls)
