"""What the product says of a cycle, held against the oracle."""

import hashlib
from collections import Counter, defaultdict

from django.db import connection
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.payments import actions
from gandeng.payments.held_queries import held_in_force
from gandeng.payments.models import Approval, Cycle, HeldPayment, JournalLine, Payment, PaymentList
from gandeng.reconciliation.models import (
    CurrentOutcome,
    DepositedPayment,
    ExceptionCase,
    LateOutcome,
    OutcomeInForce,
    Reconciliation,
    ReissueRequest,
    ResultFile,
    ResultRow,
    Signature,
    Statement,
    TreasuryDeposit,
)
from gandeng.registry.tests.factories import EVERYWHERE
from tests.simulation.oracle import UNFOUNDED, told_of

MONEY_TABLES = """select relname from pg_class join pg_namespace n on n.oid = relnamespace
    where n.nspname = 'public' and relkind = 'r' and relname ~ '^(payments|reconciliation|entitlements)_'
    order by relname"""


def everything():
    """Digest of every table a cycle is made of, by name; nothing is left out of a row."""
    return {name: hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest() for name, rows in every_row().items()}


def every_row():
    """The rows of every table a cycle is made of, by name, as text; nothing is left out of a row."""
    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(MONEY_TABLES)
        told = {name: set() for (name,) in cursor.fetchall()}
        cursor.execute(" union all ".join(f"select '{name}', t::text from {name} t" for name in told))
        for name, row in cursor.fetchall():
            told[name].add(row)
    return told


def compare(office):
    """Every invariant; an AssertionError names what differs."""
    with in_territory(EVERYWHERE), scopes_disabled():
        for shelf in office.shelves:
            _cycle(shelf, office.ids)
        assert Cycle.objects.count() == len(office.shelves)
        _sent_once()
        _entries()
        _deposits(office)
    if office.closed_as is not None:
        _closed_stays(office)


def _cycle(shelf, ids):
    assert Cycle.objects.get(pk=shelf.cycle_id).state == shelf.model.state
    _lists(shelf, ids)
    _money(shelf)
    _files(shelf)
    _outcomes(shelf)
    _late(shelf)
    _exceptions(shelf)
    _statements(shelf, ids)


def _closed_stays(office):
    """While none is open not a row is new; afterwards every row there was is there as it was.

    A deposit may be told of a closed cycle's money, and decided: `_deposits` holds those.
    """
    now = every_row()
    for table, rows in office.closed_as.items():
        if table == TreasuryDeposit._meta.db_table:
            continue
        assert rows <= now[table], f"a closed cycle changed: {table}"
        if office.model.state == "CLOSED" and table != DepositedPayment._meta.db_table:
            assert rows == now[table], f"a closed cycle changed: {table}"


def _lists(shelf, ids):
    model, names = shelf.model, {pk: name for name, pk in ids.items()}
    mine = PaymentList.objects.filter(cycle=shelf.cycle_id)
    found = {key_of(each): each for each in mine if each.payments}
    rows = defaultdict(set)
    listed = Payment.objects.filter(cycle=shelf.cycle_id)
    columns = ("list_id", "payment_id", "amount_rupiah", "reissue_of", "owed_by")
    for place, payment_id, rupiah, original, owed_by in listed.values_list(*columns):
        rows[place].add((payment_id, rupiah))
        assert (original or "") == model.facts[payment_id].original
        assert (owed_by is None) == bool(original or payment_id.startswith(model.key)), payment_id
    wanted = {key: each for key, each in model.lists.items() if each.rows}
    assert found.keys() == wanted.keys(), (found.keys(), wanted.keys())
    given = Approval.objects.filter(list__cycle=shelf.cycle_id).values_list("list_id", "root", "level", "person_id")
    for key, each in wanted.items():
        one = found[key]
        assert one.state == each.state, (key, one.state, each.state)
        assert rows[one.pk] == set(each.rows), key
        assert (one.payments, one.total_rupiah) == (len(each.rows), sum(rupiah for _, rupiah in each.rows))
        assert one.root == shelf.seen_roots[key][-1][1], key
        yes = {level: names[person] for pk, root, level, person in given if (pk, root) == (one.pk, one.root)}
        assert yes == each.yes, (key, yes, each.yes)
    for people in _by_content(given).values():
        assert len(set(people)) == len(people), "one person said yes twice to one content"
    told = HeldPayment.objects.filter(cycle=shelf.cycle_id)
    if model.state not in ("OPEN", "FROZEN", "CALCULATED"):
        assert set(told.values_list("family__family_no", flat=True)) == {each.family for each in model.waits.values()}
        held = {each.family.family_no for each in held_in_force(Cycle.objects.get(pk=shelf.cycle_id))}
        assert held == model.held(), (held, model.held())


def key_of(payment_list):
    """What the oracle calls it."""
    place = (payment_list.district_code, payment_list.channel)
    return (*place, payment_list.round) if payment_list.round else place


def _by_content(given):
    told = defaultdict(list)
    for pk, root, _, person in given:
        told[pk, root].append(person)
    return told


def _money(shelf):
    """Every rupiah of a cycle is in one account, and in the one the oracle says; in closed ones twice: then and now."""
    model, cycle = shelf.model, Cycle.objects.get(pk=shelf.cycle_id)
    now = model.balances()
    then = model.signed_books if model.state == "CLOSED" else now
    for found, wanted in (
        (_not_nothing(actions.balances(cycle)), then),
        (_not_nothing(actions.balances(cycle, with_corrections=True)), now),
    ):
        assert found == wanted, (model.key, found, wanted)
        for place, sums in found.items():
            places = [rupiah for account, rupiah in sums.items() if account != "FUNDS"]
            assert min(places) > 0 and sum(places) == -sums["FUNDS"], place


def _not_nothing(books):
    told = {place: {account: rupiah for account, rupiah in sums.items() if rupiah} for place, sums in books.items()}
    return {place: sums for place, sums in told.items() if sums}


def _entries():
    entries = defaultdict(int)
    for entry, rupiah in JournalLine.objects.values_list("entry_id", "amount_rupiah"):
        entries[entry] += rupiah
    assert not any(entries.values()), "an entry does not sum to nothing"


def _deposits(office):
    """Each as it was told and decided; what the treasury has of a payment is never more than the payment."""
    mine = office.model.every_deposit
    stored = {each.pk: each for each in TreasuryDeposit.objects.all()}
    assert stored.keys() == set(office.deposit_ids)
    if not mine:
        return
    names = {pk: name for name, pk in office.ids.items()}
    rows = defaultdict(dict)
    for pk, payment, account, rupiah in DepositedPayment.objects.values_list(
        "deposit_id", "payment_id", "account", "amount_rupiah"
    ):
        rows[pk][payment, account] = rupiah
    found = [
        (names[each.told_by_id], each.receipt_no, each.channel, each.region_code, each.state, each.amount_rupiah)
        for each in map(stored.get, office.deposit_ids)
    ]
    wanted = [(each.told_by, each.receipt, each.channel, each.region, each.state, each.rupiah) for each in mine]
    assert found == wanted, (found, wanted)
    assert dict(rows) == {office.deposit_ids[each.no]: each.rows for each in mine}
    confirmed = DepositedPayment.objects.filter(deposit__state="CONFIRMED")
    for payment, whole in confirmed.values_list("payment_id", "payment__amount_rupiah").distinct():
        gone = sum(confirmed.filter(payment=payment).values_list("amount_rupiah", flat=True))
        assert gone <= whole, f"more of {payment} went to the treasury than there is"


def _sent_once():
    """A family never has more than one live order of the same money, unless an exception says so."""
    again = Payment.objects.filter(reissue_of__isnull=False, list__state="INSTRUCTED")
    originals = list(again.values_list("reissue_of", flat=True))
    assert len(set(originals)) == len(originals), "sent again twice"
    live = OutcomeInForce.objects.filter(payment__in=originals).exclude(outcome__in=["FAILED", "RETURNED"])
    said = ExceptionCase.objects.filter(payment__in=originals, kind=UNFOUNDED).exclude(state="GONE")
    unsaid = set(live.values_list("payment", flat=True)) - set(said.values_list("payment", flat=True))
    assert not unsaid, f"paid and sent again, and nobody is told: {unsaid}"


def _files(shelf):
    model, mine = shelf.model, ResultFile.objects.filter(cycle=shelf.cycle_id)
    states = dict(mine.values_list("pk", "state"))
    assert [states[pk] for pk in shelf.file_ids] == [file.state for file in model.files]
    assert len(states) == len(shelf.file_ids)
    numbers = {pk: no for no, pk in enumerate(shelf.file_ids)}
    rows = ResultRow.objects.filter(file__state="TAKEN", file__cycle=shelf.cycle_id).order_by("number")
    judged = {
        (numbers[file], row - 1): (disposition, payment)
        for file, row, disposition, payment in rows.values_list("file_id", "row", "disposition", "payment_id")
    }
    wanted = {at: each for at, each in model.judged.items() if model.files[at[0]].state == "TAKEN"}
    assert judged == wanted, _differing(judged, wanted)


TOLD = (
    "payment_id", "outcome", "credited_rupiah", "reversed_rupiah", "withdrawn_rupiah", "reason", "first_on", "last_on",
)  # fmt: skip


def _outcomes(shelf):
    """As they were signed, and what is ordered is the sum of them."""
    model, mine = shelf.model, CurrentOutcome.objects.filter(cycle=shelf.cycle_id)
    found = {row[0]: tuple(row[1:]) for row in mine.values_list(*TOLD)}
    wanted = {payment_id: told_of(told) for payment_id, told in model.outcomes.items()}
    assert found == wanted, _differing(found, wanted)
    assert Reconciliation.objects.filter(cycle=shelf.cycle_id).count() == model.runs
    if found:
        ordered = sum(fact.amount for fact in model.instructed())
        assert sum(mine.values_list("amount_rupiah", flat=True)) == ordered


def _late(shelf):
    """What was booked after the closing, once each, and what is known now."""
    model = shelf.model
    booked = Counter(
        (row[0], tuple(row[1:])) for row in LateOutcome.objects.filter(cycle=shelf.cycle_id).values_list(*TOLD)
    )
    assert booked == Counter(model.booked), (booked, model.booked)
    found = {row[0]: tuple(row[1:]) for row in OutcomeInForce.objects.filter(cycle=shelf.cycle_id).values_list(*TOLD)}
    wanted = {payment_id: told_of(model.now(payment_id)) for payment_id in model.outcomes}
    assert found == wanted, _differing(found, wanted)


def _exceptions(shelf):
    model, numbers = shelf.model, {pk: no for no, pk in enumerate(shelf.file_ids)}
    found = {
        (numbers[case.file_id], case.row - 1) if case.row is not None else case.payment_id: (
            case.kind, case.region_code, case.channel, case.at_stake_rupiah, case.reason_code, case.state,
        )
        for case in ExceptionCase.objects.filter(cycle=shelf.cycle_id)
    }  # fmt: skip
    wanted = {
        key: (case.kind, case.region, case.channel, case.stake, case.code, case.state)
        for key, case in model.cases.items()
    }
    assert found == wanted, _differing(found, wanted)
    mine = ReissueRequest.objects.filter(exception__cycle=shelf.cycle_id)
    asked = Counter(mine.values_list("payment_id", "state"))
    assert asked == Counter((each.case, each.state) for each in model.reissues)


def _statements(shelf, ids):
    model, names = shelf.model, {pk: name for name, pk in ids.items()}
    found = {each.pk: each for each in Statement.objects.filter(cycle=shelf.cycle_id)}
    assert len(found) == len(shelf.statement_ids)
    signatures = defaultdict(set)
    for pk, capacity, channel, person in Signature.objects.values_list(
        "statement_id", "capacity", "channel", "person_id"
    ):
        signatures[pk].add((capacity, channel, names[person]))
    for each, pk in zip(model.statements, shelf.statement_ids, strict=True):
        one = found[pk]
        assert (one.voided_at is not None) == each.void, (each.region, one.voided_reason, each.void)
        assert signatures[pk] == set(each.signed)
        assert bool(one.minutes_sha256) == each.minutes
        assert _signed(one.figures) == each.figures, (_signed(one.figures), each.figures)
        if not each.void and model.state != "CLOSED":
            assert each.figures == model.figures(each.region), f"{each.region} is signed over figures of the past"


def _signed(figures):
    twice = [(row["district"], row["channel"], row["payments"], row["rupiah"]) for row in figures["sent_again"]]
    moved = [
        (row["about"], row["district"], row["channel"], row["account"], row["rupiah"]) for row in figures["corrections"]
    ]
    return _figures(figures["rows"]), sorted(twice), sorted(moved)


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
