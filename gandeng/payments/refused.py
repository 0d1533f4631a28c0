"""Why something cannot be done now, as a code and facts; `str` of it is the sentence for the person."""

from functools import cache
from importlib.resources import files

import yaml

from gandeng.jobs.work import WorkRefused
from gandeng.words import language


class Refused(WorkRefused):
    """Nothing was changed."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(sentence(code, **facts))


def sentence(code: str, **facts: object) -> str:
    """What `refused.<language>.yaml` says for a code; KeyError for one nobody wrote."""
    return _sentences(language())[code].format(**facts)


@cache
def _sentences(chosen: str) -> dict[str, str]:
    text = files(__package__).joinpath(f"refused.{chosen}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.load(text, Loader=yaml.CSafeLoader)
    return loaded
