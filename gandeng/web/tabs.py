"""The parts of a package beside each other, for `c-tabs`."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse


def tabs_of(namespace: str, parts: Iterable[tuple[str, Any, bool]], current: str, *args: Any) -> list[dict[str, Any]]:
    """`parts` are name of the address, words and whether it is shown; `args` are those of all their addresses."""
    return [
        {"label": label, "url": reverse(f"{namespace}:{name}", args=args), "current": name == current}
        for name, label, shown in parts
        if shown
    ]
