"""Runs the core's calculations: the same steps on DuckDB in this process or on Apache Spark."""

from pathlib import Path

from gandeng.engine.base import Engine, Progress, SchemaBroken, calculate, no_progress, prove
from gandeng.engine.duckdb_engine import MEMORY_LIMIT, DuckDBEngine, InMemory, connect, literal, parquet, quoted

__all__ = [
    "MEMORY_LIMIT",
    "Engine",
    "InMemory",
    "Progress",
    "SchemaBroken",
    "calculate",
    "connect",
    "literal",
    "no_progress",
    "open_engine",
    "parquet",
    "prove",
    "quoted",
]


def open_engine(name: str, workdir: Path, *, memory_limit: str = MEMORY_LIMIT, master: str | None = None) -> Engine:
    """The engine of that name; `memory_limit` is DuckDB's, `master` the address of a Spark cluster."""
    if name == DuckDBEngine.name:
        return DuckDBEngine(workdir, memory_limit=memory_limit)
    if name != "spark":
        raise ValueError(name)
    from gandeng.engine.spark_engine import LOCAL, SparkEngine

    return SparkEngine(workdir, master=master or LOCAL)
