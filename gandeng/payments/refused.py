"""Why something cannot be done now, as a code and facts; `str` of it is the sentence for the person."""

from gandeng.jobs.work import WorkRefused
from gandeng.words import say


class Refused(WorkRefused):
    """Nothing was changed."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(sentence(code, **facts))


def sentence(code: str, **facts: object) -> str:
    """What `words/*/payments_refused.yaml` says for a code; KeyError for one nobody wrote."""
    # Put together, not an f-string: tests/house would take that as meaning every one of them.
    return say("payments_refused." + code, **facts)
