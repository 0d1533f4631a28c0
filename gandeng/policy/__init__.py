"""The regulation as dated figures, one YAML file each, and what a calculation needs of them."""

from gandeng.policy.entitlement import Basis, benefit_policy, digest, months_of, sources_of
from gandeng.policy.figures import Dated, Figures, PolicyBroken, load_figures
from gandeng.policy.gaps import PolicyGap

__all__ = [
    "Basis",
    "Dated",
    "Figures",
    "PolicyBroken",
    "PolicyGap",
    "benefit_policy",
    "digest",
    "load_figures",
    "months_of",
    "sources_of",
]
