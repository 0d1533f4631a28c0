"""Templates of text, and a form with every kind of field."""

from typing import Any

from django import forms
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler

HOSTILE = "\"><script>alert('x')</script><b onclick='x'>"


def rendered(text: str, **context: Any) -> str:
    """A piece of a page as the loader would read it from a file."""
    return engines["django"].from_string(CottonCompiler().process(text)).render(context)


def sample_form(words: str = "Nama", *, data: dict[str, str] | None = None) -> forms.Form:
    """Labels, hints and choices are `words`; with `data`, bound."""
    choices = [("a", words), ("b", "Lain")]
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=words, help_text=words, max_length=3),
        "amount": forms.IntegerField(label=words),
        "day": forms.DateField(label=words, required=False),
        "note": forms.CharField(label=words, widget=forms.Textarea, required=False),
        "channel": forms.ChoiceField(label=words, choices=choices),
        "verdict": forms.ChoiceField(label=words, choices=choices, widget=forms.RadioSelect, help_text=words),
        "who": forms.MultipleChoiceField(label=words, choices=choices, widget=forms.CheckboxSelectMultiple),
        "sure": forms.BooleanField(label=words, help_text=words),
        "born": forms.DateField(label=words, widget=forms.SelectDateWidget, required=False),
        "file": forms.FileField(label=words),
        "token": forms.CharField(widget=forms.HiddenInput, required=False),
    }
    form: type[forms.Form] = type("SampleForm", (forms.Form,), fields)
    return form(data)
