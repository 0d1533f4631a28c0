"""What each page asks of the database, before and after the rest of the nation is there: rows read and blocks touched.

One address of each kind of page per role. Before a page's question is asked, PostgreSQL runs it once more with its plan
told: same transaction, same role, same territory. Rows read are those that scans gave or threw away. Functions that row
security asks hide what they read from a plan, not from the count of blocks.
"""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.db import connection

from benchmarks.web_pages import Visitor, crawl, everybody

TIMES, LEAST_ROWS, LEAST_BLOCKS = 2.0, 5_000, 1_000
"""Work that grew: more than so many times, and by more than a few pages of the disk."""
PER_KIND = 2
_CHANGES = re.compile(r"\b(insert\s+into|delete\s+from|update\s+\S+\s+set)\b", re.IGNORECASE)
_LIST = re.compile(r"%s(, ?%s)+")
_PLAN = "explain (analyze, timing off, buffers, format json) "


@dataclass
class Read:
    """What one statement of a page read, all times it was asked together."""

    rows: float = 0
    blocks: int = 0
    milliseconds: float = 0
    table: str = ""
    """The one most rows were read of."""

    def grew(self, before: "Read") -> bool:
        """True where the work is another one. Fewer rows in more blocks are an index instead of a whole table."""
        if self.rows < before.rows:
            return False
        rows = self.rows > TIMES * before.rows and self.rows - before.rows > LEAST_ROWS
        return rows or (self.blocks > TIMES * before.blocks and self.blocks - before.blocks > LEAST_BLOCKS)


@dataclass(frozen=True)
class Place:
    """A page to look at: which kind, as whom, where."""

    kind: str
    role: str
    address: str


@dataclass
class Looked:
    """A page with its statements; status 200 where all is well."""

    place: Place
    status: int
    statements: dict[str, Read]


def measure(grow: Callable[[], None]) -> dict[str, Any]:
    """Look at every page, let the nation `grow`, look again."""
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = 0")
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    visitors = {visitor.door.role: visitor for visitor in everybody()}
    places = list(_places(visitors))
    before = [_look(visitors[place.role], place) for place in places]
    grow()
    after = [_look(visitors[place.role], place) for place in places]
    whole = {visitor.door.role for visitor in visitors.values() if not _bound(visitor)}
    return {
        "pages": [_told(was, now, nation=now.place.role in whole) for was, now in zip(before, after, strict=True)],
    }


def _bound(visitor: Visitor) -> bool:
    """True where the person sees a part of the nation."""
    from gandeng.accounts.models import Grant

    grants = Grant.objects.filter(person__logins__id=visitor.door.user_id)
    return not grants.filter(region_code="").exists()


def _places(visitors: Mapping[str, Visitor]) -> Iterator[Place]:
    known: set[str] = set()
    for role, visitor in visitors.items():
        first: dict[str, str] = {}
        for seen in crawl(visitor, PER_KIND, known):
            first.setdefault(seen.kind, seen.address)
        yield from (Place(kind, role, address) for kind, address in first.items())


def _look(visitor: Visitor, place: Place) -> Looked:
    """Ask for the page, and for the plan of each of its questions."""
    statements: dict[str, Read] = defaultdict(Read)

    def plan(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip()[:6].lower() in ("select", "with r") and not _CHANGES.search(sql):
            execute(_PLAN + sql, params, many, context)
            _add(statements[_LIST.sub("%s, ...", sql)], context["cursor"].fetchone()[0])
        return execute(sql, params, many, context)

    cache.clear()
    with connection.execute_wrapper(plan):
        answer = visitor.client.get(place.address)
        if answer.streaming:
            list(answer.streaming_content)
    return Looked(place, answer.status_code, statements)


def _add(read: Read, answer: Any) -> None:
    (told,) = json.loads(answer) if isinstance(answer, str) else answer
    tables: dict[str, float] = defaultdict(float)
    for node, table in _scans(told["Plan"]):
        tables[table] += rows_of(node)
    read.rows += sum(tables.values())
    read.blocks += told["Plan"]["Shared Hit Blocks"] + told["Plan"]["Shared Read Blocks"]
    read.milliseconds += told["Execution Time"]
    read.table = max(tables, key=lambda table: tables[table], default="")


def _scans(node: Mapping[str, Any], above: str = "") -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every scan of a table with its name; one of an index alone where several are put together."""
    if "Relation Name" in node or (node["Node Type"] == "Bitmap Index Scan" and above in ("BitmapAnd", "BitmapOr")):
        yield node, node.get("Relation Name") or node["Index Name"]
    for below in node.get("Plans", ()):
        yield from _scans(below, node["Node Type"])


def rows_of(node: Mapping[str, Any]) -> float:
    """Rows that a scan gave or threw away, in all its loops."""
    thrown = ("Rows Removed by Filter", "Rows Removed by Index Recheck")
    return float((node["Actual Rows"] + sum(node.get(name, 0) for name in thrown)) * node["Actual Loops"])


def _told(was: Looked, now: Looked, *, nation: bool) -> dict[str, Any]:
    """A page before and after, and its statement that grew most."""
    statements = {sql: (was.statements.get(sql, Read()), read) for sql, read in now.statements.items()}
    grown = [sql for sql, (one, other) in statements.items() if other.grew(one)]
    most = max(grown or statements, key=lambda sql: statements[sql][1].blocks - statements[sql][0].blocks, default="")
    one_was, one_now = statements.get(most, (Read(), Read()))
    return asdict(now.place) | {
        "nation": nation, "status": now.status if was.status == 200 else was.status,
        "grew": bool(grown), "statement": most, "table": one_now.table or one_was.table,
        "statement_before": asdict(one_was), "statement_after": asdict(one_now),
    }  # fmt: skip
