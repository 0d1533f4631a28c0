import psycopg
import pytest

from conftest import Cast
from gandeng.audit.actions import record
from gandeng.office import database
from gandeng.office.verify import CHECKS, verify
from gandeng.office.verify_acts import ACTS
from gandeng.office.verify_held import Rows, digest_of_row
from gandeng.payments.tests.factories import make_cycle
from gandeng.registry.tests.factories import make_family
from gandeng.registry.tests.helpers import approved, asked

PLACES = (("6371011001", "BRI", 225_000), ("6372011001", "POS", 333_333), ("6371011001", "BRI", 500_000))


@pytest.fixture
def books(own_database, server):
    """An instructed cycle and a few acts, in a database of its own; gives the owner's address."""
    from gandeng.accounts.models import Person

    make_cycle(PLACES)
    actor = Person.objects.create(name="Uji")
    acting = type("A", (), {"person_id": actor.pk, "person_name": "Uji"})()
    for number in range(5):
        record(acting, f"act.{number}", region="6371", amount=number)
    return server.get_uri(own_database)


def broken(address):
    return {found.check for found in verify(address) if found.wrong}


def test_it_works(books):
    assert broken(books) == set()
    told = [found.check for found in verify(books)]
    assert len(set(told)) == len(told) > len(CHECKS)


DAMAGE = {
    "registry: codes of villages changed as two people said": [
        """insert into registry_codechange (id, recoding_id, old_code, new_code, whole, valid_from)
            values (gen_random_uuid(), gen_random_uuid(), '6371019001', '6371011001', true, current_date)""",
    ],
    "registry: no family stands under a code that is gone": [
        """insert into registry_codechange (id, recoding_id, old_code, new_code, whole, valid_from)
            select gen_random_uuid(), gen_random_uuid(), village_code, '9999999999', true, current_date
            from registry_family limit 1""",
    ],
    "log: every entry follows the one before it": [
        "update audit_auditentry set reason = 'lain' where number = 2",
        "delete from audit_auditentry where number = 3",
        "update audit_auditentry set number = 6 - number where number in (2, 4)",
        "update audit_auditentry set facts = '{\"amount\": 99}' where number = 5",
        """insert into audit_auditentry (shard, number, at, person_name, authority, action, object_type, object_id,
            region_code, reason, facts, previous, hash)
            select shard, 6, now(), '', '', 'x', '', '', '', '', '{}', hash, sha256(hash) from audit_auditentry
            where number = 5""",
    ],
    "journal: every entry sums to nothing": [
        "update payments_journalline set amount_rupiah = amount_rupiah + 1 where account = 'AT_CHANNEL'",
        "delete from payments_journalline where account = 'FUNDS' and channel = 'POS'",
    ],
    "journal: each account holds what is known of the payments": [
        "update payments_journalline set account = 'DRAWN' where account = 'AT_CHANNEL' and channel = 'POS'",
    ],
    "lists: rows and rupiah are those of the payments": [
        "update payments_payment set amount_rupiah = amount_rupiah + 25000 where channel = 'POS'",
        "delete from payments_payment where channel = 'POS'",
        "update payments_paymentlist set total_rupiah = total_rupiah - 1",
    ],
    "journal: no account but the funds is below nothing": [
        "update payments_journalline set amount_rupiah = -amount_rupiah"
    ],
    "registry: all of it is indexed with one key": [
        """update registry_member set nik_index = '\\x0002'::bytea || nik_index
            where id = (select id from registry_member limit 1)"""
    ],
    "payments: those of a stage are indexed with one key": [
        """update payments_payment set nik_index = '\\x0002'::bytea || nik_index
            where payment_id = (select min(payment_id) from payments_payment)"""
    ],
    "caseload: nobody accompanies a family beside another": [
        """alter table facilitators_accompaniment drop constraint accompaniment_once;
        insert into facilitators_accompaniment (id, family_id, staff_id, village_code, valid_from, valid_until,
            began_by_id)
        select gen_random_uuid(), f.id, gen_random_uuid(), f.village_code, first, until, gen_random_uuid()
        from (select * from registry_family limit 1) f,
            (values ('2024-01-01'::date, '2024-06-01'::date), ('2024-05-31', null)) days (first, until)""",
    ],
}


@pytest.mark.parametrize(("check", "damage"), [(check, one) for check, many in DAMAGE.items() for one in many])
def test_damage_done_past_every_guard_is_found(books, check, damage):
    with psycopg.connect(books) as con:
        con.execute("set session_replication_role = replica")  # triggers off: only a superuser can
        con.execute("alter table audit_auditentry drop constraint audit_entry_number")
        con.execute(damage)
    assert check in broken(books)


FORGED = {
    "another person": """update registry_changerequest set decided_by_id = (select id from accounts_person
        where id not in (requested_by_id, decided_by_id) limit 1) returning id""",
    "one more": """insert into registry_changerequest select r.* from registry_changerequest c,
        jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid())) r returning id""",
}


def test_a_decision_nobody_made_is_found_though_the_ledger_fits_it(own_database, server):
    operator, coordinator, _ = (Cast()(role) for role in ("DISTRICT_OPERATOR", "DISTRICT_COORDINATOR", "DISTRICT_HEAD"))
    approved(coordinator, asked(operator, make_family(), "SUSPEND", after={"status": "SUSPENDED"}))
    address = server.get_uri(own_database)
    assert broken(address) == set(), "what was decided is in the log"
    for forged in FORGED.values():
        with psycopg.connect(address) as con:
            con.execute("set session_replication_role = replica")
            key = con.execute(forged).fetchone()[0]
            now = digest_of_row(con, "registry_changerequest", Rows())
            con.execute(
                f"""insert into audit_heldrow (table_name, key, was, digest)
                    select 'registry_changerequest', t.id::text, (select h.digest from audit_heldrow h
                        where h.key = t.id::text order by h.id desc limit 1), {now}
                    from registry_changerequest t where t.id = %s""",
                [key],
            )
        told = {one.check: one.wrong for one in verify(address) if one.wrong}
        assert told == {ACTS: 1 + [*FORGED.values()].index(forged)}


def test_people_who_follow_one_another_and_what_was_taken_back_are_no_damage(books):
    with psycopg.connect(books) as con:
        con.execute("set session_replication_role = replica")
        con.execute(
            """insert into facilitators_accompaniment (id, family_id, staff_id, village_code, valid_from, valid_until,
                began_by_id)
            select gen_random_uuid(), f.id, gen_random_uuid(), f.village_code, first, until, gen_random_uuid()
            from (select * from registry_family limit 1) f,
                (values ('2024-01-01'::date, '2024-06-01'::date), ('2024-03-01', '2024-03-01'), ('2024-06-01', null))
                days (first, until)"""
        )
    assert "caseload: nobody accompanies a family beside another" not in broken(books)


def test_the_owner_is_stopped_by_the_guards(books, server, own_database):
    with psycopg.connect(server.get_uri(own_database)) as con:
        con.execute(f"set role {database.OWNER}")
        for table in ("audit_auditentry", "payments_journalline", "payments_journalentry"):
            for statement in (f"delete from {table}", f"truncate {table} cascade"):
                with pytest.raises(psycopg.errors.RestrictViolation), con.transaction():
                    con.execute(statement)
