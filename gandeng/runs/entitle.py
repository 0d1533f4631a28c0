"""One entitlement on files: take families, members and verdicts, calculate, write the folder, swap it in whole."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from gandeng.core.benefit import benefit
from gandeng.core.benefit_policy import BenefitPolicy
from gandeng.core.calculation import CheckFailed
from gandeng.core.channels import POST
from gandeng.core.cycle import Cycle
from gandeng.core.faults import Fault
from gandeng.engine import MEMORY_LIMIT, Engine, Progress, calculate, connect, no_progress, open_engine, parquet, quoted
from gandeng.files.intake import Taken
from gandeng.files.layouts import FAMILIES, MEMBERS, VERDICTS, Layout
from gandeng.files.normalise import FORMULA_START
from gandeng.policy import benefit_policy
from gandeng.runs.cross_file import refuse_what_does_not_fit
from gandeng.runs.manifest import InputFile, input_file, output_files, write_manifest
from gandeng.runs.publish import published, scratch
from gandeng.runs.taking import Given, take_all

TABLES = ("components.parquet", "entitlements.parquet", "recommendations.parquet")
PAYMENTS_CSV = "payments.csv"

_NO_VERDICTS = """select '' as member_id, '' as commitment, '' as verdict where false"""

_WITHOUT_ACCOUNT = f"select 1 as one from payments where account_no = '' and channel <> '{POST}' limit 1"
"""An account may come after the family; a list that a bank pays by cannot do without."""


@dataclass(frozen=True)
class EntitleRun:
    """What a run did: row counts by output, rupiah by channel and district, notes on the files taken."""

    policy: BenefitPolicy
    inputs: tuple[InputFile, ...]
    rows: Mapping[str, int]
    by_channel: list[dict[str, object]]
    deceased_collectors: int
    notes: tuple[tuple[str, Fault], ...]


def entitle(
    families: Path,
    members: Path,
    out: Path,
    *,
    cycle: Cycle,
    months: int | None = None,
    verdicts: Path | None = None,
    engine: str = "duckdb",
    master: str | None = None,
    memory_limit: str = MEMORY_LIMIT,
    progress: Progress = no_progress,
) -> EntitleRun:
    """What each family is due in `cycle`; `out` then holds the files the entitlement contract names.

    Raises PolicyGap where a year has no figures, FileRefused for files that cannot be trusted or do not fit each
    other, CheckFailed where an identity breaks, FolderNotOurs. In each case `out` is what it was.
    """
    policy = benefit_policy(cycle, months)
    given: list[tuple[Path, Layout]] = [(families, FAMILIES), (members, MEMBERS)]
    given += [(verdicts, VERDICTS)] if verdicts else []
    with published(out, "entitle") as folder, scratch(out) as work:
        files = take_all([Given(path, layout, path.name) for path, layout in given], work, progress)
        taken = {layout.name: file for (_, layout), file in zip(given, files, strict=True)}
        sources = {
            name: f"select {', '.join(layout.names)} from ({taken[name].select}) {name}_file"
            for name, layout in ((layout.name, layout) for _, layout in given)
        }
        sources.setdefault(VERDICTS.name, _NO_VERDICTS)
        calculation = benefit(policy, ids_proved_unique=True)
        with closing(open_engine(engine, work / "engine", memory_limit=memory_limit, master=master)) as opened:
            try:
                calculate(opened, calculation, sources, folder, progress=progress)
            except CheckFailed:
                _refuse_what_does_not_fit(opened, taken, work, memory_limit)
                raise
            if opened.fetch(_WITHOUT_ACCOUNT).num_rows:
                _refuse_what_does_not_fit(opened, taken, work, memory_limit)
        progress(PAYMENTS_CSV, 0, 0)
        run = _finished(folder, work, policy, given, taken, memory_limit)
        write_manifest(
            folder,
            kind="entitle",
            cycle=cycle.key,
            months=policy.months,
            policy_digest=policy.digest,
            engine=engine,
            inputs=run.inputs,
            outputs=output_files(folder, run.rows),
        )
    return run


def _refuse_what_does_not_fit(engine: Engine, taken: Mapping[str, Taken], work: Path, memory_limit: str) -> None:
    paid = engine.fetch("select family_id from entitlements where amount > 0")
    refuse_what_does_not_fit(taken, work / "spill", memory_limit, paid=paid)


def _finished(
    folder: Path,
    work: Path,
    policy: BenefitPolicy,
    given: list[tuple[Path, Layout]],
    taken: Mapping[str, Taken],
    memory_limit: str,
) -> EntitleRun:
    listed = folder / "payments.parquet"
    with closing(connect(work / "spill", memory_limit=memory_limit)) as con:
        con.execute(_payments_csv(listed, folder / PAYMENTS_CSV))
        by_channel = con.sql(
            f"""select district_code, channel, count(*) as payments, cast(sum(amount) as bigint) as rupiah
                from {parquet(listed)} group by all order by all"""
        ).to_arrow_table()
        dead = con.sql(f"select count(*) from {parquet(listed)} where collector_deceased").fetchall()[0][0]
    rows = {name: pq.read_metadata(folder / name).num_rows for name in TABLES}
    rows[PAYMENTS_CSV] = pq.read_metadata(listed).num_rows
    listed.unlink()
    return EntitleRun(
        policy=policy,
        inputs=tuple(input_file(layout.name, path, taken[layout.name]) for path, layout in given),
        rows=rows,
        by_channel=by_channel.to_pylist(),
        deceased_collectors=int(dead),
        notes=(
            *((file.source, note) for file in taken.values() for note in file.notes),
            *_not_quite_active(taken[FAMILIES.name], work, memory_limit),
        ),
    )


def _not_quite_active(families: Taken, work: Path, memory_limit: str) -> list[tuple[str, Fault]]:
    """A status that is meant as ACTIVE and not written so leaves families without money, and no row is at fault."""
    with closing(connect(work / "spill", memory_limit=memory_limit)) as con:
        found = con.execute(
            f"""select status, count(*) from ({families.select}) listed
                where status <> 'ACTIVE' and lower(status) in ('active', 'aktif') group by status order by status"""
        ).fetchall()
    return [
        (families.source, Fault("status_like_active", column="status", facts={"found": found_status, "count": count}))
        for found_status, count in found
    ]


def _payments_csv(listed: Path, out: Path) -> str:
    """The list in the order of its ids, so that the same families give the same bytes."""
    guarded = f"case when regexp_matches(name, '{FORMULA_START}') then '''' || name else name end as name"
    rows = f"select * exclude (collector_deceased) replace ({guarded}) from {parquet(listed)}"
    return f"""copy ({rows} order by payment_id)
        to '{quoted(out)}' (format csv, header)"""
