"""What people do with an export: ask, decide, fetch; what the machine does: make it, sweep it."""

from gandeng.exports.actions.asking import ask, withdraw
from gandeng.exports.actions.budget import take_alone
from gandeng.exports.actions.deciding import decide
from gandeng.exports.actions.fetching import download, show_password
from gandeng.exports.actions.making import make
from gandeng.exports.actions.sweeping import sweep
from gandeng.exports.actions.taking import take

__all__ = ["ask", "decide", "download", "make", "show_password", "sweep", "take", "take_alone", "withdraw"]
