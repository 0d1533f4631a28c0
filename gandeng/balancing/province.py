"""Many districts, each by itself, side by side in processes of their own."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from gandeng.balancing.answer import Balance
from gandeng.balancing.balancing import alternatives
from gandeng.balancing.problem import District, Wish

Told = Callable[[str, int, int], None]
"""Called with the district just done, how many are done, and how many there are."""


@dataclass(frozen=True)
class Task:
    """A district, what is wished for it, and the seconds for each share of families that may change hands."""

    district: District
    wish: Wish
    seconds: float
    shares: tuple[float | None, ...]


def solve_all(tasks: Sequence[Task], *, workers: int, told: Told = lambda *_: None) -> list[tuple[Balance, ...]]:
    """The balances of each district in the order given, the largest begun first.

    Raises the CannotBalance of the first district, in that order, that has no answer.
    """
    order = sorted(range(len(tasks)), key=lambda place: (-_size(tasks[place]), place))
    if workers == 1 or len(tasks) == 1:
        return [_one(task, told, done, len(tasks)) for done, task in enumerate(tasks, start=1)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = {place: pool.submit(balances, tasks[place]) for place in order}
        names = {future: str(tasks[place].district.code) for place, future in waiting.items()}
        try:
            for done, future in enumerate(as_completed(names), start=1):
                future.result()
                told(names[future], done, len(tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [waiting[place].result() for place in range(len(tasks))]


def balances(task: Task) -> tuple[Balance, ...]:
    """What one process does."""
    return alternatives(task.district, task.wish, seconds=task.seconds, shares=task.shares)


def _one(task: Task, told: Told, done: int, total: int) -> tuple[Balance, ...]:
    found = balances(task)
    told(str(task.district.code), done, total)
    return found


def _size(task: Task) -> int:
    return len(task.district.villages) * len(task.district.facilitators)
