"""Tables of trainings as files: each is counted against the day of whoever takes it, and written down."""

from collections.abc import Sequence

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.facilitators.plan_export import Row, taken


def export_table(
    acting: Acting, what: str, region: str, header: Sequence[str], rows: Sequence[Row], form: str, **facts: str
) -> bytes:
    """The file. Raises exports.refused.Refused for more than one person takes away alone, at once or in a day."""
    held = May.PLAN_TRAINING if acting.may(May.PLAN_TRAINING, region) else May.SEE_STAFF
    return taken(acting, "training.exported", acting.authority(held), what, region, header, rows, form, **facts)
