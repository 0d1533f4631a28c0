"""An instant becomes a day by the national calendar."""

import ast

from tests.house.source import ROOT, calls, modules


def test_no_instant_is_shown_by_the_day_of_greenwich():
    """Until seven in the capital that is the day before; `timezone.localdate` asks the right calendar."""
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, tree in modules().items()
        for name, call in calls(tree)
        if name == "date"
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Attribute)
        and call.func.value.attr.endswith("_at")
    ]
    assert wrong == []
