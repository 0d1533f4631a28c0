"""What families were found to be due, and why, in the words of the policy."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONObject

from gandeng.core.cycle import Cycle
from gandeng.entitlements.models import ComponentRow, Entitlement
from gandeng.policy import PolicyGap, benefit_policy, load_figures, sources_of
from gandeng.policy.entitlement import of_amount
from gandeng.policy.figures import Dated
from gandeng.policy.sources import UNSOURCED, keys_of
from gandeng.words import language, sentences


@dataclass(frozen=True)
class MemberTold:
    """One member and component, or the reason for none."""

    name: str
    component: str
    rate_rupiah: int | None
    amount_rupiah: int
    counted: bool
    why: str


@dataclass(frozen=True)
class FigureTold:
    """A figure an amount rests on; `source` says where it comes from, `unsourced` that nobody has shown it."""

    name: str
    description: str
    value: str
    since: object
    source: str
    unsourced: bool


@dataclass(frozen=True)
class StageTold:
    """One stage of one family: the newest calculation of it."""

    year: int
    stage: int
    months: int
    made_at: object
    members_counted: int
    components_rupiah: int
    fixed_rupiah: int
    amount_rupiah: int
    policy_digest: str
    policy_changed: bool
    members: tuple[MemberTold, ...]
    figures: tuple[FigureTold, ...]


def stages_of_family(family_id: UUID, *, most: int = 8) -> list[StageTold]:
    """Newest stage first. One query, however many stages."""
    rows = (
        _with_members(Entitlement.objects.filter(family_id=family_id))
        .order_by("-run__year", "-run__stage", "-run__made_at")
        .distinct("run__year", "run__stage")[:most]
    )
    return [_stage(row) for row in rows]


def stage_of_run(family_id: UUID, run_id: UUID | Combinable) -> StageTold | None:
    """One family in one calculation."""
    row = _with_members(Entitlement.objects.filter(family_id=family_id, run_id=run_id)).first()
    return _stage(row) if row else None


def _with_members(rows: QuerySet[Entitlement]) -> QuerySet[Entitlement]:
    """Each with its run, and as `told` what every member brings: those who count first."""
    own = ComponentRow.objects.filter(family_id=OuterRef("family_id"), run_id=OuterRef("run_id"))
    told = JSONObject(
        name="member__name", component="component", rate="rate_rupiah", amount="amount_rupiah", counted="counted",
        why="why",
    )  # fmt: skip
    ordered = own.order_by("-counted", "member__member_no", "-amount_rupiah", "id").values_list(told, flat=True)
    return rows.select_related("run").annotate(told=ArraySubquery(ordered))


def component_words(code: str) -> str:
    """`SD atau sederajat`; a dash for none."""
    return sentences(language(), "explain").get(f"component_{code or 'none'}", code)


def why_words(code: str) -> str:
    """`dihitung`, or why not."""
    return sentences(language(), "explain").get(f"why_{code}", code)


def _stage(row: Entitlement) -> StageTold:
    run, members = row.run, vars(row)["told"]
    figures, changed = figures_of(run.year, run.stage, run.months, {each["component"] for each in members})
    return StageTold(
        year=run.year,
        stage=run.stage,
        months=run.months,
        made_at=run.made_at,
        members_counted=row.members_counted,
        components_rupiah=row.amount_rupiah - row.fixed_rupiah,
        fixed_rupiah=row.fixed_rupiah,
        amount_rupiah=row.amount_rupiah,
        policy_digest=run.policy_digest,
        policy_changed=changed != run.policy_digest,
        members=tuple(
            MemberTold(
                each["name"], component_words(each["component"]), each["rate"], each["amount"], each["counted"],
                why_words(each["why"]),
            )
            for each in members
        ),
        figures=figures,
    )  # fmt: skip


def figures_of(
    year: int, stage: int, months: int, components: set[str] | None = None
) -> tuple[tuple[FigureTold, ...], str]:
    """The figures a stage's amounts rest on (of those components, or of all) and the policy's digest as it is now.

    Nothing and no digest where the figures do not reach that stage.
    """
    try:
        policy = benefit_policy(Cycle(year, stage), months)
    except PolicyGap:
        return (), ""
    told: dict[str, FigureTold] = {}
    for basis in of_amount(policy, sources_of(policy)):
        if basis.component is None or components is None or basis.component in components:
            told.setdefault(basis.figure, _figure(basis.figure, basis.dated))
    return tuple(told.values()), policy.digest


def _figure(name: str, dated: Dated) -> FigureTold:
    figures = load_figures()
    figure = figures.by_name[name]
    items = dated.value if isinstance(dated.value, tuple) else (dated.value,)
    words = sentences(language(), "policy")
    money = figure.unit.value == "rupiah"
    parts = [_item(item, money=money, words=words) for item in items]
    value = words[f"unit_{figure.unit.value.split(maxsplit=1)[0]}"].format(value=", ".join(parts))
    if money and figure.period:
        value = words[f"per_{figure.period.value}"].format(value=value)
    if dated.source == UNSOURCED:
        source = dated.note.said() if dated.note else ""
    else:
        source = "; ".join(f"{key}: {figures.sources[key].said('id')}" for key in keys_of(dated.source))
    return FigureTold(name, figure.description.said(), value, dated.since, source, dated.unsourced)


def _item(item: object, *, money: bool, words: dict[str, str]) -> str:
    if isinstance(item, int):
        return f"Rp{item:,d}".replace(",", ".") if money else str(item)
    return words.get(f"code_{item}", component_words(str(item)))
