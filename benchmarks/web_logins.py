"""A morning's logins against a running server: people come at a rate, whether the server keeps up or not.

Each asks for the sign-in page, sends address and password, and waits for the first page; the time counts from when the
person came. Everybody has a network of her own, as behind an office's proxy. `python -m benchmarks.web_logins` asks.
"""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

HOST, LOGIN = "127.0.0.1", "/akun/login/"
THREADS = 48
AT_ONCE = 8
"""Who asks for more than the server gives, to find what it gives at most."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_HTTP_OK, _HTTP_FOUND = 200, 302


def make_people(many: int, password: str) -> list[str]:
    """So many facilitators who sign in with that password; gives their addresses. One hash serves all, at its cost."""
    from datetime import date

    from django.contrib.auth.hashers import make_password
    from django.db import transaction

    from gandeng.accounts.models import Grant, Person, User
    from gandeng.accounts.roles import Role

    village = Grant.objects.filter(role=Role.FACILITATOR).values_list("region_code", flat=True)[0]
    encoded = make_password(password)
    with transaction.atomic():
        people = Person.objects.bulk_create([Person(name=f"Pagi {number}") for number in range(many)])
        users = [
            User(email=f"pagi{number}@contoh.test", person=person, password=encoded)
            for number, person in enumerate(people)
        ]
        User.objects.bulk_create(users)
        Grant.objects.bulk_create([
            Grant(person=person, role=Role.FACILITATOR, region_code=village, valid_from=date(2024, 1, 1))
            for person in people
        ])  # fmt: skip
    return [user.email for user in users]


def ask_from_another_process(plan: dict[str, Any], folder: Path) -> dict[str, float]:
    """What `morning` or `pages` measures, in a process of its own."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.web_logins", str(path)], check=True, capture_output=True, text=True
    )
    path.unlink()
    found: dict[str, float] = json.loads(told.stdout)
    return found


def morning(plan: dict[str, Any]) -> dict[str, float]:
    """`people` sign in, `rate` a second; without a rate as fast as `AT_ONCE` of them get in."""
    people, rate = plan["people"], plan["rate"]
    began = time.perf_counter() + 0.5
    taken, wrong = _together(
        THREADS if rate else AT_ONCE,
        len(people),
        lambda place: _sign_in(plan, people[place], place, began + place / rate if rate else 0.0),
    )
    return _told(taken, wrong, time.perf_counter() - began)


def pages(plan: dict[str, Any]) -> dict[str, float]:
    """The first page so many times, by one who is signed in."""
    connection = http.client.HTTPConnection(HOST, plan["port"], timeout=60)
    cookies = _signed_in(connection, plan, plan["people"][0], 0)
    began = time.perf_counter()
    taken, wrong = [], 0
    for _ in range(plan["pages"]):
        at = time.perf_counter()
        wrong += _get(connection, "/", cookies, 0)[0] != _HTTP_OK
        taken.append(time.perf_counter() - at)
    return _told(taken, wrong, time.perf_counter() - began)


def _together(threads: int, many: int, do: Callable[[int], float]) -> tuple[list[float], int]:
    places: Iterator[int] = count()
    taken: list[float] = []
    wrong: list[int] = []

    def work() -> None:
        while (place := next(places)) < many:
            try:
                taken.append(do(place))
            except (OSError, http.client.HTTPException, RuntimeError):
                wrong.append(place)

    running = [threading.Thread(target=work) for _ in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return taken, len(wrong)


def _told(taken: list[float], wrong: int, seconds: float) -> dict[str, float]:
    every = sorted(taken)
    if not every:
        raise RuntimeError("nobody got in")
    return {
        "done": len(every), "wrong": wrong, "seconds": seconds,
        "p50": every[len(every) // 2], "p95": every[len(every) * 95 // 100],
    }  # fmt: skip


def _sign_in(plan: dict[str, Any], email: str, place: int, at: float) -> float:
    """Seconds from when the person came until the first page was there."""
    if at:
        time.sleep(max(0.0, at - time.perf_counter()))
    began = at or time.perf_counter()
    connection = http.client.HTTPConnection(HOST, plan["port"], timeout=60)
    _signed_in(connection, plan, email, place)
    connection.close()
    return time.perf_counter() - began


def _signed_in(connection: http.client.HTTPConnection, plan: dict[str, Any], email: str, place: int) -> dict[str, str]:
    """The cookies, after the first page has been shown. Raises RuntimeError where somebody is not let in."""
    cookies: dict[str, str] = {}
    status, page = _get(connection, LOGIN, cookies, place)
    token = _TOKEN.search(page)
    if status != _HTTP_OK or token is None:
        raise RuntimeError(f"{status} {page[:200]}")
    told = {"csrfmiddlewaretoken": token[1], "login": email, "password": plan["password"]}
    headers = _headers(cookies, place) | {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", LOGIN, urlencode(told), headers)
    status, page = _answer(connection, cookies)
    if status != _HTTP_FOUND or _get(connection, "/", cookies, place)[0] != _HTTP_OK:
        raise RuntimeError(f"{status} {page[:200]}")
    return cookies


def _get(connection: http.client.HTTPConnection, path: str, cookies: dict[str, str], place: int) -> tuple[int, str]:
    connection.request("GET", path, headers=_headers(cookies, place))
    return _answer(connection, cookies)


def _answer(connection: http.client.HTTPConnection, cookies: dict[str, str]) -> tuple[int, str]:
    answer = connection.getresponse()
    for told in answer.headers.get_all("Set-Cookie") or ():
        name, _, value = told.split(";")[0].partition("=")
        cookies[name] = value
    return answer.status, answer.read().decode()


def _headers(cookies: dict[str, str], place: int) -> dict[str, str]:
    sent = {"X-Forwarded-For": f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}", "X-Forwarded-Proto": "http"}
    return sent | ({"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {})


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(pages(asked) if "pages" in asked else morning(asked)))
