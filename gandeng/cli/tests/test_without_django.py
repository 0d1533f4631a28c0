"""Commands on files need no Django: a laptop waits for none, and nothing asks for a database."""

import subprocess
import sys
from pathlib import Path

_RUN = """
import sys
from glob import glob
from gandeng.cli.main import app
for line in sys.argv[1:]:
    app([name for word in line.split() for name in glob(word) or [word]], standalone_mode=False)
    print("django" in sys.modules, line, file=sys.stderr)
"""
_LINES = """
nik 6371014101900001
policy show --year 2024
simulate registry --region 63.71 --families 60 --format csv --out registry
entitle --families registry/families.csv --members registry/members.csv --cycle 2024-2 --out due
instruct due/payments.csv --execute-on 2024-05-17 --out orders
simulate results due/payments.csv --out reports
reconcile due/payments.csv reports/results-* --as-of 2024-09-19 --out reconciled
"""


def test_it_works(tmp_path: Path) -> None:
    lines = _LINES.strip().splitlines()
    told = subprocess.run(
        [sys.executable, "-c", _RUN, *lines], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    said = [line for line in told.stderr.splitlines() if line.startswith(("True ", "False "))]
    assert said == [f"False {line}" for line in lines]
