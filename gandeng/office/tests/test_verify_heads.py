"""The log cut off, rewritten or its heads tampered with past every guard, by a superuser."""

import os
import subprocess
import sys
from datetime import date, timedelta

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from gandeng.audit import heads
from gandeng.audit.actions import Machine, record
from gandeng.audit.heads import anchor, seal_log
from gandeng.audit.log_keys import LogKey, log_key
from gandeng.audit.models import AuditHead
from gandeng.office import database
from gandeng.office.verify import verify

HOLDS = "heads: the log still holds what each of them names"
FOLLOWS = "heads: each follows the one before it and is the digest of what it says"
SIGNED = "heads: each is signed by a key of the office"
OUTSIDE = "anchors: the heads kept outside are those of the log"

RECHAINED = """
do $$ declare e audit_auditentry; before bytea; last smallint; begin
    for e in select * from audit_auditentry order by shard, number loop
        if last is distinct from e.shard then before := ''; end if;
        last := e.shard;
        update audit_auditentry a set previous = before, hash = sha256(before || convert_to(jsonb_build_array(a.shard,
            a.number, extract(epoch from a.at)::text, coalesce(a.person_id::text, ''), a.person_name, a.authority,
            a.action, a.object_type, a.object_id, a.region_code, a.reason, a.facts)::text, 'UTF8'))
            where id = e.id returning hash into before;
    end loop;
    perform audit_hold('audit_auditentry', 'id', 'ROWS', '{}', '{}');
end $$"""
"""What somebody with the whole database does who knows how the chain is made."""


@pytest.fixture
def sealed(own_database, server, monkeypatch):
    """Three days with acts in several regions, each sealed; gives the owner's address and the lines kept outside."""
    lines = []
    for day in range(3):
        for place in ("6371", "6372", "62", ""):
            record(Machine(), f"act.{day}", region=place, day=day)
        monkeypatch.setattr(timezone, "localdate", lambda day=day: date(2024, 9, 19) + timedelta(day))
        lines.append(anchor(seal_log()))
    return server.get_uri(own_database), lines


def key():
    return [log_key().public_text]


def broken(address, **given):
    return {found.check for found in verify(address, **{"keys": key(), **given}) if found.wrong}


def damaged(address, *statements):
    with psycopg.connect(address) as con:
        con.execute("set session_replication_role = replica")
        for statement in statements:
            con.execute(statement)


def test_it_works(sealed):
    address, lines = sealed
    assert broken(address, anchors=lines) == set()
    assert OUTSIDE in {found.check for found in verify(address, anchors=lines)}


DAMAGE = {
    "the tail is cut off": (["delete from audit_auditentry where action = 'act.2'"], HOLDS),
    "everything after the first day is cut off": (["delete from audit_auditentry where action <> 'act.0'"], HOLDS),
    "a reason is changed and the chain made anew": (
        ["update audit_auditentry set reason = 'lain' where action = 'act.0' and region_code = '62'", RECHAINED], HOLDS,
    ),
    "a head in the middle is taken out": (["delete from audit_audithead where number = 2"], FOLLOWS),
    "two heads change their days": (
        ["update audit_audithead set day = date '2030-01-01' - number::int where number < 3"], FOLLOWS,
    ),
    "a head is moved to another entry": (
        ["update audit_audithead set ends = jsonb_set(ends, '{0,1}', '1') where number = 3"], FOLLOWS,
    ),
    "a root is changed": (["update audit_audithead set root = sha256(root) where number = 3"], SIGNED),
    "a signature is another's": (
        ["""update audit_audithead h set signature = o.signature from audit_audithead o
            where h.number = 1 and o.number = 2"""], SIGNED,
    ),
    "the heads are put elsewhere in time": (["update audit_audithead set at = at - interval '1 day'"], FOLLOWS),
}  # fmt: skip


@pytest.mark.parametrize("told", DAMAGE)
def test_damage_is_found_from_the_database_alone(sealed, told):
    statements, check = DAMAGE[told]
    damaged(sealed[0], *statements)
    assert check in broken(sealed[0])


def test_a_head_and_its_entries_cut_off_together_are_found_by_a_line_kept_outside(sealed):
    address, lines = sealed
    damaged(address, "delete from audit_audithead where number = 3",
            "delete from audit_auditentry where action = 'act.2'",
            "delete from audit_auditentry where action = 'log.sealed' and facts->>'day' = '2024-09-21'")  # fmt: skip
    assert HOLDS not in broken(address)
    assert OUTSIDE in broken(address, anchors=lines)


def rewritten(address, monkeypatch):
    """Everything made anew, signed with the key that `log_key` gives."""
    damaged(address, "update audit_auditentry set reason = 'lain' where action = 'act.0' and region_code = '62'",
            RECHAINED, "delete from audit_audithead",
            "delete from audit_heldrow where table_name = 'audit_audithead'")  # fmt: skip
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 9, 21))
    seal_log()


def test_a_chain_rewritten_and_signed_by_another_key_is_found(sealed, monkeypatch):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    mine = key()
    monkeypatch.setattr(heads, "log_key", lambda: LogKey(Ed25519PrivateKey.generate()))
    rewritten(sealed[0], monkeypatch)
    assert broken(sealed[0], keys=mine) == {SIGNED}


def test_a_chain_rewritten_with_the_office_s_own_key_is_found_by_a_line_kept_outside(sealed, monkeypatch):
    address, lines = sealed
    rewritten(address, monkeypatch)
    assert broken(address) == set()
    assert broken(address, anchors=lines[2:]) == {OUTSIDE}
    assert broken(address, anchors=["gandeng-log-head-1 nonsense", ""]) == {OUTSIDE}


def test_a_line_somebody_made_up_is_no_anchor(sealed):
    address, lines = sealed
    made_up = lines[0].replace(lines[0].split()[2], "0" * 64)
    assert broken(address, anchors=[made_up]) == {OUTSIDE}


def test_the_owner_is_stopped_by_the_guards(sealed):
    with psycopg.connect(sealed[0]) as con:
        con.execute(f"set role {database.OWNER}")
        for statement in (
            "delete from audit_audithead", "truncate audit_audithead", "update audit_audithead set day = day + 9",
            """insert into audit_audithead select 9, day + 9, at, ends, root, root, key, signature, held
                from audit_audithead""",
            """insert into audit_audithead select 4, day + 9, at, '[[0, 99, "00"]]', root, root, key, signature, held
                from audit_audithead where number = 3""",
            """insert into audit_audithead select 4, day + 9, at, o.ends, h.root, h.root, key, signature, held
                from audit_audithead h, (select ends from audit_audithead where number = 1) o where h.number = 3""",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.RestrictViolation), con.transaction():
                con.execute(statement)
        with pytest.raises(psycopg.errors.UniqueViolation), con.transaction():
            con.execute("insert into audit_audithead select 4, day, at, ends, root, root, key, signature, held"
                        " from audit_audithead where number = 3")  # fmt: skip


def test_heads_of_the_first_form_stay_good_and_are_followed_by_the_second(own_database, server, monkeypatch):
    record(Machine(), "act.before", region="6371")
    monkeypatch.setattr(heads, "_ledger", lambda: None)
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 9, 19))
    lines = [anchor(seal_log())]
    monkeypatch.undo()
    lines.append(anchor(seal_log()))
    assert [line.split()[0] for line in lines] == ["gandeng-log-head-1", "gandeng-log-head-2"]
    address = server.get_uri(own_database)
    assert broken(address, anchors=lines) == set()
    damaged(address, "update audit_audithead set held = null where number = 2")
    assert FOLLOWS in broken(address)


def test_a_clock_that_steps_back_makes_no_second_head(sealed, monkeypatch):
    """The day before has its head; days beyond a leap ahead get theirs, in the order made (docs/threats.md, 29)."""
    before = list(AuditHead.objects.order_by("number").values_list("number", "root"))
    record(Machine(), "act.late", region="6371")
    monkeypatch.setattr(timezone, "localdate", lambda: date(2024, 9, 20))
    assert seal_log().number == 2
    assert [*AuditHead.objects.order_by("number").values_list("number", "root")] == before
    for day in (date(2025, 9, 20), date(2024, 9, 22)):
        monkeypatch.setattr(timezone, "localdate", lambda day=day: day)
        seal_log()
    assert list(AuditHead.objects.order_by("number").values_list("day", flat=True))[3:] == [
        date(2025, 9, 20), date(2024, 9, 22),
    ]  # fmt: skip
    assert broken(sealed[0], anchors=sealed[1]) == set()


def test_a_clock_that_steps_back_does_not_reorder_the_log(sealed):
    """An entry is never told to be earlier than the one before it (docs/threats.md, 29)."""
    damaged(sealed[0], "update audit_auditentry set at = now() + interval '3 days' where region_code = '62'")
    record(Machine(), "act.after", region="62")
    with psycopg.connect(sealed[0]) as con:
        rows = con.execute("select at from audit_auditentry where region_code = '62' order by number").fetchall()
    assert rows == sorted(rows)
    assert len(rows) == 4


def test_the_command_gives_the_line_that_verify_takes(own_database, server, tmp_path):
    """As an office does it: `gandeng seal-log` into a mail, `gandeng verify --anchor` with what came back."""
    urls = {
        "DATABASE_URL": database.url(server, own_database, database.APP),
        "DATABASE_OWNER_URL": database.url(server, own_database, database.OWNER),
    }

    def gandeng(*command, **changed):
        called = [sys.executable, "-m", "gandeng.cli", *command]
        environment = os.environ | urls | {"GANDENG_LANG": "en"} | changed
        return subprocess.run(called, env=environment, capture_output=True, text=True, check=False)

    first, again = gandeng("seal-log"), gandeng("seal-log")
    assert first.returncode == 0, first.stderr[:2000]
    assert first.stdout == again.stdout
    kept = tmp_path / "kept.txt"
    kept.write_text(first.stdout, encoding="utf-8")
    told = gandeng("verify", "--anchor", str(kept))
    assert (told.returncode, OUTSIDE in told.stdout) == (0, True), told.stdout
    empty = tmp_path / "empty.txt"
    empty.write_text("\n", encoding="utf-8")
    told = gandeng("verify", "--anchor", str(empty))
    assert (told.returncode, "There is no line in" in told.stderr) == (1, True), "what holds nothing is no proof"
    other = LogKey(Ed25519PrivateKey.generate()).public_text
    assert gandeng("verify", "--key", log_key().public_text).returncode == 0
    assert gandeng("verify", "--key", other[:-5]).returncode == 2
    told = gandeng("verify", "--key", other)
    assert (told.returncode, f"WRONG (1 rows)  {SIGNED}" in told.stdout) == (3, True), "the office's file is not asked"
    kept.write_text(first.stdout.replace(first.stdout.split()[2], "0" * 64), encoding="utf-8")
    assert gandeng("verify", "--anchor", str(kept)).returncode == 3
    elsewhere = gandeng("verify", GANDENG_LOG_KEY_FILE=str(tmp_path / "none"))
    assert elsewhere.returncode == 0
    assert "No public key of the office" in elsewhere.stderr
    assert gandeng("seal-log", GANDENG_LOG_KEY_FILE=str(tmp_path / "none")).returncode == 1
