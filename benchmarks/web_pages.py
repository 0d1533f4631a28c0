"""Every page of the site, as everybody whose door the try-out opens: its queries and its CPU.

Links are followed from the first page on, up to `most` addresses of the same kind per role. CPU is that of this process
and of the one backend it asks, which is kept from starting helpers. A kind of page seen for the first time is asked for
twice, so that reading its template, which a server does once, is not counted. BEGIN and COMMIT are no queries here.
"""

import html
import logging
import re
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any
from urllib.parse import urljoin

from django.db import connection
from django.urls import Resolver404, resolve, reverse

from benchmarks.web_office import backend_cpu, signed_in
from gandeng.accounts.roles import WORDS, Role
from gandeng.home.doors import Door, doors

_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
_NEXT = re.compile(r'href="([^"#]*[?&;]after=[^"#]*)"')
_LEFT_ALONE = ("account_logout", "demo_people", "demo_sign_in", "health")
LONG_LISTS = ("registry:families", "reconciliation:outcomes", "reconciliation:rows")
PAGES_ON, PAGES_LEAST, AT_ENDS = 200, 20, 10


@dataclass(frozen=True)
class Seen:
    """One page once: which kind, for whom, where, and what it took."""

    kind: str
    role: str
    address: str
    queries: int
    cpu: float
    wall: float


@dataclass
class Visitor:
    """A browser that counts."""

    door: Door
    client: Any

    def visit(self, kind: str, address: str) -> tuple[Seen, Any]:
        """Ask for the page once."""
        statements = Counter[str]()

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            statements["all"] += 1
            return execute(sql, params, many, context)

        connection.ensure_connection()
        backend = _backend()
        with connection.execute_wrapper(count):
            own, server, began = time.process_time(), backend_cpu(backend), time.perf_counter()
            answer = self.client.get(address)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            wall, cpu = time.perf_counter() - began, time.process_time() - own + backend_cpu(backend) - server
        if _backend() != backend:
            raise RuntimeError(f"{address}: another backend")
        answer.whole = content
        return Seen(kind, self.door.role, address, statements["all"], cpu, wall), answer


def _backend() -> int:
    return int(connection.connection.info.backend_pid)


def everybody() -> Iterator[Visitor]:
    """One person per role and channel."""
    with connection.cursor() as cursor:
        cursor.execute("set max_parallel_workers_per_gather = 0")
    roles = set()
    for door in doors():
        if door.role not in roles:
            roles.add(door.role)
            yield Visitor(door, signed_in(door.user_id))


def kind_of(address: str) -> str:
    """Name of the page; "" for what is none of ours or is left alone."""
    try:
        found = resolve(html.unescape(address).split("?")[0])
    except Resolver404:
        return ""
    return "" if found.view_name in _LEFT_ALONE else found.view_name


def crawl(visitor: Visitor, most: int, known: set[str]) -> Iterator[Seen]:
    """The pages one person gets to; `known` are the kinds that were seen before, by whomever."""
    waiting, asked, per_kind = deque([reverse("home")]), set[str](), Counter[str]()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if address in asked or not kind or per_kind[kind] >= most:
            continue
        asked.add(address)
        per_kind[kind] += 1
        seen, answer = visitor.visit(kind, address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        if kind not in known:
            known.add(kind)
            seen, answer = visitor.visit(kind, address)
        yield seen
        waiting.extend(html.unescape(link) for link in _LINK.findall(answer.whole.decode()))


def everything(most: int) -> dict[str, Any]:
    """All pages of all roles, and how far down a long list costs what its first pages cost."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    known: set[str] = set()
    pages: list[Seen] = []
    for visitor in everybody():
        pages += crawl(visitor, most, known)
    officer = WORDS[Role.PROVINCE_OFFICER]
    lists = {page.kind: page for page in reversed(pages) if page.kind in LONG_LISTS and page.role == officer}
    deeper = {kind: depth for kind, page in lists.items() if (depth := _deeper(page))}
    return {"pages": [asdict(page) for page in pages], "lists": deeper}


def _deeper(first: Seen) -> dict[str, float]:
    """CPU of a list's last ten pages over that of its first ten, as far as `PAGES_ON`; nothing for a short list."""
    visitor = next(one for one in everybody() if one.door.role == first.role)
    address, taken = first.address.split("?")[0], list[float]()
    while address and len(taken) < PAGES_ON:
        seen, answer = visitor.visit(first.kind, address)
        taken.append(seen.cpu)
        onward = _NEXT.search(answer.whole.decode())
        address = urljoin(address, html.unescape(onward[1])) if onward else ""
    if len(taken) < PAGES_LEAST:
        return {}
    return {"pages": len(taken), "ratio": median(taken[-AT_ENDS:]) / median(taken[:AT_ENDS])}
