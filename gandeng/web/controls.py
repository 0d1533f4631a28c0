"""How controls of forms are written: as Django's templates write them, lists of choices in one go."""

import html
from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.safestring import SafeData

_SELECT, _OPTION = "django/forms/widgets/select.html", "django/forms/widgets/select_option.html"


class Controls(DjangoTemplates):
    """Django makes a choice of three templates, one within the other: 500 districts took a page 0.1 s."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The control; a list whose choices are anything but Django's own is left to it."""
        if template_name == _SELECT and all(one["template_name"] == _OPTION for one in _options(context["widget"])):
            return _select(context["widget"])
        return str(super().render(template_name, context, request))


def _options(widget: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (one for _name, options, _index in widget["optgroups"] for one in options)


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{_shown(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        parts += [f'\n  <optgroup label="{_shown(name)}">'] if name else []
        parts += [
            f'\n  <option value="{_escaped(str(one["value"]))}"{_attributes(one)}>{_shown(one["label"])}</option>\n'
            for one in options
        ]
        parts += ["\n  </optgroup>"] if name else []
    return "".join([*parts, "\n</select>"])


def _attributes(widget: Mapping[str, Any]) -> str:
    told = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return "".join(
        f" {_shown(name)}" if value is True else f' {_shown(name)}="{_escaped(str(value))}"' for name, value in told
    )


def _shown(value: Any) -> str:
    """What a template shows of a value."""
    return _escaped(str(localize(value)))


def _escaped(text: str) -> str:
    return text if isinstance(text, SafeData) else html.escape(text)
