"""What the figures do not answer, as a code and facts; `gandeng.words` turns it into a sentence."""

from gandeng.core.faults import Fault


class PolicyGap(Exception):
    """No figure decides; nothing is guessed. `fault.code` names a sentence of `words/*/policy.yaml`."""

    def __init__(self, code: str, **facts: str | int) -> None:
        self.fault = Fault(f"policy.{code}", facts=facts)
        super().__init__(f"{self.fault.code}: {facts}")
