"""What people do: draw, hand out, note what a family said, open a complaint of it."""

from gandeng.monitoring.actions.asking import Told, note_answer, note_not_reached
from gandeng.monitoring.actions.drawing import draw, hand_out, redrawn, seed_told
from gandeng.monitoring.actions.opening import open_case

__all__ = ["Told", "draw", "hand_out", "note_answer", "note_not_reached", "open_case", "redrawn", "seed_told"]
