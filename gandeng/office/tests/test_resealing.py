"""Keys changed over in an office that has sealed values of every kind."""

import itertools
import json
import random
import shutil
import signal
from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction

from conftest import OURS, Cast, copied_database, use_database
from gandeng.accounts.acting import in_territory
from gandeng.audit import sealing
from gandeng.audit.sealing import InUse, NoSuchVersion, Place, add_version, seal, unseal
from gandeng.office import database, resealing, sealed_files
from gandeng.office.resealing import AlreadyRunning, StillNeeded, WorkRunning, held, reseal, retire
from gandeng.office.sealed import TABLES
from gandeng.office.tests.sealed_office import NIK, SECRET, address, apply, copied, everything, fill, rows_of, unsealed
from gandeng.payments import actions
from gandeng.payments.models import Cycle
from gandeng.payments.tests.steps import quiet
from tests.simulation.effort import LONG, UNHURRIED
from tests.simulation.killing import killed

QUIET = lambda *_: None  # noqa: E731


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    """PostgreSQL tells of the oldest transaction of the whole server, on which tests of other workers run too."""
    monkeypatch.setattr(resealing, "_WAIT_SECONDS", 900)


@pytest.fixture(scope="module")
def filled(server, django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    with copied_database(server, django_db_blocker) as name, pytest.MonkeyPatch.context() as patch:
        fill(folder, patch)
        connections.close_all()
        yield name, folder


@pytest.fixture
def office(filled, server, django_db_blocker, tmp_path, monkeypatch):
    """An office of this test's own, in use by the owner of its tables."""
    with django_db_blocker.unblock(), copied(server, *filled, tmp_path / "own", monkeypatch) as name:
        yield name


@pytest.fixture(scope="module")
def guarded(filled, server, django_db_blocker, tmp_path_factory):
    """An office for tests that undo what they try."""
    own = tmp_path_factory.mktemp("guarded") / "own"
    with (
        django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, copied(server, *filled, own, patch) as name
    ):  # fmt: skip
        yield name


@pytest.fixture
def undone(guarded, server, django_db_blocker):
    """That office, in use by the owner of its tables."""
    with django_db_blocker.unblock():
        use_database(server, guarded, database.OWNER)
        yield
        use_database(server, OURS, database.APP)


def versions():
    return set().union(*held().values())


def ledger_of():
    return Counter(row["table_name"] for row in rows_of("select table_name from audit_heldrow"))


def test_it_works(office, server):
    from gandeng.office.verify import verify

    plain, rest, ledger = everything(), unsealed(), ledger_of()
    assert {key[0] for key in plain} == {table.name for table in TABLES} | sealed_files.KINDS
    assert versions() == {1}
    shown = []
    assert add_version(settings.KEY_FILE) == 2
    run = reseal(lambda *told: shown.append(told))
    assert run.done.total() == len(plain) == shown[-1][1] == shown[-1][2]
    assert versions() == {2}
    assert everything() == plain
    assert unsealed() == rest, "nothing else changed, and no history was written"
    assert set(ledger_of() - ledger) <= {"mfa_authenticator", "audit_auditentry"}, (
        "the ledger counts sealed columns by their length"
    )
    assert [found.check for found in verify(server.get_uri(office)) if found.wrong] == []


def test_it_is_written_down_once_with_counts_alone(office):
    add_version(settings.KEY_FILE)
    run = reseal(QUIET)
    reseal(QUIET)
    (entry,) = rows_of("select * from audit_auditentry where action = 'keys.resealed'")
    assert (entry["person_name"], entry["person_id"]) == ("Gandeng", None)
    assert entry["facts"] == {"version": 2, "resealed": dict(run.done), "damaged": {}}


def test_the_site_goes_on_afterwards_with_the_new_key_alone(office, server):
    """The list that waits is applied, payment lists are made again from frozen data, a code is checked."""
    from allauth.mfa.models import Authenticator

    add_version(settings.KEY_FILE)
    reseal(QUIET)
    retire(1)
    assert list(json.loads(settings.KEY_FILE.read_text())["data"]) == ["2"]
    sealing._known.clear()
    use_database(server, office, database.APP)
    officer, coordinator = Cast()("PROVINCE_OFFICER", "63"), Cast()("DISTRICT_COORDINATOR")
    from gandeng.registry.models import Intake

    with in_territory(officer):
        cycle = Cycle.objects.get(stage=3)
        roots = list(cycle.lists.order_by("pk").values_list("root", flat=True))
        again = actions.make_lists(officer, cycle, quiet)
        assert list(again.lists.order_by("pk").values_list("root", flat=True)) == roots
    with in_territory(coordinator):
        waiting = Intake.objects.get(state="STAGED")
    apply(coordinator, str(waiting.pk))
    totp = Authenticator.objects.get(type="totp").wrap()
    from allauth.mfa.utils import decrypt

    assert decrypt(totp.instance.data["secret"]) == SECRET


def test_frozen_data_keep_their_digest(office):
    def digests():
        return rows_of("select id, frozen_digest from payments_cycle order by 1")

    before = digests()
    add_version(settings.KEY_FILE)
    reseal(QUIET)
    assert digests() == before
    for cycle in Cycle.objects.raw("select * from payments_cycle"):
        assert actions.cycles.frozen_of(cycle).is_dir()


# -- while the site is up --


def test_a_row_in_use_is_left_for_later_and_nobody_waits(office):
    add_version(settings.KEY_FILE)
    with psycopg.connect(**address()) as other:
        other.execute("update registry_member set name = 'Nama Baru' where nik_last4 = %s", [NIK[-4:]])
        reseal(QUIET)
        assert held()["registry_member.nik_sealed"][1] == 1
    reseal(QUIET)
    assert versions() == {2}
    assert rows_of(f"select name from registry_member where nik_last4 = '{NIK[-4:]}'") == [{"name": "Nama Baru"}]


def test_a_change_between_reading_and_writing_is_not_lost(office, monkeypatch):
    (row,) = rows_of(f"select id from registry_member where nik_last4 = '{NIK[-4:]}'")
    place = Place("registry_member", "nik", str(row["id"]))
    other, written = seal("6371014101900001", place), resealing._written

    def after_somebody_else(table, changed):
        if table.name == "registry_member":
            with psycopg.connect(**address()) as con:
                con.execute("update registry_member set nik_sealed = %s where id = %s", [other, row["id"]])
        return written(table, changed)

    add_version(settings.KEY_FILE)
    monkeypatch.setattr(resealing, "_written", after_somebody_else)
    reseal(QUIET)
    (now,) = rows_of(f"select nik_sealed from registry_member where id = '{row['id']}'")
    assert unseal(now["nik_sealed"], place) == "6371014101900001"


def test_one_runs_at_a_time_and_a_killed_one_stands_in_nobody_s_way(office):
    add_version(settings.KEY_FILE)
    with psycopg.connect(**address()) as other:
        other.execute("select pg_advisory_lock(%s)", [resealing._LOCK])
        with pytest.raises(AlreadyRunning):
            reseal(QUIET)
    _wait_until_let_go(resealing._LOCK)
    reseal(QUIET)
    assert versions() == {2}


def _wait_until_let_go(lock):
    """A server notices a closed connection in its own time."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s), pg_advisory_unlock(%s)", [lock, lock])


def test_what_does_not_open_is_told_and_stays(office):
    with psycopg.connect(**address()) as con:
        con.execute("""update registry_member set nik_sealed = set_byte(nik_sealed, 30, get_byte(nik_sealed, 30) # 1)
            where nik_last4 = %s""", [NIK[-4:]])  # fmt: skip
    add_version(settings.KEY_FILE)
    run = reseal(QUIET)
    assert dict(run.damaged) == {"registry_member": 1}
    assert held()["registry_member.nik_sealed"][1] == 1
    assert sum(count[1] for count in held().values()) == 1
    with pytest.raises(StillNeeded):
        retire(1)


@UNHURRIED
def test_killed_anywhere_it_goes_on(office):
    """Before or after a statement that writes, at a touch of a file, or at any moment; until it is through."""
    plain, rest = everything(), unsealed()
    add_version(settings.KEY_FILE)
    chance, kills, ended = random.Random(7), 0, -signal.SIGKILL
    while ended == -signal.SIGKILL:
        writes = kills % 3 < 2
        at = chance.randrange(0, 6 + kills * (1 if LONG else 4)) + (0 if writes else 40)
        ended = killed(lambda: reseal(QUIET), at, only="unnest" if writes else "")
        kills += ended == -signal.SIGKILL
        assert kills % 3 or everything() == plain, "each value opens, whichever key it has"
    assert kills > 3
    assert versions() == {2}
    assert everything() == plain
    assert unsealed() == rest
    assert not [*settings.DATA_DIR.glob("**/*.again")]


# -- taking a key out --


def test_it_refuses_to_retire_what_is_needed(office):
    with pytest.raises(InUse):
        retire(1)
    add_version(settings.KEY_FILE)
    with pytest.raises(NoSuchVersion):
        retire(3)
    with pytest.raises(StillNeeded) as needed:
        retire(1)
    assert set(needed.value.held) == set(held())
    assert list(json.loads(settings.KEY_FILE.read_text())["data"]) == ["1", "2"]


@pytest.mark.parametrize("kind", ["lists", "staff-lists", "frozen"])
def test_it_refuses_while_a_file_needs_it(office, kind, monkeypatch, tmp_path):
    """A file put back, as from a backup."""
    shutil.copytree(settings.DATA_DIR, tmp_path / "before")
    add_version(settings.KEY_FILE)
    reseal(QUIET)
    shutil.rmtree(settings.DATA_DIR)
    shutil.copytree(tmp_path / "before", settings.DATA_DIR)
    for other in {"lists", "staff-lists", "cycles"} - {"cycles" if kind == "frozen" else kind}:
        shutil.rmtree(settings.DATA_DIR / other)
    with pytest.raises(StillNeeded) as needed:
        retire(1)
    assert set(needed.value.held) == {kind}


def test_it_refuses_while_a_list_is_being_written(office):
    add_version(settings.KEY_FILE)
    reseal(QUIET)
    half = settings.DATA_DIR / "lists" / str(uuid4())
    half.mkdir()
    (half / "nik-seals.parquet").write_bytes(b"PAR1")
    with pytest.raises(StillNeeded) as needed:
        retire(1)
    assert needed.value.held == {"lists": 1}


def test_it_refuses_while_work_that_began_before_is_under_way(office, monkeypatch):
    add_version(settings.KEY_FILE)
    reseal(QUIET)
    with psycopg.connect(**address()) as other, monkeypatch.context() as hurried:
        hurried.setattr(resealing, "_WAIT_SECONDS", 0.2)
        other.execute("create temp table image as select 1")
        with pytest.raises(WorkRunning):
            retire(1)
    retire(1)
    assert rows_of("select facts from audit_auditentry where action = 'keys.retired'") == [{"facts": {"version": 1}}]


# -- the door in the guards --

GUARDED = {
    "registry_changeevidence": ("file_sealed", "words"),
    "registry_changerequest": ("identifier_sealed", "reason"),
    "registry_familyevent": ("kk_sealed", "status"),
    "registry_memberevent": ("nik_sealed", "name"),
    "payments_payment": ("nik_sealed", "amount_rupiah"),
}
LATER = "set_byte({0}, 1, get_byte({0}, 1) + 1)"
CLOSED = "update payments_cycle set state = 'CLOSED'"


def tried(statement, *, resealing=True):
    """As the owner, undone again."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            if resealing:
                cursor.execute("set local gandeng.resealing = 'on'")
            cursor.execute(statement)
            count = cursor.rowcount
        transaction.set_rollback(True)
    return count


def door(table):
    column, other = GUARDED[table]
    where = "state = 'APPROVED'" if table == "registry_changerequest" else f"length({column}) > 0"
    return f"update {table} set {column} = {LATER.format(column)}{{more}} where {where}", column, other


@pytest.mark.parametrize("table", GUARDED)
def test_the_door_lets_a_later_seal_pass_and_nothing_else(undone, table):
    update, column, other = door(table)
    assert tried(update.format(more="")) > 0
    same = update.format(more=f", {other} = {other}")
    assert tried(same) > 0
    changed = f"{other} + 1" if other == "amount_rupiah" else f"{other} || 'x'"
    other_seals = (
        f"{column} || '\\x00'", f"set_byte({column}, 1, 0)", f"set_byte({column}, 20, 255 - get_byte({column}, 20))",
        "''",
    )  # fmt: skip
    refused = [
        (update.format(more=""), False),
        (update.format(more=f", {other} = {changed}"), True),
        *((update.replace(LATER.format(column), seal_).format(more=""), True) for seal_ in other_seals),
        (f"delete from {table}", True),
    ]
    for statement, on in refused:
        with pytest.raises(DatabaseError):
            tried(statement, resealing=on)


def test_the_door_of_rows_of_lists(undone):
    sealed = "before ->> 'nik_sealed'"
    later = f"jsonb_set(before, '{{nik_sealed}}', to_jsonb(overlay({sealed} placing '0002' from 3)))"
    update, where = f"update registry_intakerow set before = {later}", f" where {sealed} > '\\x'"
    assert tried(update + where) > 0
    for statement, on in (
        (update + where, False),
        (f"{update}, row_id = gen_random_uuid() {where}", True),
        ("update registry_intakerow set before = jsonb_set(before, '{name}', '\"x\"') where before ? 'name'", True),
        (f"update registry_intakerow set before = before - 'nik_sealed' {where}", True),
        ("delete from registry_intakerow", True),
    ):
        with pytest.raises(DatabaseError, match="never changed"):
            tried(statement, resealing=on)


def test_the_door_of_orders_of_a_closed_cycle(undone):
    update = f"update payments_instruction set password_sealed = {LATER.format('password_sealed')}"
    assert tried(f"{CLOSED}; {update}") > 0
    assert tried(f"{CLOSED}; {update}") > 0
    for statement, on in ((update, False), (f"{update}, name = 'x'", True), ("delete from payments_instruction", True)):
        with pytest.raises(DatabaseError, match="closed"):
            tried(f"{CLOSED}; {statement}", resealing=on)


REFUSED = {
    "payments_payment": "never changed", "payments_instruction": "closed", "registry_changerequest": "stays so",
}  # fmt: skip


@pytest.mark.parametrize("table", [*GUARDED, "registry_intakerow", "payments_instruction"])
def test_the_role_of_the_pages_never_passes(guarded, server, table):
    """Whether it may update the table or not, and whatever it says of itself."""
    if table in GUARDED:
        update = door(table)[0].format(more="")
    elif table == "payments_instruction":
        update = f"update {table} set password_sealed = {LATER.format('password_sealed')}"
    else:
        update = f"update {table} set before = before"
    with psycopg.connect(server.get_uri(guarded)) as con:
        con.execute(CLOSED)
        con.execute(f"set local role {database.APP}")
        con.execute("""select set_config('gandeng.territory', '{""}', true),
            set_config('gandeng.channels', '{*}', true), set_config('gandeng.resealing', 'on', true)""")
        with pytest.raises(psycopg.DatabaseError, match=REFUSED.get(table, "permission denied for table")):
            con.execute(update)
        con.rollback()


# -- keys lost --


def test_a_site_comes_back_from_a_backup_and_two_shares(office, server, tmp_path):
    """The drill: the machine is gone, its key file too; there are the backup and two of three people."""
    from gandeng.audit.key_files import write_new
    from gandeng.audit.key_shares import join, read, split, write
    from gandeng.office.backup import back_up, restore

    plain = everything()
    paths = write(split(settings.KEY_FILE.read_bytes(), shares=3, needed=2), tmp_path / "people")
    backup = back_up(server.get_uri(office), settings.DATA_DIR, tmp_path / "backups").folder
    shutil.rmtree(settings.DATA_DIR)
    settings.KEY_FILE.unlink()
    sealing._known.clear()
    database.create(server, "drill")
    try:
        restore(backup, server.get_uri("drill"), settings.DATA_DIR)
        write_new(settings.KEY_FILE, join([read(path) for path in paths[1:]]))
        use_database(server, "drill", "postgres")
        assert everything() == plain
    finally:
        use_database(server, office, database.OWNER)
        with psycopg.connect(server.get_uri(), autocommit=True) as con:
            con.execute("drop database drill with (force)")


def test_numbers_add_up_over_many_changes_of_keys(office):
    plain = everything()
    for version in itertools.count(2):
        add_version(settings.KEY_FILE)
        reseal(QUIET)
        retire(version - 1)
        assert versions() == {version}
        if version == 4:
            break
    assert everything() == plain
