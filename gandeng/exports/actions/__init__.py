"""What people do with an export: ask, decide, fetch; what the machine does: make it, sweep it."""

from gandeng.exports.actions.asking import ask, withdraw
from gandeng.exports.actions.budget import take_alone
from gandeng.exports.actions.deciding import decide
from gandeng.exports.actions.fetching import download, show_password
from gandeng.exports.actions.making import make
from gandeng.exports.actions.sweeping import sweep

__all__ = ["ask", "decide", "download", "make", "show_password", "sweep", "take_alone", "withdraw"]
