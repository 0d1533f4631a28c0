"""What cannot be balanced, as codes and facts; the sentences stand in `words/*/balance.yaml`."""

from collections.abc import Sequence

from gandeng.core.faults import Fault


class CannotBalance(Exception):
    """There is no answer to this question; every fault says which village, person or lock is in the way."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(f"{fault.code} {dict(fault.facts)}" for fault in faults))

    def __reduce__(self) -> "tuple[type[CannotBalance], tuple[tuple[Fault, ...]]]":
        return CannotBalance, (self.faults,)


def fault(code: str, **facts: str | int) -> Fault:
    """A fault or a note of balancing."""
    return Fault(f"balance.{code}", facts=facts)
