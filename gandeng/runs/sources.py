"""Names for the result files of a run: what `source` says in dispositions, and the order events were told in."""

from collections import Counter
from pathlib import Path


def named_sources(paths: list[Path]) -> list[tuple[str, Path]]:
    """Files by a name each has alone, in the order of those names, however they were given.

    A file name that two files have gets its folder in front; the same path twice gets a number.
    """
    alone = Counter(path.name for path in {path.resolve(): path for path in paths}.values())
    names = [path.name if alone[path.name] == 1 else "/".join(path.parts[-2:]) for path in paths]
    numbered: Counter[str] = Counter()
    result = []
    for name, path in sorted(zip(names, paths, strict=True), key=lambda pair: (pair[0], str(pair[1].resolve()))):
        numbered[name] += 1
        result.append((name if numbered[name] == 1 else f"{name} ({numbered[name]})", path))
    return result
