"""The frame of every page, and the pages of faults."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template.loader import render_to_string

from gandeng.web.tests.sample import HOSTILE

ERRORS = [*(f"errors/{status}.html" for status in (400, 403, 404, 500, 507)), "403_csrf.html"]


def page(**context: Any) -> str:
    return render_to_string("base.html", context)


def menu(label: str) -> str:
    return render_to_string("menu.html", {"items": [{"label": label, "url": "/", "current": True, "icon": "users"}]})


def person(name: str = "Siti Rahmawati") -> SimpleNamespace:
    return SimpleNamespace(user=type("Person", (), {"is_authenticated": True, "__str__": lambda _: name})())


def test_it_works() -> None:
    text = page(
        navigation=menu("Keluarga"), request=person(), role_name="APD", territory_name="Kota Banjarmasin", demo=True
    )
    assert '<html lang="id">' in text
    assert 'href="#isi"' in text
    assert 'aria-current="page"' in text
    assert "Siti Rahmawati" in text
    assert "APD, Kota Banjarmasin" in text
    assert "rekaan" in text


def test_outside_the_try_out_nothing_says_the_data_are_invented() -> None:
    assert "rekaan" not in page()


def test_names_stay_text() -> None:
    assert "<script>alert" not in page(navigation=menu(HOSTILE), request=person(HOSTILE), role_name=HOSTILE)


@pytest.mark.parametrize(("tag", "role"), [("error", "alert"), ("warning", "alert"), ("success", "status")])
def test_messages_are_announced(tag: str, role: str) -> None:
    text = render_to_string("messages.html", {"messages": [SimpleNamespace(level_tag=tag)]})
    assert f'role="{role}"' in text


def test_htmx_writes_no_style_and_swaps_no_page_of_faults() -> None:
    content = re.search(r"name=\"htmx-config\" content='([^']+)'", page())
    assert content
    settings = json.loads(content[1])
    assert settings["includeIndicatorCSS"] is False
    assert settings["mode"] == "same-origin"
    assert {"403", "404", "5xx"} <= set(settings["noSwap"])
    assert "422" not in settings["noSwap"]


class Broken:
    """A session that fails when it is asked."""

    @property
    def user(self) -> None:
        raise RuntimeError("no database")


@pytest.mark.parametrize("name", ERRORS)
def test_a_page_of_faults_needs_nothing_that_may_have_failed(name: str) -> None:
    text = render_to_string(name, {"request": Broken(), "exception": "Traceback of family 1"})
    assert "<h1>" in text
    assert "Traceback" not in text


def test_a_fault_has_a_number_to_quote() -> None:
    assert "7F3A-91C2" in render_to_string("errors/500.html", {"reference": "7F3A-91C2"})
