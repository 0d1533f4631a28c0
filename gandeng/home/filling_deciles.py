"""Deciles in the try-out: invented ones for most families, and newer readings of a few, asked for and approved.

`gandeng simulate` writes the columns of the contract alone, which has no decile; here they are added to its families.
"""

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.registry.actions import Proof, Wanted, approve_change, request_change
from gandeng.registry.deciles import MOST, newest_reading
from gandeng.registry.models import ChangeRequest, Family
from gandeng.runs.publish import scratch

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_OF_A_HUNDRED = ((40, 1), (70, 2), (85, 3), (95, 4))
"""Up to which of a hundred families have which decile; the rest have none."""
_RISES = (3, 2, 1)
_AGO = timedelta(days=30)
_SAID = "Dilihat di layar SIKS-NG bersama operator desa."


@contextmanager
def with_deciles(registry: Path, day: date) -> Iterator[Path]:
    """The folder with invented deciles of that day beside its families; as many times as asked, the same."""
    with scratch(settings.DATA_DIR / "deciles") as folder:
        families = pq.read_table(registry / "families.parquet")
        deciles = [_decile(number) for number in families.column("family_id").to_pylist()]
        days = [None if decile is None else day for decile in deciles]
        for name, cells, type_ in (("decile", deciles, pa.int64()), ("decile_on", days, pa.date32())):
            families = families.append_column(name, pa.array(cells, type_))
        pq.write_table(families, folder / "families.parquet")
        (folder / "members.parquet").symlink_to((registry / "members.parquet").resolve())
        yield folder


def _decile(number: str) -> int | None:
    place = zlib.crc32(number.encode()) % 100
    return next((decile for until, decile in _OF_A_HUNDRED if place < until), None)


def fill_deciles(facilitator: Acting, coordinator: Acting, doing: Doing) -> None:
    """A few of her families were read again a month ago, and better off; those who graduate later are among them."""
    day = timezone.localdate() - _AGO
    with doing(facilitator):
        families = Family.objects.filter(status="ACTIVE").order_by("-family_no")[1:][: len(_RISES)]
        asked = [_asked(facilitator, family, rise, day) for family, rise in zip(families, _RISES, strict=False)]
    for change in asked:
        with doing(coordinator):
            approve_change(coordinator, change, "Sesuai bukti")


def _asked(facilitator: Acting, family: Family, rise: int, day: date) -> ChangeRequest:
    known = newest_reading(family)
    decile = min(MOST, (known.decile if known else 1) + rise)
    wanted = Wanted({"decile": decile, "read_on": day.isoformat()})
    return request_change(facilitator, family, ChangeRequest.Kind.DECILE, None, wanted, _SAID, Proof(_SAID))
