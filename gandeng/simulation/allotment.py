"""Whole shares: divide families among villages and villages among facilitators so that every sum is kept."""

from collections.abc import Sequence


def largest_remainder(total: int, weights: Sequence[int], *, least: int) -> list[int]:
    """`total` in parts proportional to `weights`, each at least `least`; ValueError where `total` is too small.

    Integers alone; what rounding leaves goes to the largest remainders, earlier ones first.
    """
    rest = total - least * len(weights)
    if rest < 0:
        raise ValueError(f"{total} is less than {least} each for {len(weights)}")
    weight_sum = max(1, sum(weights))
    parts = [least + rest * weight // weight_sum for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda place: (-(rest * weights[place] % weight_sum), place))
    for place in remainders[: total - sum(parts)]:
        parts[place] += 1
    return parts


def runs_of(weights: Sequence[int], count: int) -> list[range]:
    """`count` runs of neighbours, none empty, with sums as even as going in order allows.

    ValueError where there are fewer places than runs.
    """
    if not 0 < count <= len(weights):
        raise ValueError(f"{count} runs of {len(weights)} places")
    runs, begin, left = [], 0, sum(weights)
    for still in range(count, 0, -1):
        end = _run_end(weights, begin, goal=left / still, last=len(weights) - still + 1)
        end = len(weights) if still == 1 else end
        left -= sum(weights[begin:end])
        runs.append(range(begin, end))
        begin = end
    return runs


def _run_end(weights: Sequence[int], begin: int, *, goal: float, last: int) -> int:
    """First place after a run from `begin` that comes nearest to `goal` and leaves one place for each run to come."""
    held, end = weights[begin], begin + 1
    while end < last and abs(held + weights[end] - goal) <= abs(held - goal):
        held += weights[end]
        end += 1
    return end
