"""Whole shares: a number of families in parts whose sum is kept."""

from collections.abc import Sequence


def proportional(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in proportion to `weights`; what rounding leaves goes to the largest remainders, earlier ones first."""
    if not weights:
        return []
    weights = weights if sum(weights) else [1] * len(weights)
    sum_of_weights = sum(weights)
    parts = [total * weight // sum_of_weights for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % sum_of_weights), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def groups(families: int, size: int) -> list[tuple[int, int]]:
    """(families a group, how many such groups): groups of at most `size` that differ by one family at most."""
    count = -(-families // size)
    small, larger = divmod(families, count)
    return [(each, many) for each, many in ((small + 1, larger), (small, count - larger)) if many and each]
