"""The signed daily heads of the log against the log itself, and against lines that were kept outside.

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
                sha256(convert_to(concat_ws(E'\\n', 'gandeng-log-head-1', number, day,
                    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), encode(previous, 'hex'),
                    encode(key, 'hex'), (
                        select string_agg(concat_ws(' ', e.value->>0, e.value->>1, e.value->>2), E'\\n' order by place)
                        from jsonb_array_elements(ends) with ordinality e (value, place)
                    )), 'UTF8')) as root_now
            from audit_audithead window w as (order by number)) told
        where number <> before + 1 or previous <> root_before or root <> root_now""",
    "heads: the log still holds what each of them names": """
        select h.day || ' ' || (e->>0) || '/' || (e->>1) from audit_audithead h, jsonb_array_elements(h.ends) e
        where not exists (select from audit_auditentry a where a.shard = (e->>0)::smallint
            and a.number = (e->>1)::bigint and encode(a.hash, 'hex') = e->>2)""",
}


def keys_of_office(path: Path) -> list[str]:
    """Public keys of the key file, of now and of earlier; none where it is not there, as on an auditor's machine."""
    if not path.is_file():
        return []
    told = json.loads(path.read_text(encoding="utf-8"))
    return [told["public"], *told.get("earlier", ())]


def signed(con: psycopg.Connection, keys: Sequence[str], anchors: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """(check, what breaks it) of signatures, and of anchors where some are given."""
    rows = con.execute("select day::text, encode(root, 'hex'), key, signature from audit_audithead order by number")
    heads = {str(day): (str(root), bytes(key), bytes(signature)) for day, root, key, signature in rows.fetchall()}
    trusted = {base64.b64decode(key) for key in keys}
    yield (
        "heads: each is signed by a key of the office",
        [day for day, head in heads.items() if (trusted and head[1] not in trusted) or not _signed(day, *head)],
    )
    lines = [line for line in anchors if line.strip()]
    if lines:
        yield (
            "anchors: the heads kept outside are those of the log",
            [line[:40] for line in lines if not _same(line, heads, trusted)],
        )


def _signed(day: str, root: str, key: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, f"gandeng-log-head-1 {day} {root}".encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _same(line: str, heads: dict[str, tuple[str, bytes, bytes]], trusted: set[bytes]) -> bool:
    """True where the line is genuine and the log has that very head."""
    try:
        word, day, root, key, signature = line.split()
        told = (root, base64.b64decode(key, validate=True), base64.b64decode(signature, validate=True))
    except ValueError:
        return False
    genuine = word == "gandeng-log-head-1" and (not trusted or told[1] in trusted) and _signed(day, *told)
    return genuine and heads.get(day) == told
