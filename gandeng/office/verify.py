"""A second look at the books: recomputes from the rows what the programs that write claim (reliability.md, 7 and 45).

It reads as the owner, who is not bound by row security, and shares no code with the packages that write. Each check is
one query that gives the rows that are wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg

from gandeng.office import verify_heads

CHECKS: dict[str, str] = {
    "log: every entry follows the one before it": """
        select shard || '/' || number from (
            select shard, number, previous, hash,
                lag(number, 1, 0::bigint) over w as before, lag(hash, 1, ''::bytea) over w as hash_before,
                sha256(previous || convert_to(jsonb_build_array(shard, number, extract(epoch from at)::text,
                    coalesce(person_id::text, ''), person_name, authority, action, object_type, object_id, region_code,
                    reason, facts)::text, 'UTF8')) as hash_now
            from audit_auditentry window w as (partition by shard order by number)) told
        where number <> before + 1 or previous <> hash_before or hash <> hash_now""",
    **verify_heads.CHECKS,
    "journal: every entry sums to nothing": """
        select entry_id::text from payments_journalline group by entry_id having sum(amount_rupiah) <> 0""",
    "journal: no account but the funds is below nothing": """
        select coalesce(e.about_cycle_id, e.cycle_id) || ' ' || l.district_code || ' ' || l.channel || ' ' || l.account
        from payments_journalline l join payments_journalentry e on e.id = l.entry_id where l.account <> 'FUNDS'
        group by coalesce(e.about_cycle_id, e.cycle_id), l.district_code, l.channel, l.account
        having sum(l.amount_rupiah) < 0""",
    "journal: what was ordered is where money can be, once": """
        with ordered as (
            select p.cycle_id, sum(p.amount_rupiah) as rupiah from payments_payment p
            join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
            where not exists (select from payments_payment again join payments_paymentlist al on al.id = again.list_id
                and al.state = 'INSTRUCTED' where again.reissue_of_id = p.payment_id) group by p.cycle_id),
        placed as (
            select coalesce(e.about_cycle_id, e.cycle_id) as cycle_id, sum(l.amount_rupiah) as rupiah
            from payments_journalline l join payments_journalentry e on e.id = l.entry_id
            where l.account not in ('FUNDS', 'NOT_SENT') group by 1)
        select coalesce(o.cycle_id, p.cycle_id)::text from ordered o full join placed p on p.cycle_id = o.cycle_id
        where coalesce(o.rupiah, 0) <> coalesce(p.rupiah, 0)""",
    "lists: rows and rupiah are those of the payments": """
        select l.id::text from payments_paymentlist l left join payments_payment p on p.list_id = l.id
        group by l.id
        having count(p.payment_id) <> l.payments or coalesce(sum(p.amount_rupiah), 0) <> l.total_rupiah""",
    "lists: nobody said yes twice to the same content": """
        select list_id::text from payments_approval group by list_id, root, person_id having count(*) > 1""",
    "lists: none is instructed without the yes of its preparer and of another": """
        select l.id::text from payments_paymentlist l
        left join payments_approval a on a.list_id = l.id and a.root = l.root
        where l.state = 'INSTRUCTED' and exists (select from payments_instruction i where i.cycle_id = l.cycle_id)
        group by l.id having count(distinct a.person_id) < 2""",
    "payments: once per family and cycle, reissues apart": """
        select family_id::text from payments_payment where reissue_of_id is null
        group by family_id, cycle_id having count(*) > 1""",
    "payments: sent again are the same family's money, which came back, and two people agreed": """
        select again.payment_id from payments_payment again
        join payments_payment p on p.payment_id = again.reissue_of_id
        join payments_paymentlist l on l.id = again.list_id
        where (again.family_id, again.amount_rupiah) is distinct from (p.family_id, p.amount_rupiah)
            or l.round = 0 or l.state = 'INSTRUCTED' and not exists (
                select from reconciliation_reissuerequest r where r.payment_id = p.payment_id
                    and r.state = 'APPROVED' and r.decided_by_id <> r.asked_by_id)""",
    "closed cycles: what came later is booked by another": """
        select o.payment_id from reconciliation_lateoutcome o join payments_payment p on p.payment_id = o.payment_id
        join payments_cycle c on c.id = p.cycle_id where c.state <> 'CLOSED' or c.id = o.cycle_id
        union all
        select e.id::text from payments_journalentry e join payments_cycle c on c.id = e.about_cycle_id
        where e.about_cycle_id = e.cycle_id or (c.state <> 'CLOSED')""",
    "reconciliation: outcomes add up to what was instructed": """
        with newest as (select cycle_id, max(number) as number from reconciliation_reconciliation
            where about_cycle_id is null group by cycle_id),
        outcome as (
            select distinct on (o.payment_id) o.payment_id, p.cycle_id, o.amount_rupiah
            from reconciliation_outcomerow o join payments_payment p on p.payment_id = o.payment_id
            order by o.payment_id, o.number desc)
        select n.cycle_id::text from newest n join payments_payment p on p.cycle_id = n.cycle_id
        join payments_paymentlist l on l.id = p.list_id and l.state = 'INSTRUCTED'
        left join outcome o on o.payment_id = p.payment_id
        group by n.cycle_id having sum(p.amount_rupiah) <> coalesce(sum(o.amount_rupiah), 0)""",
    "reconciliation: the summary is the sum of the outcomes": """
        with newest as (select distinct on (cycle_id) id, cycle_id from reconciliation_reconciliation
            where about_cycle_id is null order by cycle_id, number desc),
        outcome as (
            select distinct on (o.payment_id) p.cycle_id, o.net_rupiah from reconciliation_outcomerow o
            join payments_payment p on p.payment_id = o.payment_id order by o.payment_id, o.number desc)
        select n.cycle_id::text from newest n where
            (select coalesce(sum(net_rupiah), 0) from reconciliation_summaryrow s where s.reconciliation_id = n.id)
            <> (select coalesce(sum(net_rupiah), 0) from outcome o where o.cycle_id = n.cycle_id)""",
    "signatures: nobody signs at two levels of a cycle": """
        select person_id::text from reconciliation_signature
        group by cycle_id, person_id having count(distinct level) > 1""",
    "registry: no living person is in two families": """
        select encode(nik_index, 'hex') from registry_member
        where nik_index is not null and deceased_on is null and left_on is null
        group by nik_index having count(*) > 1""",
}


@dataclass(frozen=True)
class Found:
    """One check and the rows that break it, the first few named."""

    check: str
    wrong: int
    examples: tuple[str, ...]


def verify(address: str, *, keys: Sequence[str] = (), anchors: Sequence[str] = ()) -> Iterator[Found]:
    """Every check against the database of that address, read in one snapshot.

    `keys` are the public keys the office's heads may be signed with, none: whatever key a head names; `anchors` are
    lines that were kept outside.
    """
    with psycopg.connect(address) as con:
        con.execute("set transaction isolation level repeatable read read only")
        for check, query in CHECKS.items():
            rows = con.execute(query).fetchall()
            yield Found(check, len(rows), tuple(str(row[0]) for row in rows[:3]))
        for check, wrong in verify_heads.signed(con, keys, anchors):
            yield Found(check, len(wrong), tuple(wrong[:3]))
