"""The signed daily heads against the log, the ledger of rows, and lines that were kept outside.

Shares no code with `audit.heads`, which makes them: the text a root is the digest of is built again in SQL.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

CHECKS: dict[str, str] = {
    "heads: each follows the one before it and is the digest of what it says": """
        select day::text from (
            select day, number, previous, root, lag(number, 1, 0::bigint) over w as before,
                lag(root, 1, ''::bytea) over w as root_before,
                held is null and bool_or(held is not null) over w as fell_back,
                sha256(convert_to(concat_ws(E'\\n',
                    case when held is null then 'gandeng-log-head-1' else 'gandeng-log-head-2' end, number, day,
                    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(previous, 'hex'),
                    encode(key, 'hex'), (
                        select string_agg(concat_ws(' ', e.value->>0, e.value->>1, e.value->>2), E'\\n' order by place)
                        from jsonb_array_elements(ends) with ordinality e (value, place)
                    ), 'held ' || (held->>'ids') || ' ' || (held->>'rows') || ' ' || (held->>'digest')),
                    'UTF8')) as root_now
            from audit_audithead window w as (order by number)) told
        where number <> before + 1 or previous <> root_before or root <> root_now or fell_back""",
    "heads: the log still holds what each of them names": """
        select h.day || ' ' || (e->>0) || '/' || (e->>1) from audit_audithead h, jsonb_array_elements(h.ends) e
        where not exists (select from audit_auditentry a where a.shard = (e->>0)::smallint
            and a.number = (e->>1)::bigint and encode(a.hash, 'hex') = e->>2)""",
    "heads: the ledger still holds what each of them covers": """
        with covered as (
            select h.number, l.id >> 16 as part, count(*) as rows,
                sha256(string_agg(sha256(convert_to(jsonb_build_array(l.id, l.table_name, l.key, l.rows,
                    encode(l.was, 'hex'), encode(l.digest, 'hex'))::text, 'UTF8')), ''::bytea order by l.id)) as digest
            from audit_audithead h cross join unnest((h.held->>'ids')::int8multirange) ids
            join audit_heldrow l on l.id >= lower(ids) and l.id < upper(ids) group by h.number, l.id >> 16),
        summed as (select number, sum(rows) as rows, sha256(string_agg(digest, ''::bytea order by part)) as digest
            from covered group by number)
        select h.day::text from audit_audithead h left join summed s on s.number = h.number
        where h.held is not null and (coalesce(s.rows, 0), encode(coalesce(s.digest, sha256('')), 'hex'))
            is distinct from ((h.held->>'rows')::bigint, h.held->>'digest')""",
}

FORMS = ("gandeng-log-head-1", "gandeng-log-head-2")


def keys_of_office(path: Path) -> list[str]:
    """Public keys of the key file, of now and of earlier; none where it is not there, as on an auditor's machine."""
    if not path.is_file():
        return []
    told = json.loads(path.read_text(encoding="utf-8"))
    return [told["public"], *told.get("earlier", ())]


def signed(con: psycopg.Connection, keys: Sequence[str], anchors: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """(check, what breaks it) of signatures, and of anchors where some are given."""
    rows = con.execute(
        "select day::text, held is not null, encode(root, 'hex'), key, signature from audit_audithead order by number"
    )
    heads = {
        str(day): (FORMS[bool(held)], str(root), bytes(key), bytes(signature))
        for day, held, root, key, signature in rows.fetchall()
    }
    trusted = {base64.b64decode(key) for key in keys}
    yield (
        "heads: each is signed by a key of the office",
        [day for day, head in heads.items() if (trusted and head[2] not in trusted) or not _signed(day, *head)],
    )
    lines = [line for line in anchors if line.strip()]
    if lines:
        yield (
            "anchors: the heads kept outside are those of the log",
            [line[:40] for line in lines if not _same(line, heads, trusted)],
        )


def _signed(day: str, form: str, root: str, key: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, f"{form} {day} {root}".encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _same(line: str, heads: dict[str, tuple[str, str, bytes, bytes]], trusted: set[bytes]) -> bool:
    """True where the line is genuine and the log has that very head."""
    try:
        form, day, root, key, signature = line.split()
        told = (form, root, base64.b64decode(key, validate=True), base64.b64decode(signature, validate=True))
    except ValueError:
        return False
    genuine = form in FORMS and (not trusted or told[2] in trusted) and _signed(day, *told)
    return genuine and heads.get(day) == told
