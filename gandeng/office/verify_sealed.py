"""Every sealed value opened where it lies, and held against its blind index and the digits shown of it.

Only where the key file is: an auditor with the database alone proves all but this. Shares no code with `audit.sealing`;
rows come by the thousand, and no text that was opened is kept.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gandeng.office.found import SHOWN, Found, found

CHECK = "sealed: each value opens in its place, and is what its index and digits say"
_ROWS = 5000
_OUTSIDE = "\0"
"""Begins what a row keeps of a file that lies outside the database: its digest and its key."""

type Fits = Callable[["Keys", str, object, object, object], bool]
"""Gets the keys, the text, and index, digits and whatever else the query of the column gives."""


@dataclass(frozen=True)
class Keys:
    """Of the key file: `data` by version, `index` by version and kind."""

    data: Mapping[int, AESGCM]
    index: Mapping[int, Mapping[str, bytes]]


@dataclass(frozen=True)
class Sealed:
    """A sealed column: where its values were sealed, and a query for key, sealed bytes, and what to hold them against.

    The query gives row (as the seal knows it), sealed, index, tail, channel; those that have no such thing give null.
    """

    place: str
    query: str
    fits: Fits


def keys_of(path: Path) -> Keys | None:
    """The keys; None where the file is not."""
    if not path.is_file():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    versions = {"1": told["index"], **told.get("index_later", {})}
    return Keys(
        {int(version): AESGCM(base64.b64decode(key)) for version, key in told["data"].items()},
        {int(v): {kind: base64.b64decode(key) for kind, key in kinds.items()} for v, kinds in versions.items()},
    )


type Fetch = Callable[[str], bytes]
"""Gives a file that is kept outside the database, by its name; raises OSError."""


def sealed(con: psycopg.Connection, keys: Keys, fetch: Fetch | None = None) -> Found:
    """The values that do not hold; files outside the database are looked at where `fetch` gives them."""
    examples: list[str] = []
    wrong = 0
    for name, column in SEALED.items():
        for row in _wrong(con, keys, column, fetch):
            wrong += 1
            if len(examples) < SHOWN:
                examples.append(f"{name} {row}")
    return found(CHECK, examples, wrong)


def _wrong(con: psycopg.Connection, keys: Keys, column: Sealed, fetch: Fetch | None) -> Iterator[str]:
    with con.cursor(name="sealed") as cursor:
        cursor.itersize = _ROWS
        cursor.execute(column.query.encode())
        for row, value, index, tail, other in cursor:
            text = _opened(keys, bytes(value or b""), f"{column.place}|{row}")
            if text is not None and text.startswith(_OUTSIDE):
                if fetch is None:
                    continue
                text = _fetched(fetch, text, column.place, str(row))
            if text is None or not column.fits(keys, text, None if index is None else bytes(index), tail, other):
                yield str(row)


def _opened(keys: Keys, value: bytes, place: str) -> str | None:
    """The text, empty where there is none; None where it does not open there."""
    if not value:
        return ""
    version, nonce, rest = int.from_bytes(value[:2], "big"), value[2:14], value[14:]
    try:
        return keys.data[version].decrypt(nonce, rest, f"{place}|{version}".encode()).decode()
    except (KeyError, InvalidTag, ValueError):
        return None


def _fits(keys: Keys, kind: str, text: str, index: object) -> bool:
    """The index is the number's, by the key it names."""
    if not text or not isinstance(index, bytes):
        return not text and index is None
    version = 1 if len(index) == 16 else int.from_bytes(index[:2], "big")
    if version not in keys.index:
        return False
    told = hmac.digest(keys.index[version][kind], f"{kind}\0{text}".encode(), hashlib.sha256)[:16]
    return index == (told if version == 1 else version.to_bytes(2, "big") + told)


def _fetched(fetch: Fetch, text: str, place: str, row: str) -> str | None:
    """A file outside, as the row would hold it; None where it is gone or not what was kept."""
    digest, _, key = text.removeprefix(_OUTSIDE).partition(":")
    try:
        kept = fetch(f"{place.replace('|', '.')}/{row}/{digest}")
        if hashlib.sha256(kept).hexdigest() != digest:
            return None
        content = AESGCM(bytes.fromhex(key)).decrypt(kept[:12], kept[12:], f"{place}|{row}|0".encode())
    except (OSError, InvalidTag, ValueError):
        return None
    return base64.b64encode(content).decode()


def _number(kind: str) -> Fits:
    return lambda keys, text, index, tail, _: _fits(keys, kind, text, index) and tail == text[-4:]


def _account(keys: Keys, text: str, index: object, tail: object, channel: object) -> bool:
    """Leading zeros do not count."""
    number = f"{channel}\0{text.lstrip('0') or '0'}" if text else ""
    return _fits(keys, "account", number, index) and tail == text[-3:]


def _asked(keys: Keys, text: str, index: object, tail: object, channel: object) -> bool:
    """Of a request: an account where it has a channel, else a NIK."""
    return (_account if channel is not None else _number("nik"))(keys, text, index, tail, channel)


def _was(kind: str) -> Fits:
    """Of a row of history: while numbers change hands the index is away for a moment."""
    return lambda keys, text, index, tail, _: (index is None or _fits(keys, kind, text, index)) and tail == text[-4:]


def _of_before(keys: Keys, text: str, index: object, tail: object, column: object) -> bool:
    """Of what a list overwrote: as of history, an account by its tail alone where its channel is not told."""
    return tail == text[-3:] if column == "account" else _was(str(column))(keys, text, index, tail, None)


def _paper(keys: Keys, text: str, index: object, tail: object, size: object) -> bool:  # noqa: ARG001
    return len(base64.b64decode(text)) == size


def _password(keys: Keys, text: str, index: object, tail: object, digest: object) -> bool:  # noqa: ARG001
    return not text or digest is None or hashlib.sha256(text.encode()).hexdigest() == digest


def _opens(keys: Keys, text: str, index: object, tail: object, other: object) -> bool:  # noqa: ARG001
    return True


def _before(table: str, column: str, tail: str) -> str:
    return f"""select row_id::text, (before->>'{column}_sealed')::bytea, (before->>'{column}_index')::bytea,
        before->>'{column}_{tail}', '{column}' from registry_intakerow
        where table_name = '{table}' and before ? '{column}_sealed'"""


SEALED: dict[str, Sealed] = {
    "registry_family.kk": Sealed(
        "registry_family|kk", "select id::text, kk_sealed, kk_index, kk_last4, null from registry_family",
        _number("kk"),
    ),
    "registry_member.nik": Sealed(
        "registry_member|nik", "select id::text, nik_sealed, nik_index, nik_last4, null from registry_member",
        _number("nik"),
    ),
    "registry_account.account": Sealed(
        "registry_account|account",
        "select id::text, account_sealed, account_index, account_last3, channel from registry_account", _account,
    ),
    "registry_familyevent.kk": Sealed(
        "registry_family|kk", "select id::text, kk_sealed, kk_index, kk_last4, null from registry_familyevent",
        _was("kk"),
    ),
    "registry_memberevent.nik": Sealed(
        "registry_member|nik", "select id::text, nik_sealed, nik_index, nik_last4, null from registry_memberevent",
        _was("nik"),
    ),
    **{
        f"facilitators_identity.{number}": Sealed(
            f"facilitators_identity|{number}",
            f"select id::text, {number}_sealed, {number}_index, {number}_last4, null from facilitators_identity",
            _number(number),
        )
        for number in ("nik", "kk")
    },
    "registry_changerequest.identifier": Sealed(
        "registry_changerequest|identifier",
        """select id::text, identifier_sealed, identifier_index, identifier_tail,
            case when kind = 'ACCOUNT' then "after"->>'channel' end from registry_changerequest""", _asked,
    ),
    "registry_changeevidence.file": Sealed(
        "registry_changeevidence|file",
        "select change_id::text, file_sealed, null, null, file_bytes from registry_changeevidence", _paper,
    ),
    **{
        f"conduct_{table}.{column}": Sealed(
            f"conduct_{table}|{column}", f"select id::text, {column}_sealed, null, null, null from conduct_{table}",
            _opens,
        )
        for table, column in (("matter", "what"), ("matter", "reporter"), ("step", "text"), ("casefile", "label"))
    },
    **{
        f"helpdesk_{table}.{column}": Sealed(
            f"helpdesk_{table}|{column}",
            f"select id::text, {column}_sealed, null, null, null from helpdesk_{table} where {column}_sealed <> ''",
            _opens,
        )
        for table, column in (("case", "contact"), ("case", "what"), ("caseevent", "text"))
    },
    "conduct_casefile.content": Sealed(
        "conduct_casefile|content", "select id::text, content_sealed, null, null, byte_count from conduct_casefile",
        _paper,
    ),
    **{
        f"performance_{table}.{column}": Sealed(
            f"performance_{table}|{column}",
            f"select id::text, {column}_sealed, null, null, null from performance_{table}", _opens,
        )
        for table, column in (
            ("report", "remarks"), ("reportversion", "content"), ("review", "comment"), ("photo", "caption")
        )
    },
    "performance_photo.content": Sealed(
        "performance_photo|content", "select id::text, content_sealed, null, null, byte_count from performance_photo",
        _paper,
    ),
    "field_device.share": Sealed(
        "field_device|share", "select id::text, share_sealed, null, null, null from field_device", _opens,
    ),
    "field_entry.body": Sealed(
        "field_entry|body", "select id::text, body_sealed, null, null, null from field_entry", _opens,
    ),
    "field_photo.content": Sealed(
        "field_photo|content", "select id::text, content_sealed, null, null, byte_count from field_photo", _paper,
    ),
    "certificates_evidence.content": Sealed(
        "certificates_evidence|content",
        "select certificate_id::text, content_sealed, null, null, byte_count from certificates_evidence", _paper,
    ),
    "family_sessions_picture.content": Sealed(
        "family_sessions_picture|content",
        "select id::text, content_sealed, null, null, byte_count from family_sessions_picture", _paper,
    ),
    "graduation_paper.content": Sealed(
        "graduation_paper|content",
        "select id::text, content_sealed, null, null, byte_count from graduation_paper", _paper,
    ),
    "monitoring_draw.seed": Sealed(
        "monitoring_draw|seed", "select id::text, seed_sealed, null, null, null from monitoring_draw", _opens
    ),
    "monitoring_answer.words": Sealed(
        "monitoring_answer|words", "select id::text, words_sealed, null, null, null from monitoring_answer", _opens
    ),
    "training_eventday.secret": Sealed(
        "training_eventday|secret", "select id::text, secret_sealed, null, null, null from training_eventday", _opens
    ),
    "training_material.content": Sealed(
        "training_material|content", "select id::text, content_sealed, null, null, byte_count from training_material",
        _paper,
    ),
    **{
        f"achievements_{table}.{column}": Sealed(
            f"achievements_{table}|{column}",
            f"select id::text, {column}_sealed, null, null, null from achievements_{table}", _opens,
        )
        for table, column in (("achievement", "story"), ("paper", "label"))
    },
    **{
        f"achievements_{table}.content": Sealed(
            f"achievements_{table}|content",
            f"select id::text, content_sealed, null, null, byte_count from achievements_{table}", _paper,
        )
        for table in ("paper", "consent", "editionfile")
    },
    "registry_intakerow.before.kk": Sealed(
        "registry_family|kk", _before("registry_family", "kk", "last4"), _of_before
    ),
    "registry_intakerow.before.nik": Sealed(
        "registry_member|nik", _before("registry_member", "nik", "last4"), _of_before
    ),
    "registry_intakerow.before.account": Sealed(
        "registry_account|account", _before("registry_account", "account", "last3"), _of_before
    ),
    "payments_payment.nik": Sealed(
        "payments_payment|nik", "select payment_id, nik_sealed, nik_index, nik_last4, null from payments_payment",
        _number("nik"),
    ),
    "payments_payment.account": Sealed(
        "payments_payment|account",
        "select payment_id, account_sealed, account_index, account_last3, channel from payments_payment", _account,
    ),
    "payments_instruction.password": Sealed(
        "payments_instruction|password",
        "select id::text, password_sealed, null, null, nullif(password_sha256, '') from payments_instruction",
        _password,
    ),
    "exports_exportrequest.password": Sealed(
        "exports_exportrequest|password",
        "select id::text, password_sealed, null, null, null from exports_exportrequest", _opens,
    ),
    "mfa_authenticator.secret": Sealed(
        "mfa_authenticator|secret", """select '', decode(told, 'base64'), null, null, null from mfa_authenticator,
            unnest(array[data->>'secret', data->>'seed']) told where told is not null""", _opens,
    ),
}  # fmt: skip
"""Every sealed value there is; a house test holds this list against the columns of the database."""
