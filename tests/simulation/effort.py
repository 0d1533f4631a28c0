"""How much of it is run: `make test` takes a fixed sample; GANDENG_TESTS=long takes hours if it is let."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("GANDENG_TESTS") == "long"
UNHURRIED = pytest.mark.timeout(0 if LONG else 900)
"""A long run takes the time it takes; else the limit of any test holds."""

SHORT_EXAMPLES, SHORT_STEPS = 18, 16
LONG_EXAMPLES, LONG_STEPS = int(os.environ.get("GANDENG_EXAMPLES", "300")), 60

_QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
    "report_multiple_bugs": False,
}
SETTINGS = (
    settings(max_examples=LONG_EXAMPLES, stateful_step_count=LONG_STEPS, **_QUIET)
    if LONG
    else settings(
        max_examples=SHORT_EXAMPLES,
        stateful_step_count=SHORT_STEPS,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],  # a step costs a second: shrinking is for the long run
        **_QUIET,
    )
)

MIXED = settings(SETTINGS, max_examples=LONG_EXAMPLES if LONG else 10)
"""For more than one cycle, whose steps cost more."""


def sample(everything, some, seed=1):
    """`some` of them, always the same and in their order; all of them in the long run."""
    import random

    everything = list(everything)
    if LONG or len(everything) <= some:
        return everything
    return sorted(random.Random(seed).sample(everything, some))
