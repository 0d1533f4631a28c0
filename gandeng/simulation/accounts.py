"""Bank accounts: digits as long as each bank's, unique within the bank, some with zeros in front."""

from gandeng.core.calculation import Step
from gandeng.core.channels import BANKS
from gandeng.files import profiles
from gandeng.simulation.chance import Chance

ACCOUNT_DIGITS = 10
_STRIDE = 687_194_767_361
"""Ends in 1, so multiplying by it modulo a power of ten gives every account once."""

SHARED_ONCE_IN = 20_000
"""One family in so many stands on its neighbour's account: two payments, one account, a real fault of lists."""


def account_step(chance: Chance) -> Step:
    """`families_paid` from `families_made`: the contract's families, and `family` to order by."""
    d = chance.draws("family")
    body = f"""
        select family, family_id, family_id || '-1' as collector_member_id, village_code, status, channel,
            family - ({d.happens("shared account", 1 / SHARED_ONCE_IN)}
                and lag(channel) over (order by family) = channel)::int as account_row,
            case channel {_whens(chance)} else '' end as account_no
        from drawn"""
    return Step("families_paid", d.over("families_made", body), stored=True)


def _whens(chance: Chance) -> str:
    whens = []
    for bank in BANKS:
        digits = profiles.load(bank).account_digits or ACCOUNT_DIGITS
        number = f"(account_row::ubigint * {_STRIDE} + {chance.key(f'accounts of {bank}')}) % {10**digits}"
        whens.append(f"when '{bank}' then lpad(({number})::text, {digits}, '0')")
    return " ".join(whens)
