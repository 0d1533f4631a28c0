"""The walk-through of README.md works as it stands."""

import os
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def test_the_walk_through_runs(tmp_path):
    commands = README.read_text(encoding="utf-8").split("```sh\n")[1].split("```")[0]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-e", "-c", commands], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    promised = {
        "due": "entitlements.parquet components.parquet payments.csv recommendations.parquet",
        "orders": "kendali.csv BRI POS",
        "reconciled": "outcomes.parquet dispositions.parquet summary.csv exceptions.xlsx minutes.pdf",
    }
    for folder, names in promised.items():
        assert {"manifest.json", *names.split()} <= {entry.name for entry in (tmp_path / "trial" / folder).iterdir()}
