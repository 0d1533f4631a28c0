"""One payment's story, from the files of its runs: facts only, each traced to the file it stands in."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rapidfuzz import process

from gandeng.core.cycle import Cycle
from gandeng.core.faults import Fault, FileRefused
from gandeng.core.matching_tables import OUTCOME_ROWS
from gandeng.engine import connect, parquet
from gandeng.files import profiles
from gandeng.files.digests import sha256_of
from gandeng.files.intake import Taken, take
from gandeng.files.layouts import PAYMENTS, RESULTS, Layout
from gandeng.policy import PolicyGap, benefit_policy, sources_of
from gandeng.policy.entitlement import Basis, of_amount
from gandeng.runs.publish import MANIFEST
from gandeng.runs.reconcile import account_digits, payments_select, results_select

Row = Mapping[str, object]
"""A row of a file by column name, as the contract names the columns."""

OUTCOMES, DISPOSITIONS = "outcomes.parquet", "dispositions.parquet"
COMPONENTS, ENTITLEMENTS = "components.parquet", "entitlements.parquet"
NEAREST_MAX = 3
_MEMORY = "500MB"


@dataclass(frozen=True)
class Entitlement:
    """How the amount arose: the family's row of entitlements.parquet, its members' rows, the figures they rest on."""

    family: Row
    members: tuple[Row, ...]
    bases: tuple[Basis, ...]


@dataclass(frozen=True)
class Story:
    """Everything the files say about one payment. `warnings` are codes of words/*/explain.yaml.

    `instructed` is its row of the payment list, None where that file could not be read again; `rows` have the columns
    of dispositions.parquet, and occurred_on, reason where the file they stand in could be.
    """

    payment_id: str
    outcome: Row
    entitlement: Entitlement | None
    instructed: Row | None
    rows: tuple[Row, ...]
    warnings: tuple[Fault, ...]
    all_files_read: bool


class NotExplained(Exception):
    """There is no story to tell; `faults` say why (codes of words/*/explain.yaml)."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(", ".join(fault.code for fault in faults))


def explain(payment_id: str, run: Path, entitle: Path | None = None, *, read_files: bool = True) -> Story:
    """The story of `payment_id` from a reconcile folder and, for the origin of its amount, an entitle folder.

    With `read_files` the payment list and the result files are read again where they still have the digest the run
    wrote down. Raises NotExplained for an unknown payment, for a folder that is not one of ours, and for one whose
    files were changed so that they cannot be read.
    """
    manifest, warnings = _opened(run, "reconcile", (OUTCOMES, DISPOSITIONS))
    with (
        _changed_beyond_reading(warnings),
        tempfile.TemporaryDirectory(prefix="gandeng-explain-") as scratch,
        closing(connect(Path(scratch) / "spill", memory_limit=_MEMORY)) as con,
    ):
        outcome = _outcome(con, run / OUTCOMES, payment_id)
        if not outcome.keys() >= set(OUTCOME_ROWS.column_names()):
            raise duckdb.BinderException(OUTCOMES)
        entitlement = None if entitle is None else _entitlement(con, entitle, outcome, warnings)
        read: dict[str, list[Taken]] = {"payments": [], "results": []}
        inputs = manifest.get("inputs", []) if read_files else []
        for entry in inputs:
            _read_again(entry, Path(scratch), read, warnings)
        digits = account_digits(read["results"])
        instructed = _instructed(con, [payments_select(taken, digits) for taken in read["payments"]], payment_id)
        rows = _rows(con, run / DISPOSITIONS, payment_id, instructed, results_select(read["results"], digits))
    asked = sum(str(entry["role"]) == "results" for entry in manifest.get("inputs", []))
    all_read = len(read["results"]) == asked
    return Story(payment_id, outcome, entitlement, instructed, rows, tuple(warnings), all_read)


@contextmanager
def _changed_beyond_reading(warnings: Sequence[Fault]) -> Iterator[None]:
    """What the engine cannot make out of files that are still as written is a fault of ours."""
    try:
        yield
    except duckdb.Error as error:
        if changed := [each for each in warnings if each.code == "changed_output"]:
            raise NotExplained(*changed) from error
        raise


def _opened(folder: Path, kind: str, names: Sequence[str]) -> tuple[dict[str, list[Row]], list[Fault]]:
    """The manifest of a folder of that kind, and a warning for each of `names` that is no longer what was written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        written = {str(entry["name"]): str(entry["sha256"]) for entry in manifest["outputs"]}
        found = str(manifest["kind"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotExplained(Fault("no_manifest", facts={"folder": str(folder)})) from error
    if found != kind:
        raise NotExplained(Fault("wrong_kind", facts={"folder": str(folder), "kind": found, "wanted": kind}))
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise NotExplained(*(Fault("file_missing", facts={"folder": str(folder), "name": name}) for name in missing))
    changed = [name for name in names if sha256_of(folder / name) != written.get(name)]
    return manifest, [Fault("changed_output", facts={"folder": str(folder), "name": name}) for name in changed]


def _outcome(con: duckdb.DuckDBPyConnection, path: Path, payment_id: str) -> Row:
    outcomes = parquet(path)
    rows = _fetch(con, f"select * from {outcomes} where payment_id = ?", payment_id)
    if rows:
        return rows[0]
    fault = Fault("unknown_payment", facts={"payment_id": payment_id, "folder": str(path.parent)})
    near = _nearest(con, outcomes, payment_id)
    raise NotExplained(fault, *([Fault("nearest", facts={"ids": ", ".join(near)})] if near else []))


def _nearest(con: duckdb.DuckDBPyConnection, outcomes: str, payment_id: str) -> list[str]:
    """IDs that look alike, found by DuckDB among all of them and ordered by likeness."""
    rows = con.execute(
        f"""select payment_id from {outcomes}
            order by damerau_levenshtein(payment_id[:64], ?[:64]), payment_id limit {NEAREST_MAX * 10:d}""",
        [payment_id],
    ).fetchall()
    return [found for found, _, _ in process.extract(payment_id, [str(row[0]) for row in rows], limit=NEAREST_MAX)]


def _read_again(entry: Row, scratch: Path, read: dict[str, list[Taken]], warnings: list[Fault]) -> None:
    """Take an input file as the run did, if it is still the same; else say what is missing from the story."""
    role, source, path = str(entry["role"]), str(entry["source"]), Path(str(entry["path"]))
    layouts: dict[str, Layout] = {"payments": PAYMENTS, "results": RESULTS}
    if role not in layouts:
        return
    chosen = str(entry.get("profile") or "")
    profile = profiles.load(chosen) if chosen in profiles.names() else None
    if not path.is_file():
        warnings.append(Fault("missing_input", facts={"name": source, "path": str(path)}))
    elif sha256_of(path) != entry["sha256"]:
        warnings.append(Fault("changed_input", facts={"name": source}))
    else:
        try:
            read[role].append(take(path, layouts[role], scratch, source=source, profile=profile))
        except FileRefused:
            warnings.append(Fault("unread_input", facts={"name": source}))


def _instructed(con: duckdb.DuckDBPyConnection, payments: Sequence[str], payment_id: str) -> Row | None:
    for select in payments:
        rows = _fetch(con, f"select * from ({select}) list where payment_id = ?", payment_id)
        if rows:
            return rows[0]
    return None


def _rows(
    con: duckdb.DuckDBPyConnection, path: Path, payment_id: str, instructed: Row | None, results: str
) -> tuple[Row, ...]:
    """Rows matched to the payment, and rows that name it but were not accepted, in the order of their days.

    Also those that were misdirected from another payment to its account or collector: the money may be there.
    """
    account, channel, nik = (str((instructed or {}).get(name, "")) for name in ("account_no", "channel", "nik"))
    con.execute(
        f"""create table told as select source, row, occurred_on, reason from ({results}) r
            where r.payment_id = $id or ($account <> '' and r.account_no = $account and r.channel = $channel)
            or ($nik <> '' and r.nik = $nik)
            or (r.source, r.row) in (select (d.source, d.row) from {parquet(path)} d where d.payment_id = $id)""",
        {"id": payment_id, "account": account, "channel": channel, "nik": nik},
    )
    return _fetch(
        con,
        f"""select d.*, t.occurred_on, t.reason from {parquet(path)} d
            left join told t on t.source = d.source and t.row = d.row
            where d.payment_id = ?
                or (d.payment_id is null or d.disposition = 'MISDIRECTED') and t.row is not null
            order by t.occurred_on nulls last, d.source, d.row""",
        payment_id,
    )


def _entitlement(
    con: duckdb.DuckDBPyConnection, folder: Path, outcome: Row, warnings: list[Fault]
) -> Entitlement | None:
    """The family's entitlement in that stage; a warning where the folder does not know it."""
    _, changed = _opened(folder, "entitle", (COMPONENTS, ENTITLEMENTS))
    warnings.extend(changed)
    family_id = str(outcome["family_id"])
    family = _fetch(
        con,
        f"select * from {parquet(folder / ENTITLEMENTS)} where family_id = ? and cycle = ?",
        family_id,
        str(outcome["stage"]),
    )
    if not family:
        warnings.append(Fault("not_entitled", facts={"family_id": family_id, "folder": str(folder)}))
        return None
    members = _fetch(
        con,
        f"""select * from {parquet(folder / COMPONENTS)} where family_id = ?
            order by counted desc, member_id, amount desc, rate desc nulls last, component""",
        family_id,
    )
    return Entitlement(family[0], members, tuple(_bases(family[0], members, warnings)))


def _bases(family: Row, members: Sequence[Row], warnings: list[Fault]) -> Iterator[Basis]:
    """The figures this family's amount rests on, each once, of the policy as it is now."""
    cycle = str(family["cycle"])
    try:
        policy = benefit_policy(Cycle.parse(cycle), int(str(family["months"])))
        bases = sources_of(policy)
    except PolicyGap:
        warnings.append(Fault("policy_gap", facts={"cycle": cycle}))
        return
    if policy.digest != family["policy_digest"]:
        warnings.append(Fault("policy_changed"))
    components = {member["component"] for member in members}
    told: set[str] = set()
    for basis in of_amount(policy, bases):
        if (basis.component is None or basis.component in components) and basis.figure not in told:
            told.add(basis.figure)
            yield basis


def _fetch(con: duckdb.DuckDBPyConnection, sql: str, *values: str) -> tuple[Row, ...]:
    """Rows by column name, for few of them."""
    cursor = con.execute(sql, list(values))
    names = [str(column[0]) for column in cursor.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
