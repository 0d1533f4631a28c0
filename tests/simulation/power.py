"""The power of an office's database is cut: every process is gone, and so is all that was not flushed to the disk.

What survives is what PostgreSQL promises and no more: the files of the last checkpoint, and the log up to where it said
that it had been flushed. Anything else may have stood in the memory of the machine alone, so it is taken away.
"""

import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from gandeng.office import database
from gandeng.office.backup import back_up, restore

NAME = "gandeng"
LONG_BETWEEN_CHECKPOINTS = {"checkpoint_timeout": "1h", "max_wal_size": "4GB"}
LAZY = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
"""Settings of a database that answers before it has written: what an office's must never be."""


@dataclass
class Office:
    """A database server of its own that runs as an office's does, and how it lay on the disk when it was started."""

    home: Path
    server: object
    at_rest: Path

    def __init__(self, home: Path, address: str, data: Path, *, lazy: bool = False):
        """With what is in the database of that address."""
        self.home = home
        kept = back_up(address, data, home / "backups").folder
        self.server = database.start(home / "running")
        with psycopg.connect(self.server.get_uri(), autocommit=True) as con:
            for name, value in (LONG_BETWEEN_CHECKPOINTS | (LAZY if lazy else {})).items():
                con.execute(f"alter system set {name} = '{value}'")
        database.create(self.server, NAME)
        restore(kept, self.server.get_uri(NAME), home / "data")
        database.stop(home / "running")
        self.at_rest = _copy(home / "running", home / "at-rest")
        self.server.ensure_postgres_running()

    def is_safe(self) -> dict[str, str]:
        """The settings that decide whether what was answered is on the disk."""
        with psycopg.connect(self.server.get_uri()) as con:
            names = ("fsync", "synchronous_commit", "full_page_writes")
            return {name: con.execute(f"show {name}").fetchone()[0] for name in names}

    def flushed(self) -> tuple[str, int]:
        """File of the log and place in it up to where all is on the disk."""
        with psycopg.connect(self.server.get_uri()) as con:
            return con.execute("select * from pg_walfile_name_offset(pg_current_wal_flush_lsn())").fetchone()

    def cut(self, flushed: tuple[str, int]) -> None:
        """Every process ends without a word; the disk is as it was at rest, but for the log up to `flushed`."""
        postmaster = psutil.Process(self.server.get_pid())
        for each in [postmaster, *postmaster.children()]:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        running, found = self.home / "running", _copy(self.at_rest, self.home / "found")
        shutil.rmtree(found / "pg_wal")
        _copy(running / "pg_wal", found / "pg_wal")
        _copy(running / "global" / "pg_control", found / "global" / "pg_control")
        _forget(found / "pg_wal", *flushed)
        (found / "postmaster.pid").unlink(missing_ok=True)

    def comes_back(self):
        """The server, started on what was found on the disk."""
        self.server = database.start(self.home / "found")
        return self.server


def _copy(folder: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    return to


def _forget(log: Path, last: str, place: int) -> None:
    """Empty the log from that place on."""
    for each in sorted(path for path in log.iterdir() if path.is_file()):
        kept = place if each.name == last else 0
        if each.name >= last:
            size = each.stat().st_size
            with each.open("r+b") as file:
                file.seek(kept)
                file.write(bytes(size - kept))
