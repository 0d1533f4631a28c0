"""What people do with a cycle, its lists and its money: one function per thing."""

from gandeng.payments.actions.approvals import approve_list, refuse_list, submit_list
from gandeng.payments.actions.cycles import (
    calculate,
    close_cycle,
    freeze,
    open_cycle,
    reopen_signed,
    set_reconciling,
    set_signed,
)
from gandeng.payments.actions.instructing import download, instruct, repack, show_password
from gandeng.payments.actions.journal import balances, book
from gandeng.payments.actions.lists import make_lists

__all__ = [
    "approve_list",
    "balances",
    "book",
    "calculate",
    "close_cycle",
    "download",
    "freeze",
    "instruct",
    "make_lists",
    "open_cycle",
    "refuse_list",
    "reopen_signed",
    "repack",
    "set_reconciling",
    "set_signed",
    "show_password",
    "submit_list",
]
