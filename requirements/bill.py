"""The bill of materials: everything an office runs that others made, by version, digest and licence (`make bill`).

CycloneDX 1.6, from the lock files and without a clock, so that two people who write it for one commit get the same
bytes. Licences of Python packages are those their installed metadata names; what is of another system has none.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gandeng import __version__

HERE = Path(__file__).parent
RUN = HERE / "run.lock"
FRONTEND = HERE.parent / "frontend" / "package-lock.json"
BUILD_ONLY = frozenset({"axe-core", "esbuild", "sass"})
"""What builds or tests the front end and is in no file of it."""
_PINNED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
_DIGEST = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_INSIDE = "/node_modules/"
_LONGEST_NAME = 80
"""Some packages put the whole text of their licence where its name belongs."""


def bill() -> dict[str, Any]:
    """As CycloneDX; the packages in the order of their names, those of Python first."""
    locked = json.loads(FRONTEND.read_text(encoding="utf-8"))["packages"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": "gandeng", "name": "gandeng", "version": __version__,
                "licenses": [{"expression": "AGPL-3.0-or-later"}],
            }
        },
        "components": [*_of_python(RUN.read_text(encoding="utf-8")), *_of_pages(locked)],
    }  # fmt: skip


def _of_python(lock: str) -> Iterator[dict[str, Any]]:
    """Each package with the digests of all its files: which of them is installed depends on the machine."""
    entries = re.split(r"^(?=[a-zA-Z0-9])", lock, flags=re.MULTILINE)[1:]
    for entry in entries:
        name, version, only_where = re.match(_PINNED, entry).groups()  # type: ignore[union-attr]
        found = _component("pypi", name, version, [("SHA-256", digest) for digest in re.findall(_DIGEST, entry)])
        found["licenses"] = _licence_of(name)
        if only_where:
            found["properties"] = [{"name": "gandeng:only-where", "value": only_where}]
        yield {key: value for key, value in found.items() if value}


def _licence_of(name: str) -> list[dict[str, Any]]:
    """By its expression, else by the name or the classifiers of older packages."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    if expression := told.get("License-Expression"):
        return [{"expression": expression}]
    classes = [one.rsplit(" :: ", 1)[-1] for one in told.get_all("Classifier") or () if one.startswith("License :: ")]
    named = (told.get("License") or "").strip()
    names = [named] if named and len(named) <= _LONGEST_NAME else classes
    return [{"license": {"name": each}} for each in names]


def _of_pages(locked: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What our pages are built from; the result stands in the repository, an office fetches none of it."""
    carried: set[str] = set()
    waiting = [_found(locked, "", name) for name in locked[""]["devDependencies"].keys() - BUILD_ONLY]
    while waiting:
        place = waiting.pop()
        if place not in carried:
            carried.add(place)
            waiting += [_found(locked, place, name) for name in locked[place].get("dependencies", {})]
    for place in sorted(carried):
        one = locked[place]
        kind, _, digest = one["integrity"].partition("-")
        digests = [(kind.upper().replace("SHA", "SHA-"), b64decode(digest).hex())]
        found = _component("npm", f"/{place}".rpartition(_INSIDE)[2], one["version"], digests)
        yield found | {"licenses": [{"expression": one["license"]}]}


def _found(locked: dict[str, dict[str, Any]], place: str, name: str) -> str:
    """Where npm put the package for whoever asks at that place: inside it, or in the nearest folder around it."""
    around = f"/{place}".rstrip("/").split(_INSIDE)
    inside = (_INSIDE.join([*around[:depth], name])[1:] for depth in range(len(around), 0, -1))
    return next(each for each in inside if each in locked)


def _component(kind: str, name: str, version: str, digests: list[tuple[str, str]]) -> dict[str, Any]:
    address = f"pkg:{kind}/{quote(name, safe='/')}@{quote(version)}"
    hashes = [{"alg": algorithm, "content": digest} for algorithm, digest in digests]
    return {
        "type": "library", "bom-ref": address, "name": name, "version": version, "purl": address,
        "scope": "required", "hashes": hashes,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(bill(), indent=1, ensure_ascii=False))  # noqa: T201 - the file that make writes
