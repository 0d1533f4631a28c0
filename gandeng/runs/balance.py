"""One balancing on files: take them, solve each district, write the folder, swap it in whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gandeng.balancing.answer import Balance
from gandeng.balancing.balancing import SHARES
from gandeng.balancing.prepared import prepare
from gandeng.balancing.problem import District, Wish
from gandeng.balancing.province import Task, solve_all
from gandeng.balancing.refusals import CannotBalance, fault
from gandeng.balancing.what_if import Staffing, growth_of, posts_of, staffing, with_more_families, with_posts, without
from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode
from gandeng.engine import Progress, no_progress
from gandeng.files.layouts import ASSIGNMENTS, FACILITATORS, FAMILIES, LEAVE, LOCKS, NEEDS, SKILLS, VILLAGES, Layout
from gandeng.files.taken import Taken
from gandeng.runs.balance_inputs import districts_from
from gandeng.runs.balance_tables import Format, tables, write_table
from gandeng.runs.manifest import InputFile, input_file, output_files, write_manifest
from gandeng.runs.publish import published, scratch
from gandeng.runs.taking import Given, take_all


@dataclass(frozen=True)
class BalanceFiles:
    """The tables a balance reads. One of `villages`, `families`, `assignments` says how many families there are."""

    facilitators: Path
    villages: Path | None = None
    families: Path | None = None
    assignments: Path | None = None
    locks: Path | None = None
    skills: Path | None = None
    needs: Path | None = None
    leave: Path | None = None

    def by_layout(self) -> list[tuple[Path, Layout]]:
        """Those that are given."""
        named = (
            (self.villages, VILLAGES), (self.families, FAMILIES), (self.facilitators, FACILITATORS),
            (self.assignments, ASSIGNMENTS), (self.locks, LOCKS), (self.skills, SKILLS), (self.needs, NEEDS),
            (self.leave, LEAVE),
        )  # fmt: skip
        return [(path, layout) for path, layout in named if path is not None]


@dataclass(frozen=True)
class WhatIf:
    """What is different from the files: more families, new posts, people who resign."""

    more_families: int = 0
    more_people: int = 0
    leavers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """What is asked. `norm` is families for one person; `share` of the families may change hands (None: any number).

    `others` adds the usual alternatives; `seconds` are for each district and alternative.
    """

    norm: int
    wish: Wish = field(default_factory=Wish)
    share: float | None = None
    others: bool = True
    seconds: float = 120.0
    region: RegionCode | None = None
    what_if: WhatIf = field(default_factory=WhatIf)

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Every share asked for, the chosen one among them."""
        return (*SHARES, self.share) if self.others else (self.share,)


@dataclass(frozen=True)
class BalanceRun:
    """The chosen balance of each district, all alternatives, what each district needs, notes on files and districts."""

    chosen: tuple[Balance, ...]
    along: tuple[tuple[Balance, ...], ...]
    staffing: tuple[Staffing, ...]
    inputs: tuple[InputFile, ...]
    rows: dict[str, int]
    notes: tuple[tuple[str, Fault], ...]


def balance(
    files: BalanceFiles,
    out: Path,
    question: Question,
    *,
    form: Format = "parquet",
    workers: int = 2,
    progress: Progress = no_progress,
) -> BalanceRun:
    """Balance every district of the files; `out` then holds the tables of `balance_tables` and a manifest.

    Raises FileRefused, CannotBalance (every district's reasons at once), FolderNotOurs; `out` is then what it was.
    """
    given = files.by_layout()
    with published(out, "balance") as folder, scratch(out) as work:
        held = take_all([Given(path, layout, path.name) for path, layout in given], work, progress)
        taken = {layout.name: file for (_, layout), file in zip(given, held, strict=True)}
        read = districts_from(taken, work / "spill", question.region)
        districts = changed(read.districts, question.what_if)
        refuse_impossible(districts, question.wish)
        tasks = [Task(one, question.wish, question.seconds, question.shares) for one in districts]
        along = tuple(solve_all(tasks, workers=workers, told=progress))
        chosen = tuple(_chosen(each, one, question.share) for each, one in zip(along, districts, strict=True))
        needs = tuple(staffing(one, question.norm, question.wish.alarm) for one in districts)
        rows: dict[str, int] = {}
        for table, content in tables(chosen, along, needs).items():
            rows |= write_table(folder, table, content, form)
        inputs = tuple(input_file(layout.name, path, taken[layout.name]) for path, layout in given)
        facts = {
            "norm": question.norm,
            "alarm": question.wish.alarm,
            "seconds": question.seconds,
            "share": question.share,
        }
        write_manifest(folder, kind="balance", inputs=inputs, outputs=output_files(folder, rows), **facts)
    return BalanceRun(chosen, along, needs, inputs, rows, _all_notes(taken, read.notes, chosen))


def changed(districts: Sequence[District], what_if: WhatIf) -> tuple[District, ...]:
    """The districts as they would be. Raises CannotBalance for leavers nobody knows."""
    known = {person.facilitator_id for one in districts for person in one.facilitators}
    unknown = sorted(what_if.leavers - known)
    if unknown:
        raise CannotBalance([fault("leaver_unknown", person=person) for person in unknown])
    left = [without(one, what_if.leavers) for one in districts]
    growth = growth_of(left, what_if.more_families)
    grown = [with_more_families(one, growth[one.code]) for one in left]
    posts = posts_of(grown, what_if.more_people) if grown else {}
    return tuple(with_posts(one, posts[one.code]) for one in grown)


def refuse_impossible(districts: Sequence[District], wish: Wish) -> None:
    """Raise CannotBalance with what is in the way in every district, before any is solved."""
    faults: list[Fault] = [] if districts else [fault("no_district")]
    for one in districts:
        try:
            prepare(one, wish)
        except CannotBalance as refused:
            faults += refused.faults
    if faults:
        raise CannotBalance(faults)


def _chosen(each: tuple[Balance, ...], district: District, share: float | None) -> Balance:
    limit = None if share is None else int(share * sum(village.families for village in district.villages))
    return next(one for one in each if one.moves_max == limit)


def _all_notes(
    taken: dict[str, Taken], read: tuple[Fault, ...], chosen: tuple[Balance, ...]
) -> tuple[tuple[str, Fault], ...]:
    notes = [(file.source, note) for file in taken.values() for note in file.notes if note.code != "extra_columns"]
    notes += [("", note) for note in read]
    return (*notes, *((one.district.dotted(), note) for one in chosen for note in one.notes))
