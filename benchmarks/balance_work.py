"""What a measured process of the `balance` benchmark does: the districts of a simulated province, and one of them."""

from collections.abc import Callable, Mapping

SEED = 1

Work = Callable[[], tuple[int, dict[str, object]]]


def balance_districts(inputs: Mapping[str, str]) -> Work:
    """The codes of the districts, with their villages."""
    found = _districts(inputs)
    return lambda: (len(found), {code: len(one.villages) for code, one in found.items()})


def balance_district(inputs: Mapping[str, str]) -> Work:
    """One district, any number of changes; gap and savings in per cent."""
    from gandeng.balancing.balancing import solve
    from gandeng.balancing.problem import Wish

    district = _districts(inputs)[inputs["district"]]

    def work() -> tuple[int, dict[str, object]]:
        found = solve(district, Wish(), seconds=float(inputs["seconds"]))
        saved = {"today": found.cost_today, "greedy": found.cost_greedy}
        facts: dict[str, object] = {name: 100 * (1 - found.cost / cost) for name, cost in saved.items()}
        return found.after.families, facts | {"gap": 100 * found.gap, "stopped": found.stopped}

    return work


def _districts(inputs: Mapping[str, str]):  # type: ignore[no-untyped-def]  # imports of ours wait for the process
    """A simulated province by district, as the office would hand it in."""
    from gandeng.balancing.problem import District, Facilitator, Holding, Village
    from gandeng.core.region_code import Level
    from gandeng.simulation.chance import Chance
    from gandeng.simulation.plan import plan_facilitators, plan_villages

    planned = plan_villages(inputs["region"], int(inputs["families"]), Chance(SEED))
    people = plan_facilitators(planned, int(inputs["facilitators"]), inputs["region"])
    codes = sorted({village.code.above(Level.DISTRICT) for village in planned})
    return {
        code.dotted(): District(
            code,
            tuple(Village(one.code, one.families) for one in planned if code.contains(one.code)),
            tuple(Facilitator(one.facilitator_id, one.home) for one in people if code.contains(one.home)),
            tuple(
                Holding(one.facilitator_id, part.village, part.families)
                for one in people if code.contains(one.home) for part in one.parts
            ),
        )
        for code in codes
    }  # fmt: skip


TASKS = {task.__name__: task for task in (balance_districts, balance_district)}
