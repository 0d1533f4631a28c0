"""Looks figures up on one day, as the kind of value wanted, and remembers which were used."""

from dataclasses import dataclass, field
from datetime import date

from gandeng.policy.figures import Dated, Figures
from gandeng.policy.gaps import PolicyGap


@dataclass
class Chosen:
    """The figures in force on `day`; every look-up that finds one is kept in `used`, by name."""

    figures: Figures
    day: date
    used: dict[str, Dated] = field(default_factory=dict)

    def maybe(self, name: str) -> Dated | None:
        """The figure in force, None where there is none."""
        dated = self.figures.on(name, self.day)
        if dated is not None:
            self.used[name] = dated
        return dated

    def must(self, name: str) -> Dated:
        """The figure in force; raises PolicyGap where there is none."""
        dated = self.maybe(name)
        if dated is None:
            raise PolicyGap("no_figure", figure=name, day=self.day.isoformat())
        return dated

    def whole(self, name: str) -> int:
        """A figure that is one whole number."""
        value = self.must(name).value
        if not isinstance(value, int):
            raise PolicyGap("wrong_kind", figure=name)
        return value

    def maybe_whole(self, name: str) -> int | None:
        """The same, None where no figure is in force."""
        return None if self.maybe(name) is None else self.whole(name)

    def text(self, name: str) -> str:
        """A figure that is a code."""
        value = self.must(name).value
        if not isinstance(value, str):
            raise PolicyGap("wrong_kind", figure=name)
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """A figure that is a list of codes."""
        value = self.must(name).value
        if not isinstance(value, tuple):
            raise PolicyGap("wrong_kind", figure=name)
        return tuple(str(item) for item in value)

    def of_stage(self, name: str, stage: int) -> int:
        """The amount of one stage, from a figure that lists them; raises PolicyGap for a stage it does not have."""
        value = self.must(name).value
        if not isinstance(value, tuple):
            raise PolicyGap("wrong_kind", figure=name)
        if stage > len(value):
            raise PolicyGap("no_flat_stage", figure=name, stage=stage, stages=len(value))
        return int(value[stage - 1])
