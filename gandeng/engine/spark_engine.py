"""The same calculations on Apache Spark: a local session, or a cluster named by its master's address.

Needs the `spark` extra. Inputs are staged as Parquet by DuckDB in `workdir`, which every worker must be able to read;
stored steps are written once and read back, which also cuts Spark's lineage.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from gandeng.core.calculation import Step
from gandeng.core.tables import Table, Type
from gandeng.engine.duckdb_engine import DuckDBEngine, quoted
from gandeng.engine.java import java_home

LOCAL = "local[2]"

_TYPES = {"string": Type.TEXT, "bigint": Type.BIGINT, "date": Type.DATE, "boolean": Type.BOOLEAN}


class SparkEngine:
    """Runs steps in one Spark session."""

    name = "spark"

    def __init__(self, workdir: Path, *, master: str = LOCAL, settings: Mapping[str, str] | None = None) -> None:
        self.workdir = workdir.resolve()
        self.stage = DuckDBEngine(self.workdir / "staged")
        self.spark = _session(self.workdir, master, settings or {})

    def register(self, table: Table, select: str) -> None:
        """Stage what `select` gives as Parquet, for Spark to read."""
        self.stage.run(Step(table.name, select, stored=True))
        self._read(table.name, self.stage.workdir / f"{table.name}.parquet")

    def register_rows(self, table: Table, rows: Sequence[Sequence[object]]) -> None:
        """Stage a small table."""
        self.stage.register_rows(Table(f"{table.name}_rows", table.row, table.columns), rows)
        self.register(table, f"select * from {table.name}_rows")

    def run(self, step: Step) -> None:
        """Run one step; a stored or repeated one goes to Parquet and comes back as a view."""
        frame = self.spark.sql(step.sql)
        if step.repeated:
            counted = frame.groupBy(*frame.columns).count()
            frame = counted.where("count > 1").drop("count")
        elif not step.stored:
            frame.createOrReplaceTempView(step.name)
            return
        folder = self.workdir / f"{step.name}.parquet"
        frame.write.mode("overwrite").parquet(str(folder))
        self._read(step.name, folder)

    def export(self, name: str, path: Path) -> None:
        """Gather the parts of a stored step into one file."""
        parts = quoted(self.workdir / f"{name}.parquet" / "*.parquet")
        rows = f"select * from read_parquet('{parts}', hive_partitioning=false)"
        self.stage.con.execute(f"copy ({rows}) to '{quoted(path)}' (format parquet)")

    def types(self, name: str) -> dict[str, Type | None]:
        """Column names and types of a table."""
        return {column: _TYPES.get(type_) for column, type_ in self.spark.table(name).dtypes}

    def fetch(self, sql: str) -> pa.Table:
        """What a query gives, for small results."""
        folder = self.workdir / "fetched"
        self.spark.sql(sql).coalesce(1).write.mode("overwrite").parquet(str(folder))
        return self.stage.fetch(f"select * from read_parquet('{quoted(folder)}/*.parquet', hive_partitioning=false)")

    def close(self) -> None:
        """End the session."""
        self.spark.stop()
        self.stage.close()

    def _read(self, name: str, path: Path) -> None:
        self.spark.read.parquet(str(path)).createOrReplaceTempView(name)


def _session(workdir: Path, master: str, settings: Mapping[str, str]) -> Any:
    os.environ["JAVA_HOME"] = str(java_home())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("gandeng")
    fixed = {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.warehouse.dir": str(workdir / "warehouse"),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for key, value in {**fixed, **settings}.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
