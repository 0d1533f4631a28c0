"""What people do in a case: one function per act, each checking the right and writing the log."""

from gandeng.graduation.actions.afterwards import ask_back, decide_back, follow_up
from gandeng.graduation.actions.deciding import answer, carry_out, decide, give_back, object_to, tell, withdraw
from gandeng.graduation.actions.preparing import check, open_case, open_paper, propose, state_own, visit
from gandeng.graduation.refused import GraduationRefused

__all__ = [
    "GraduationRefused",
    "answer",
    "ask_back",
    "carry_out",
    "check",
    "decide",
    "decide_back",
    "follow_up",
    "give_back",
    "object_to",
    "open_case",
    "open_paper",
    "propose",
    "state_own",
    "tell",
    "visit",
    "withdraw",
]
