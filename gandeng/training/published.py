"""The statements an event is judged by (published.yaml)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from gandeng.policy.figures import read_yaml
from gandeng.policy.wording import Wording

_FILE = Path(__file__).with_name("published.yaml")
LOWEST, HIGHEST = 1, 5


@cache
def statements() -> Mapping[str, Wording]:
    """By key, in the order of the file."""
    return {key: Wording.model_validate(words) for key, words in read_yaml(_FILE)["statements"].items()}
