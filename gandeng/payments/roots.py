"""The digest a list is approved by, computed from its rows in the database (docs: payments/README.md).

SHA-256 over a header (list, stage, district, channel, revision, policy, frozen registry, count, sum) and the SHA-256
of each row in the order of payment_id. Sealed bytes are not part of it, for sealing draws a nonce: the blind indexes
are, and an instruction proves each unsealed identifier against its index.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

_ROW = """sha256(convert_to(jsonb_build_array(p.payment_id, p.family_id, p.village_code, p.channel, p.name,
    encode(p.nik_index, 'hex'), encode(p.account_index, 'hex'), p.amount_rupiah, p.collector_deceased,
    p.reissue_of_id)::text, 'UTF8'))"""

_HEADER = """convert_to(jsonb_build_array('list/1', l.id, c.year, c.stage, l.district_code, l.channel, l.revision,
    r.policy_digest, c.frozen_digest, coalesce(s.payments, 0), coalesce(s.total_rupiah, 0))::text, 'UTF8')"""

_ROOTS = f"""
select l.id, encode(sha256({_HEADER} || coalesce(s.rows, ''::bytea)), 'hex') as root,
    coalesce(s.payments, 0) as payments, coalesce(s.total_rupiah, 0) as total_rupiah
from payments_paymentlist l join payments_cycle c on c.id = l.cycle_id join entitlements_run r on r.id = c.run_id
left join (
    select p.list_id, count(*) as payments, sum(p.amount_rupiah)::bigint as total_rupiah,
        string_agg({_ROW}, ''::bytea order by p.payment_id collate "C") as rows
    from payments_payment p where p.list_id = any(%(lists)s) group by p.list_id
) s on s.list_id = l.id
where l.id = any(%(lists)s)"""


def roots_of(lists: Iterable[UUID]) -> dict[UUID, tuple[str, int, int]]:
    """Root, payments and rupiah of each list, from the rows there are now."""
    with connection.cursor() as cursor:
        cursor.execute(_ROOTS, {"lists": list(lists)})
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def write_roots(lists: Iterable[UUID]) -> None:
    """Give lists, all DRAFT, the root and the sums of their rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""update payments_paymentlist l set root = n.root, payments = n.payments, total_rupiah = n.total_rupiah
                from ({_ROOTS}) n where n.id = l.id""",
            {"lists": list(lists)},
        )
