"""What the product says of a cycle, held against the oracle."""

import hashlib
from collections import Counter, defaultdict

from django.db import connection
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.models import Approval, Cycle, HeldPayment, JournalLine, Payment, PaymentList
from gandeng.reconciliation.models import (
    CurrentOutcome,
    ExceptionCase,
    Reconciliation,
    ReissueRequest,
    ResultFile,
    ResultRow,
    Signature,
    Statement,
)
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation.oracle import told_of

MONEY_TABLES = """select relname from pg_class join pg_namespace n on n.oid = relnamespace
    where n.nspname = 'public' and relkind = 'r' and relname ~ '^(payments|reconciliation|entitlements)_'
    and relname not in ('reconciliation_publictry') order by relname"""


def everything():
    """Digest of every table a cycle is made of, by name; nothing is left out of a row."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(MONEY_TABLES)
        names = [name for (name,) in cursor.fetchall()]
        told = {}
        for name in names:
            cursor.execute(f"select coalesce(string_agg(t::text, E'\\n' order by t::text), '') from {name} t")
            told[name] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return told


def compare(office):
    """Every invariant; an AssertionError names what differs."""
    model = office.model
    with in_territory(EVERYWHERE), scopes_disabled():
        assert Cycle.objects.get(pk=office.cycle_id).state == model.state
        _lists(office)
        _money(office)
        _files(office)
        _outcomes(office)
        _exceptions(office)
        _statements(office)
    if office.closed_as is not None:
        assert everything() == office.closed_as, "a closed cycle changed"


def _lists(office):
    model, names = office.model, {pk: name for name, pk in office.ids.items()}
    found = {(each.district_code, each.channel): each for each in PaymentList.objects.all() if each.payments}
    rows = defaultdict(set)
    for place, payment_id, rupiah in Payment.objects.values_list("list_id", "payment_id", "amount_rupiah"):
        rows[place].add((payment_id, rupiah))
    assert found.keys() == model.lists.keys()
    given = Approval.objects.values_list("list_id", "root", "level", "person_id")
    for place, each in model.lists.items():
        one = found[place]
        assert one.state == each.state, (place, one.state, each.state)
        assert rows[one.pk] == set(each.rows), place
        assert (one.payments, one.total_rupiah) == (len(each.rows), sum(rupiah for _, rupiah in each.rows))
        assert one.root == office.seen_roots[place][-1][1], place
        yes = {level: names[person] for pk, root, level, person in given if (pk, root) == (one.pk, one.root)}
        assert yes == each.yes, (place, yes, each.yes)
    for people in _by_content(given).values():
        assert len(set(people)) == len(people), "one person said yes twice to one content"
    held = set(HeldPayment.objects.values_list("family_id", flat=True))
    assert not held & set(Payment.objects.values_list("family_id", flat=True)), "held back and listed"


def _by_content(given):
    told = defaultdict(list)
    for pk, root, _, person in given:
        told[pk, root].append(person)
    return told


def _money(office):
    found = {
        place: {account: rupiah for account, rupiah in sums.items() if rupiah}
        for place, sums in actions.balances(office.cycle()).items()
    }
    found = {place: sums for place, sums in found.items() if sums}
    assert found == office.model.balances(), (found, office.model.balances())
    entries = defaultdict(int)
    for entry, rupiah in JournalLine.objects.values_list("entry_id", "amount_rupiah"):
        entries[entry] += rupiah
    assert not any(entries.values()), "an entry does not sum to nothing"
    for place, sums in found.items():
        places = [rupiah for account, rupiah in sums.items() if account != "FUNDS"]
        total = sum(rupiah for _, rupiah in office.model.lists[place].rows)
        assert min(places) > 0 and sum(places) == total == -sums["FUNDS"], place


def _files(office):
    states = dict(ResultFile.objects.values_list("pk", "state"))
    assert [states[pk] for pk in office.file_ids] == [file.state for file in office.model.files]
    assert len(states) == len(office.file_ids)
    numbers = {pk: no for no, pk in enumerate(office.file_ids)}
    rows = ResultRow.objects.filter(file__state="TAKEN").order_by("number")
    judged = {
        (numbers[file], row - 1): (disposition, payment)
        for file, row, disposition, payment in rows.values_list("file_id", "row", "disposition", "payment_id")
    }
    assert judged == office.model.judged, _differing(judged, office.model.judged)


def _outcomes(office):
    columns = (
        "payment_id", "outcome", "credited_rupiah", "reversed_rupiah", "withdrawn_rupiah", "reason", "first_on",
        "last_on",
    )  # fmt: skip
    found = {row[0]: tuple(row[1:]) for row in CurrentOutcome.objects.values_list(*columns)}
    wanted = {payment_id: told_of(told) for payment_id, told in office.model.outcomes.items()}
    assert found == wanted, _differing(found, wanted)
    assert Reconciliation.objects.count() == office.model.runs


def _exceptions(office):
    numbers = {pk: no for no, pk in enumerate(office.file_ids)}
    found = {
        (numbers[case.file_id], case.row - 1) if case.row is not None else case.payment_id: (
            case.kind, case.region_code, case.channel, case.at_stake_rupiah, case.reason_code, case.state,
        )
        for case in ExceptionCase.objects.all()
    }  # fmt: skip
    wanted = {
        key: (case.kind, case.region, case.channel, case.stake, case.code, case.state)
        for key, case in office.model.cases.items()
    }
    assert found == wanted, _differing(found, wanted)
    asked = Counter(ReissueRequest.objects.values_list("payment_id", "state"))
    assert asked == Counter((each.case, each.state) for each in office.model.reissues)


def _statements(office):
    model, names = office.model, {pk: name for name, pk in office.ids.items()}
    found = {each.pk: each for each in Statement.objects.all()}
    assert len(found) == len(office.statement_ids)
    signatures = defaultdict(set)
    for pk, capacity, channel, person in Signature.objects.values_list(
        "statement_id", "capacity", "channel", "person_id"
    ):
        signatures[pk].add((capacity, channel, names[person]))
    for each, pk in zip(model.statements, office.statement_ids, strict=True):
        one = found[pk]
        assert (one.voided_at is not None) == each.void, (each.region, one.voided_reason, each.void)
        assert signatures[pk] == set(each.signed)
        assert bool(one.minutes_sha256) == each.minutes
        assert _figures(one.figures["rows"]) == each.figures
        if not each.void:
            assert each.figures == model.figures(each.region), f"{each.region} is signed over figures of the past"


def _figures(rows):
    return [
        (
            row["district"], row["channel"], row["payments"], row["instructed"], row["net"], row["withdrawn"],
            {name: count for name, count in row["counts"].items() if count},
            {name: rupiah for name, rupiah in row["amounts"].items() if rupiah},
        )
        for row in rows
    ]  # fmt: skip


def _differing(found, wanted):
    return {
        key: (found.get(key), wanted.get(key))
        for key in found.keys() | wanted.keys()
        if found.get(key) != wanted.get(key)
    }


_LOOKED_AT = """select c.relname, a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace join pg_type t on t.oid = a.atttypid
    where n.nspname = 'public' and c.relkind = 'r' and c.relname ~ '^(payments|reconciliation|entitlements)_'
    and a.attnum > 0 and not a.attisdropped and t.typname not in ('uuid', 'bytea', 'timestamptz')
    and a.attname not in ('id', 'code', 'path', 'minutes_path', 'minutes_sha256', 'closing_digest', 'source', 'figures',
        'password_sha256', 'folder', 'frozen_folder')
    and (c.relname, a.attname) not in (('payments_instruction', 'sha256'))
    order by 1, 2"""


def likeness():
    """What two runs of the same acts have in common: every table without what is drawn, timed or sealed."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(_LOOKED_AT)
        columns = defaultdict(list)
        for table, column in cursor.fetchall():
            columns[table].append(f'"{column}"')
        told = {}
        for table, names in columns.items():
            cursor.execute(f"select row({', '.join(names)})::text from {table} order by 1")
            told[table] = [row for (row,) in cursor.fetchall()]
        for table in ("audit_auditentry", "jobs_job"):
            what = "action" if table == "audit_auditentry" else "kind"
            cursor.execute(f"select {what}, count(*) from {table} group by 1 order by 1")
            told[table] = cursor.fetchall()
    return told


def exact():
    """Every row of the cycle, of the log and of the jobs, as it is."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        told = everything()
        for table in ("audit_auditentry", "jobs_job", "procrastinate_jobs"):
            cursor.execute(f"select count(*), max(t::text) from {table} t")
            told[table] = cursor.fetchone()
    return told
