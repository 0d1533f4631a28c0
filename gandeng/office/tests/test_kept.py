"""Files outside the database over their life: kept with their row, in the backup, swept when no row names them."""

import os

import pytest

from conftest import Cast, use_database
from gandeng.accounts.acting import in_territory
from gandeng.audit.kept_files import FOLDER
from gandeng.office import database, kept
from gandeng.office.backup import back_up, restore
from gandeng.office.tests.test_backup import empty  # noqa: F401 (a fixture)
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.actions.changes import Proof, Wanted, open_evidence, request_change
from gandeng.registry.models import Family


@pytest.fixture
def asked(own_database, settings, tmp_path):
    """Two requests with a paper each, kept on disk; gives the operator and the first."""
    settings.DATA_DIR, settings.FILES = tmp_path / "office", "disk"
    operator = Cast()("DISTRICT_OPERATOR")
    make_cycle((("6371011001", "BRI", 225_000), ("6371011001", "BTN", 300_000)))
    paper = Proof("dilihat", "ktp.pdf", "application/pdf", b"%PDF-1.7 uji")
    with in_territory(operator):
        made = [
            request_change(operator, each, "NIK", each.collector, Wanted({}, f"637101410590000{number}"), "Baru", paper)
            for number, each in enumerate(Family.objects.select_related("collector").order_by("family_no"))
        ]
    return operator, made[0]


def files(settings):
    return sorted(path for path in (settings.DATA_DIR / FOLDER).rglob("*") if path.is_file())


def test_it_works(asked, settings):
    operator, change = asked
    with in_territory(operator):
        assert open_evidence(operator, change) == ("application/pdf", b"%PDF-1.7 uji")
    assert len(files(settings)) == 2
    assert all(b"%PDF" not in path.read_bytes() for path in files(settings))


def test_what_no_row_names_goes_and_nothing_else(asked, settings, server, own_database):
    left = settings.DATA_DIR / FOLDER / "registry_changeevidence.file" / str(asked[1].pk) / ("0" * 64)
    strange = left.parent.with_name("00000000-0000-4000-8000-000000000000") / ("0" * 64)
    strange.parent.mkdir()
    for path in (left, strange):
        path.write_bytes(b"of an act that was undone")
    for path in files(settings):
        os.utime(path, (0, 0))
    use_database(server, own_database, database.OWNER)
    assert kept.sweep() == 2
    assert len(files(settings)) == 2
    assert not left.exists()


def test_it_refuses_to_sweep_where_it_does_not_see_every_row(asked, settings):
    for path in files(settings):
        os.utime(path, (0, 0))
    with pytest.raises(RuntimeError, match="not every row"):
        kept.sweep()
    assert len(files(settings)) == 2


def test_they_are_in_the_backup(asked, settings, server, own_database, empty, tmp_path):  # noqa: F811
    folder = back_up(server.get_uri(own_database), settings.DATA_DIR, tmp_path / "backups").folder
    restore(folder, empty, tmp_path / "back", settings.KEY_FILE)
    there = sorted(path.relative_to(tmp_path / "back") for path in (tmp_path / "back" / FOLDER).rglob("*"))
    assert len([path for path in there if (tmp_path / "back" / path).is_file()]) == 2
