"""What people do with a cycle, its lists and its money: one function per thing."""

from gandeng.payments.actions.approvals import approve_list, refuse_list, submit_list
from gandeng.payments.actions.closing import before_closing, close_cycle
from gandeng.payments.actions.confirming import confirm
from gandeng.payments.actions.cycles import (
    calculate,
    freeze,
    open_cycle,
    reopen_signed,
    set_reconciling,
    set_signed,
)
from gandeng.payments.actions.handing_out import download, repack, show_password, signature
from gandeng.payments.actions.instructing import instruct, instruct_round
from gandeng.payments.actions.journal import balances, book
from gandeng.payments.actions.lists import make_lists
from gandeng.payments.actions.locking import stays_open
from gandeng.payments.actions.rounds import leave_round, make_round

__all__ = [
    "approve_list",
    "balances",
    "before_closing",
    "book",
    "calculate",
    "close_cycle",
    "confirm",
    "download",
    "freeze",
    "instruct",
    "instruct_round",
    "leave_round",
    "make_lists",
    "make_round",
    "open_cycle",
    "refuse_list",
    "reopen_signed",
    "repack",
    "set_reconciling",
    "set_signed",
    "show_password",
    "signature",
    "stays_open",
    "submit_list",
]
