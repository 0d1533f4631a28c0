"""A policy folder that a test may break."""

import shutil
from pathlib import Path

import pytest

from gandeng.policy.figures import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the policy that a test may break."""
    copy = tmp_path / "policy"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "tests", "__pycache__"))
    return copy


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
