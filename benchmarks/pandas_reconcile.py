"""The reconciliation contract in pandas, as a competent user would write it: the yardstick for CPU and memory.

Text columns are Arrow-backed, few-valued ones categories; keys are joined by merge, everything else is whole columns.
It takes canonical Parquet and writes the same files with the same rows as `gandeng reconcile`, words included.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.pandas_tables import frame, joined_words, write
from gandeng.core.channels import CHANNELS, POST
from gandeng.core.matching_tables import (
    DISPOSITION_ROWS,
    DISPOSITIONS,
    EVENTS,
    OUTCOME_ROWS,
    OUTCOMES,
    SUMMARY_ROWS,
)
from gandeng.core.money import AMOUNT_DIGITS_MAX
from gandeng.files.intake import explain_damage
from gandeng.runs.reconcile import stage_days
from gandeng.words import say

NIK, SCIENTIFIC = "[0-9]{16}", r"[0-9]+(?:[.,][0-9]*)?[eE]\+[0-9]+"
FIRST_DAY, LAST_DAY = pd.Timestamp("1900-01-01"), pd.Timestamp("2099-12-31")
KEYS = ("payment_id", "account_no", "nik")
PAYMENT_COLUMNS = ["payment_id", "stage", "family_id", "nik", "channel", "account_no", "district_code", "amount"]
RESULT_COLUMNS = [
    "bank_reference", "channel", "payment_id", "account_no", "nik", "event", "amount", "occurred_on", "reason",
]  # fmt: skip


class ListRefused(Exception):
    """The payment list cannot be trusted."""


class IdentityBroken(Exception):
    """What must add up does not."""


def reconcile(payments: Path, results: Path, out: Path) -> int:
    """Write outcomes.parquet, dispositions.parquet and summary.csv into `out`; gives the payments."""
    p = frame(payments, PAYMENT_COLUMNS, categories=("stage", "channel", "district_code"))
    _require_sound(p)
    r = frame(results, RESULT_COLUMNS, categories=("channel", "event", "reason"))
    _read_flaws(r)
    _told_again(r)
    r = r.drop(columns="bank_reference")
    _match(r, p)
    r = _compared(r, p)
    p = p.drop(columns=["nik", "account_no"])
    out.mkdir(parents=True, exist_ok=True)
    told = _dispositions(r, p, results.name)
    write(told, DISPOSITION_ROWS, out / "dispositions.parquet")
    accepted = r.loc[r["disposition"] == "ACCEPTED", ["at", "event", "amount", "occurred_on", "reason"]]
    outcomes = _outcomes(accepted, p)
    _prove(told, outcomes)
    write(outcomes, OUTCOME_ROWS, out / "outcomes.parquet")
    _summary(outcomes).to_csv(out / "summary.csv", index=False, lineterminator="\n")
    return len(p)


def _require_sound(p: pd.DataFrame) -> None:
    """What a list must keep to be reconciled against."""
    post = p["channel"] == POST
    broken = (
        p["payment_id"].duplicated()
        | (p["payment_id"] == "")
        | ~p["nik"].str.fullmatch(NIK)
        | ~p["channel"].isin(CHANNELS)
        | ((p["account_no"] == "") != post)
        | (p["amount"] <= 0)
    )
    if broken.any():
        raise ListRefused(int(broken.sum()))


def _read_flaws(r: pd.DataFrame) -> None:
    """Rule 1: `flaw`, a category of words, missing where the row can be read; `disposition`."""
    nik_damaged = (r["nik"] != "") & ~r["nik"].str.fullmatch(NIK)
    damages = {
        "account_damaged": _scientific(r["account_no"]),
        "amount_unreadable": (r["amount"] < 0) | (r["amount"] >= 10**AMOUNT_DIGITS_MAX),
        "date_unreadable": ~r["occurred_on"].between(FIRST_DAY, LAST_DAY),
        "identifier_damaged": _scientific(r["bank_reference"]) | _scientific(r["payment_id"]),
        "nik_damaged": nik_damaged,
    }
    damages = {code: broken.fillna(value=False).to_numpy(bool) for code, broken in damages.items()}
    others = {
        "event_unknown": ~r["event"].isin(EVENTS),
        "channel_unknown": ~r["channel"].isin(CHANNELS),
        "amount_missing": r["amount"].isna() & (r["event"] != "FAILURE"),
        "amount_not_allowed": (r["amount"] <= 0).fillna(value=False),
        "nobody_named": (r["payment_id"] == "") & (r["account_no"] == "") & (r["nik"] == ""),
    }
    flaw = np.full(len(r), None, dtype=object)
    for code, broken in reversed(others.items()):
        flaw[broken.to_numpy(bool)] = say(f"details.{code}")
    damaged = np.logical_or.reduce(list(damages.values()))
    marks = pd.DataFrame({code: broken[damaged] for code, broken in damages.items()})
    flaw[damaged] = [explain_damage(",".join(marks.columns[row])) for row in marks.to_numpy(bool)]
    r["flaw"] = pd.Categorical(flaw)
    r["disposition"] = pd.Categorical(np.where(r["flaw"].notna(), "MALFORMED", None), categories=DISPOSITIONS)


def _scientific(texts: pd.Series) -> pd.Series:
    plus = texts.str.contains("+", regex=False)
    if plus.any():
        plus[plus] = texts[plus].str.fullmatch(SCIENTIFIC)
    return plus


def _told_again(r: pd.DataFrame) -> None:
    """Rule 2, on the few rows that share a key with another."""
    content = [*KEYS, "amount", "occurred_on"]
    sound, named = r["flaw"].isna(), r["bank_reference"] != ""
    one_event = ["channel", "event"]
    for rows, keys in ((sound & named, [*one_event, "bank_reference"]), (sound & ~named, [*one_event, *content])):
        told = r.loc[rows, keys]
        told = told[told.duplicated(keep=False)]
        suspects = r.loc[told.index, list(dict.fromkeys([*keys, *content]))]
        groups = suspects.groupby(keys, observed=True, dropna=False, sort=False)
        contents = groups[[name for name in content if name not in keys]].transform("nunique", dropna=False)
        differs = (contents > 1).any(axis=1)
        _flag(r, suspects.index[differs], "CONFLICTING", "conflicting")
        _flag(r, suspects.index[~differs & (groups.cumcount() > 0)], "REPEATED", "repeated")


def _flag(r: pd.DataFrame, rows: pd.Index, disposition: str, code: str) -> None:
    words = say(f"details.{code}")
    if words not in r["flaw"].cat.categories:
        r["flaw"] = r["flaw"].cat.add_categories([words])
    r.loc[rows, "flaw"] = words
    r.loc[rows, "disposition"] = disposition


def _match(r: pd.DataFrame, p: pd.DataFrame) -> None:
    """Rule 3: `at` is the payment's place, -1 for none; `matched_by`; flawed rows match nothing."""
    places = pd.DataFrame({"payment_id": p["payment_id"], "at": np.arange(len(p), dtype="int32")})
    at = r[["payment_id"]].merge(places, how="left", on="payment_id")["at"].fillna(-1).to_numpy("int32")
    flawed = r["flaw"].notna().to_numpy(bool)
    at[flawed] = -1
    matched_by = np.where(at >= 0, np.int8(0), np.int8(-1))
    loose = r.loc[(at < 0) & ~flawed, ["channel", "account_no", "nik"]]
    for code, keys in ((1, ["channel", "account_no"]), (2, ["nik"])):
        carried = loose[loose[keys[-1]] != ""]
        found = _found(carried, p, keys)
        one, many = found[found["payments"] == 1], found[found["payments"] > 1]
        at[one.index] = one["at"].to_numpy("int32")
        matched_by[one.index] = code
        _flag(r, many.index, "AMBIGUOUS", f"ambiguous_{keys[-1]}")
        loose = loose.drop(index=found.index)
    _flag(r, loose.index, "UNKNOWN", "unknown")
    r["at"] = at
    r["matched_by"] = pd.Categorical.from_codes(matched_by, categories=list(KEYS))


def _found(rows: pd.DataFrame, p: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """By row: how many payments its key finds, and the first of them; rows that find none are left out."""
    listed = p.loc[p[keys[-1]].isin(rows[keys[-1]]), keys].reset_index(names="at")
    counted = listed.groupby(keys, observed=True).agg(payments=("at", "size"), at=("at", "min")).reset_index()
    merged = rows.reset_index(names="result").astype(dict.fromkeys(keys, "str"))
    return merged.merge(counted.astype(dict.fromkeys(keys, "str")), on=keys).set_index("result")[["payments", "at"]]


def _compared(r: pd.DataFrame, p: pd.DataFrame) -> pd.DataFrame:
    """Rule 4, evidence, and days that are hardly plausible; the columns that were compared are gone."""
    rows = np.flatnonzero(r["at"].to_numpy() >= 0)
    at = r["at"].to_numpy()[rows]
    evidence = (r["matched_by"].cat.codes.to_numpy()[rows] == 0).astype("int8")
    theirs = r["channel"].cat.set_categories(CHANNELS).cat.codes.to_numpy()[rows]
    ours = p["channel"].cat.set_categories(CHANNELS).cat.codes.to_numpy()[at]
    notes = [(say("details.channel_differs"), theirs != ours)]
    for name, bit in (("account_no", 2), ("nik", 4)):
        said, instructed = r[name].array[rows], p[name].array[at]
        both = np.asarray((said != "") & (instructed != ""), dtype=bool)
        equal = np.asarray(said == instructed, dtype=bool) & both
        evidence |= (equal * bit).astype("int8")
        notes.append((say(f"details.{name.removesuffix('_no')}_differs"), both & ~equal))
    _place(r, rows, np.logical_or.reduce([found for _, found in notes]))
    _detail(r, rows, [*notes, *_day_notes(r, p, rows, at)])
    r["evidence"] = _evidence(len(r), rows, evidence)
    return r.drop(columns=["account_no", "nik", "channel", "flaw"])


def _place(r: pd.DataFrame, rows: np.ndarray, differs: np.ndarray) -> None:
    codes = r["disposition"].cat.codes.to_numpy(copy=True)
    codes[rows] = np.where(differs, DISPOSITIONS.index("MISDIRECTED"), DISPOSITIONS.index("ACCEPTED"))
    r["disposition"] = pd.Categorical.from_codes(codes, categories=DISPOSITIONS)


def _day_notes(r: pd.DataFrame, p: pd.DataFrame, rows: np.ndarray, at: np.ndarray) -> list[tuple[str, np.ndarray]]:
    days = [stage_days(str(stage)) for stage in p["stage"].cat.categories]
    stages = p["stage"].cat.codes.to_numpy()[at]
    first = np.array([one.starts_on for one in days], dtype="datetime64[ms]")
    last = np.array([one.late_after for one in days], dtype="datetime64[ms]")
    day = r["occurred_on"].to_numpy()[rows]
    limit = "/".join(sorted({str((one.late_after - one.starts_on).days) for one in days}))
    before, late = say("details.before_stage"), say("details.late", days=limit)
    return [(before, day < first[stages]), (late, day > last[stages])]


def _detail(r: pd.DataFrame, rows: np.ndarray, notes: list[tuple[str, np.ndarray]]) -> None:
    """Words of matched rows; those of the others are their flaw."""
    codes, words = joined_words(notes)
    flaw = r["flaw"].cat.add_categories([one for one in words if one not in r["flaw"].cat.categories])
    told = flaw.cat.codes.to_numpy(copy=True).astype("int16")
    places = np.array([-1, *(flaw.cat.categories.get_loc(one) for one in words)], dtype="int16")
    told[rows] = places[codes]
    r["detail"] = pd.Categorical.from_codes(told, categories=flaw.cat.categories)


def _evidence(count: int, rows: np.ndarray, bits: np.ndarray) -> pd.Categorical:
    words = ["+".join(key for place, key in enumerate(KEYS) if number >> place & 1) for number in range(8)]
    codes = np.full(count, -1, dtype="int8")
    codes[rows] = bits
    return pd.Categorical.from_codes(codes, categories=words)


def _dispositions(r: pd.DataFrame, p: pd.DataFrame, source: str) -> pd.DataFrame:
    """One row per result row, in the contract's columns."""
    told = r[["event", "amount", "disposition", "matched_by", "evidence", "detail"]].copy(deep=False)
    told["source"] = pd.Categorical.from_codes(np.zeros(len(r), dtype="int8"), categories=[source])
    told["row"] = np.arange(1, len(r) + 1)
    by_id = r["matched_by"].cat.codes.to_numpy() == 0
    other = np.flatnonzero((r["at"].to_numpy() >= 0) & ~by_id)
    ids = r["payment_id"].where(by_id)
    ids.iloc[other] = p["payment_id"].array[r["at"].to_numpy()[other]]
    told["payment_id"] = ids
    return told


def _outcomes(accepted: pd.DataFrame, p: pd.DataFrame) -> pd.DataFrame:
    """Every payment beside the sums of its accepted rows; the first outcome that holds."""
    amounts = accepted["amount"].fillna(0).to_numpy("int64")
    sums = pd.DataFrame({"at": accepted["at"]})
    for name, event in (("credited", "CREDIT"), ("reversed", "REVERSAL"), ("withdrawn", "WITHDRAWAL")):
        sums[name] = np.where(accepted["event"] == event, amounts, 0)
    sums["first_on"] = sums["last_on"] = accepted["occurred_on"]
    told = sums.groupby("at", sort=False).agg(
        {"credited": "sum", "reversed": "sum", "withdrawn": "sum", "first_on": "min", "last_on": "max"}
    )
    reported = np.zeros(len(p), dtype=bool)
    reported[told.index] = True
    rows = pd.concat([p, told.reindex(p.index)], axis=1)
    money = ["credited", "reversed", "withdrawn"]
    rows[money] = rows[money].fillna(0).astype("int64")
    rows["net"] = rows["credited"] - rows["reversed"]
    rows["outcome"] = _outcome(rows, reported)
    rows["reason"] = _reasons(accepted).reindex(p.index)
    return rows


def _outcome(rows: pd.DataFrame, reported: np.ndarray) -> pd.Categorical:
    net, amount, credited = (rows[name].to_numpy() for name in ("net", "amount", "credited"))
    holds = [
        ~reported,
        (net < 0) | (rows["withdrawn"].to_numpy() > credited),
        net == amount,
        net > amount,
        net > 0,
        credited > 0,
    ]
    codes = np.select(holds, range(len(holds)), len(holds)).astype("int8")
    return pd.Categorical.from_codes(codes, categories=OUTCOMES)


def _reasons(accepted: pd.DataFrame) -> "pd.Series[str]":
    """By payment: the reason of the latest failure or reversal, missing where that is empty."""
    told = accepted.loc[accepted["event"].isin(("FAILURE", "REVERSAL")), ["at", "occurred_on", "reason"]]
    told = told.assign(reason=told["reason"].astype("str"))
    latest = told.sort_values(["occurred_on", "reason"], ascending=False, kind="stable").drop_duplicates("at")
    return latest[latest["reason"] != ""].set_index("at")["reason"]


def _summary(outcomes: pd.DataFrame) -> pd.DataFrame:
    """One row per district and channel, in the contract's columns and order."""
    keys = {name: outcomes[name].astype("str") for name in ("district_code", "channel")}
    values = {"payments": 1, "instructed": outcomes["amount"]} | {name: outcomes[name] for name in ("net", "withdrawn")}
    for name in OUTCOMES:
        holds = (outcomes["outcome"] == name).to_numpy(bool)
        values |= {f"{name.lower()}_count": holds.astype("int64"), f"{name.lower()}_amount": outcomes["amount"] * holds}
    table = pd.DataFrame(keys | values).groupby(["district_code", "channel"], sort=True).sum().reset_index()
    return table[list(SUMMARY_ROWS.column_names())]


def _prove(told: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    """Rupiah that must be the same on both sides."""
    accepted = told[told["disposition"] == "ACCEPTED"]
    sums = accepted.groupby("event", observed=False)["amount"].sum()
    if outcomes["net"].sum() != sums.get("CREDIT", 0) - sums.get("REVERSAL", 0):
        raise IdentityBroken("net over payments equals accepted credits minus accepted reversals")
    if told.loc[told["disposition"] != "ACCEPTED", "detail"].isna().any():
        raise IdentityBroken("every row that is not accepted says why")
