"""No folder's name becomes a column: DuckDB reads `channel=BNI/file.parquet` as a table whose channel is BNI.

`gandeng.engine.parquet` reads the rows of a file alone; SQL that reads otherwise says so itself.
"""

import re
from pathlib import Path

CODE = Path(__file__).parents[2] / "gandeng"
READ = re.compile(r"\b(?:from|join) '\{|(?<!\.)\bread_(?:parquet|csv)\(")
SAID = "hive_partitioning"
NEAR = 200
"""Letters of the call in which it is said."""


def silent(text: str) -> list[str]:
    return [text[found.start() :][:60] for found in READ.finditer(text) if SAID not in text[found.start() :][:NEAR]]


def test_files_are_read_for_their_own_rows() -> None:
    assert silent("select * from '{path}'")
    assert silent("select * from read_parquet('{path}')")
    files = [path for path in sorted(CODE.rglob("*.py")) if "tests" not in path.parts]
    assert {path.name: found for path in files if (found := silent(path.read_text(encoding="utf-8")))} == {}
