"""The entitlement contract (years of components) in pandas: the yardstick for CPU and memory.

It takes canonical Parquet and writes the same files with the same rows as `gandeng entitle`.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.pandas_tables import frame, write
from gandeng.core.benefit_policy import Ages, BenefitPolicy, Component, Shape
from gandeng.core.benefit_tables import COMPONENTS, ENTITLEMENTS, by_rate
from gandeng.core.cycle import Cycle
from gandeng.policy import benefit_policy

FAMILY_COLUMNS = ["family_id", "collector_member_id", "village_code", "status", "channel", "account_no"]
MEMBER_COLUMNS = [
    "family_id", "member_id", "nik", "name", "birth_date", "school_level", "pregnancy_no", "severe_disability",
    "rights_victim", "deceased_on",
]  # fmt: skip
WHY = (
    "COUNTED", "NOT_THE_BEST", "OVER_COMPONENT_LIMIT", "OVER_FAMILY_LIMIT", "NO_COMPONENT", "DECEASED",
    "FAMILY_NOT_ACTIVE",
)  # fmt: skip
SCHOOL = {Component.PRIMARY: "SD", Component.JUNIOR_SECONDARY: "SMP", Component.SENIOR_SECONDARY: "SMA"}
FORMULA_START = "^[=+@\t\r＝＋－＠-]"


class NotThisYear(Exception):
    """Only years paid by component are written here."""


class IdentityBroken(Exception):
    """What must add up does not."""


def entitle(families: Path, members: Path, out: Path, cycle: Cycle) -> int:
    """Write components.parquet, entitlements.parquet and payments.csv into `out`; gives the families."""
    policy = benefit_policy(cycle)
    if policy.shape is not Shape.COMPONENTS:
        raise NotThisYear(cycle.key)
    f = frame(families, FAMILY_COLUMNS, categories=("village_code", "status", "channel"))
    m = frame(members, MEMBER_COLUMNS, categories=("school_level",))
    m["family"] = _family_of(m, f)
    collectors = _collectors(m, f)
    m = m.drop(columns=["nik", "name"])
    candidates = _candidates(m, policy)
    _decide(m, f, candidates, policy)
    _limit(m, policy)
    entitlements = _entitlements(m, f, policy)
    out.mkdir(parents=True, exist_ok=True)
    write(_components(m, candidates, policy), COMPONENTS, out / "components.parquet")
    write(entitlements, ENTITLEMENTS, out / "entitlements.parquet")
    _payments(entitlements, f, collectors, cycle).to_csv(
        out / "payments.csv", index=False, quoting=csv.QUOTE_MINIMAL, lineterminator="\n"
    )
    return len(f)


def _family_of(m: pd.DataFrame, f: pd.DataFrame) -> np.ndarray:
    """Each member's family by its place in the list."""
    places = pd.DataFrame({"family_id": f["family_id"], "family": np.arange(len(f), dtype="int32")})
    found = m[["family_id"]].merge(places, how="left", on="family_id")["family"]
    if found.isna().any() or m["member_id"].duplicated().any():
        raise IdentityBroken("every member has one family on the list")
    return found.to_numpy("int32")


def _collectors(m: pd.DataFrame, f: pd.DataFrame) -> pd.DataFrame:
    """NIK and name by family, of the member who collects."""
    collector = f["collector_member_id"].array[m["family"].to_numpy()]
    found = m.loc[np.asarray(m["member_id"].array == collector, dtype=bool), ["family", "nik", "name"]]
    return found.set_index("family")


def _candidates(m: pd.DataFrame, policy: BenefitPolicy) -> dict[Component, np.ndarray]:
    """Who qualifies for what on the reference day, not looking at deaths and status yet."""
    born = m["birth_date"].to_numpy()

    def aged(ages: Ages) -> np.ndarray:
        last, first_after = ages.born(policy.reference_day)
        old_enough = born <= np.datetime64(last)
        return old_enough if first_after is None else old_enough & (born > np.datetime64(first_after))

    holds = {
        Component.PREGNANCY: m["pregnancy_no"].between(1, policy.pregnancies_max).fillna(value=False).to_numpy(bool),
        Component.EARLY_CHILDHOOD: (m["school_level"] == "").to_numpy(bool) & aged(policy.early_childhood),
        Component.SEVERE_DISABILITY: m["severe_disability"].to_numpy(bool),
        Component.ELDERLY: aged(policy.elderly),
        Component.RIGHTS_VICTIM: m["rights_victim"].to_numpy(bool),
    }
    in_school = aged(policy.school)
    holds |= {one: (m["school_level"] == level).to_numpy(bool) & in_school for one, level in SCHOOL.items()}
    return {rule.component: holds[rule.component] for rule in policy.rules}


def _decide(m: pd.DataFrame, f: pd.DataFrame, candidates: dict[Component, np.ndarray], policy: BenefitPolicy) -> None:
    """The best candidate of each member (`best` is its place by rate, -1 for none), its amount, and `why`."""
    ranked = by_rate(policy)
    best = np.full(len(m), -1, dtype="int8")
    for place in reversed(range(len(ranked))):
        best[candidates[ranked[place].component]] = place
    inactive = (f["status"] != "ACTIVE").to_numpy(bool)[m["family"].to_numpy()]
    deceased = (m["deceased_on"] <= pd.Timestamp(policy.reference_day)).to_numpy(bool)
    why = np.where(best >= 0, WHY.index("COUNTED"), WHY.index("NO_COMPONENT")).astype("int8")
    why[deceased], why[inactive] = WHY.index("DECEASED"), WHY.index("FAMILY_NOT_ACTIVE")
    best[deceased | inactive] = -1
    m["best"], m["why"] = best, why
    m["amount"] = np.array([*(rule.amount for rule in ranked), 0], dtype="int64")[best]


def _limit(m: pd.DataFrame, policy: BenefitPolicy) -> None:
    """The most of a component, then of a family; only families that have more are ranked."""
    for place, rule in enumerate(by_rate(policy)):
        if rule.most is not None:
            some = m.loc[m["best"] == place, ["family", "member_id"]]
            _cut(m, some[some.groupby("family")["family"].transform("size") > rule.most].sort_values("member_id"),
                 rule.most, "OVER_COMPONENT_LIMIT")  # fmt: skip
    left = m.loc[m["why"] == WHY.index("COUNTED"), ["family", "member_id", "amount"]]
    left = left[left.groupby("family")["family"].transform("size") > policy.members_max]
    _cut(m, left.sort_values(["amount", "member_id"], ascending=[False, True]), policy.members_max, "OVER_FAMILY_LIMIT")


def _cut(m: pd.DataFrame, ordered: pd.DataFrame, most: int, why: str) -> None:
    over = ordered.index[ordered.groupby("family").cumcount() >= most]
    m.loc[over, "why"] = WHY.index(why)
    m.loc[over, "amount"] = 0


def _entitlements(m: pd.DataFrame, f: pd.DataFrame, policy: BenefitPolicy) -> pd.DataFrame:
    """What each family is due; one row per family, amount 0 where nothing is."""
    told = pd.DataFrame({"family": m["family"], "counted": m["why"] == WHY.index("COUNTED"), "amount": m["amount"]})
    sums = told.groupby("family", sort=False).agg(
        members=("counted", "size"), members_counted=("counted", "sum"), amount=("amount", "sum")
    )
    sums = sums.reindex(np.arange(len(f)), fill_value=0)
    if sums["members_counted"].max() > policy.members_max or sums["amount"].sum() != m["amount"].sum():
        raise IdentityBroken("the sum of counted components is the sum of entitlements")
    same = np.zeros(len(f), dtype="int8")
    cycle, digest = (pd.Categorical.from_codes(same, [text]) for text in (policy.cycle.key, policy.digest))
    return sums.assign(
        family_id=f["family_id"], cycle=cycle, months=policy.months, policy_digest=digest, fixed_amount=0
    )


def _components(m: pd.DataFrame, candidates: dict[Component, np.ndarray], policy: BenefitPolicy) -> pd.DataFrame:
    """One row per member with what decides, and one per candidate that was not the best."""
    ranked = by_rate(policy)
    told = m[["family_id", "member_id", "best", "amount", "why"]]
    others = []
    alive = ~np.isin(m["why"].to_numpy(), [WHY.index("DECEASED"), WHY.index("FAMILY_NOT_ACTIVE")])
    for place, rule in enumerate(ranked):
        beaten = m.loc[candidates[rule.component] & (m["best"] != place).to_numpy() & alive, ["family_id", "member_id"]]
        others.append(beaten.assign(best=np.int8(place), amount=0, why=np.int8(WHY.index("NOT_THE_BEST"))))
    rows = pd.concat([told, *others], ignore_index=True)
    best = rows.pop("best").to_numpy()
    rows["component"] = pd.Categorical.from_codes(best, [rule.component.value for rule in ranked])
    rates = np.array([*(rule.rate for rule in ranked), 0], dtype="int64")[best]
    rows["rate"] = pd.arrays.IntegerArray(rates, best < 0)
    rows["counted"] = rows["why"] == WHY.index("COUNTED")
    rows["why"] = pd.Categorical.from_codes(rows["why"], WHY)
    return rows


def _payments(e: pd.DataFrame, f: pd.DataFrame, collectors: pd.DataFrame, cycle: Cycle) -> pd.DataFrame:
    """The payment list, in the order of its ids."""
    paid = f[(e["amount"] > 0).to_numpy(bool)].join(collectors)
    if paid["nik"].isna().any():
        raise IdentityBroken("a family that is due money has a collector among its members")
    village = paid["village_code"]
    rows = pd.DataFrame({
        "payment_id": f"{cycle.key}-" + paid["family_id"],
        "stage": cycle.key,
        "family_id": paid["family_id"],
        "nik": paid["nik"],
        "name": paid["name"].where(~paid["name"].str.match(FORMULA_START), "'" + paid["name"]),
        "channel": paid["channel"],
        "account_no": paid["account_no"],
        "district_code": village.cat.codes.map(dict(enumerate(village.cat.categories.str[:5]))),
        "amount": e["amount"].reindex(paid.index),
    })  # fmt: skip
    return rows.sort_values("payment_id")
