"""Whatever a right over money or people opens for writing asks once more who it is, or says here why not."""

import ast
import inspect

import pytest

from gandeng.accounts.roles import OVER_MONEY
from gandeng.accounts.rules import rule_of
from tests.house.source import calls
from tests.house.test_every_address import OURS

GIVES_NOTHING = {
    "accounts:key_revoke": "takes a key away",
    "accounts:recovery_refuse": "leaves a login as it is",
    "accounts:withdraw_invitation": "takes a way in away",
    "civil_registry:matching": "puts answers away; no amount hangs on them",
    "duplicates:pair": "asks for changes, which others decide",
    "field:revoke": "takes a phone away",
    "field:sheet_photo": "shows a picture; written down",
    "graduation:paper": "shows a picture; written down",
    "payments:download": "gives an encrypted file; its password asks",
    "payments:refuse_list": "holds a list back",
    "payments:signature": "gives the signature of that file",
    "reconciliation:statement_make": "typesets minutes, which others sign",
    "registry:evidence": "shows a picture; written down",
    "registry:withdraw_list": "puts a list away that was not applied",
    "registry:withdraw_recoding": "puts a proposal away",
}


def source_of(view):
    return ast.parse(inspect.getsource(inspect.unwrap(view)))


def writes(view):
    """Whatever is not kept from it by its decorators."""
    return "require_safe" not in {getattr(node, "id", "") for node in ast.walk(source_of(view))}


OVER = {
    name: view
    for name, (_arguments, view) in OURS.items()
    if set(rule_of(view, url_name=name).may or ()) & OVER_MONEY and writes(view)
}


@pytest.mark.parametrize("name", sorted(OVER))
def test_it_asks_or_gives_nothing(name):
    asks = any(called == "ask_again" for called, _call in calls(source_of(OVER[name])))
    assert asks != (name in GIVES_NOTHING), name


def test_the_reasons_are_of_views_there_are():
    assert set(GIVES_NOTHING) <= set(OVER)
    assert {"registry:decide", "accounts:end_role", "payments:instruct"} <= set(OVER), "they are found"
