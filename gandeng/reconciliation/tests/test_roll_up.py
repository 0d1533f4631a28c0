"""From every district to the nation: figures are plain sums of what was ordered and told (docs/threats.md, 2)."""

import random

import pytest

from gandeng.accounts.acting import in_territory
from gandeng.payments.tests.factories import make_cycle
from gandeng.reconciliation.actions.statements import make_statement, sign
from gandeng.reconciliation.tests.world import payments_of, person, send, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]

DISTRICTS = ("6371", "6372", "6271", "6201")
CHANNELS = ("BRI", "POS")
PROVINCES = ("63", "62")


def chance_of(seed):
    """Who is due what where, and what each bank says of it: (payment's place, rows about it)."""
    chance = random.Random(seed)
    places = [
        (f"{district}011001", channel, chance.choice((225_000, 300_000, 975_000)))
        for district in DISTRICTS
        for channel in CHANNELS
        for _ in range(chance.randint(1, 4))
    ]
    return chance, places


def rows_about(chance, payment):
    """Nothing, all of it, a part of it, a refusal, or all of it and back again; and what stays with the family."""
    whole, part = payment.amount_rupiah, chance.randrange(50_000, 200_000)
    kind = chance.choice(("silent", "paid", "paid", "part", "failed", "back"))
    match kind:
        case "paid":
            return [told(payment)], whole
        case "part":
            return [told(payment, amount=part)], part
        case "failed":
            return [told(payment, "FAILURE", reason="F02")], 0
        case "back":
            return [told(payment), told(payment, "REVERSAL", day="2024-05-20")], 0
    return [], 0


def put(who, statement, capacity, channel=""):
    with in_territory(who):
        sign(who, statement, capacity=capacity, channel=channel, digest=statement.digest, address="https://a.test/p/")


def signed(cycle, region, who, capacity="HEAD", others=()):
    with in_territory(who):
        statement = make_statement(who, cycle, region)
    put(who, statement, capacity)
    for capacity, channel, other in others:
        put(other, statement, capacity, channel)
    return statement.figures["total"]


@pytest.mark.parametrize("seed", range(3))
def test_each_level_is_the_sum_of_what_is_beneath(cast, seed):
    chance, places = chance_of(seed)
    cycle = make_cycle(places, region="", stage=3)
    payments = payments_of(cycle)
    stayed, rows = {}, {channel: [] for channel in CHANNELS}
    for payment in payments:
        about, stayed[payment.pk] = rows_about(chance, payment)
        rows[payment.channel] += about
    for channel in CHANNELS:
        chance.shuffle(rows[channel])
        if rows[channel]:
            send(cast("MINISTRY_OFFICER", ""), cycle, rows[channel], name=f"{channel}.csv", channel=channel, region="")
    cycle.refresh_from_db()

    def naive(region):
        own = [p for p in payments if p.village_code.startswith(region)]
        return len(own), sum(p.amount_rupiah for p in own), sum(stayed[p.pk] for p in own)

    def shown(total):
        return total["payments"], total["instructed"], total["net"]

    for district in DISTRICTS:
        others = [("COORDINATOR", "", person("DISTRICT_COORDINATOR", district))]
        others += [("CHANNEL", c, person("CHANNEL_OFFICER", district, c)) for c in CHANNELS]
        assert shown(signed(cycle, district, person("DISTRICT_HEAD", district), others=others)) == naive(district)
    for province in PROVINCES:
        assert shown(signed(cycle, province, person("PROVINCE_HEAD", province))) == naive(province)
    centre = signed(cycle, "", person("MINISTRY_HEAD", ""))
    assert shown(centre) == naive("")
    assert sum(centre["counts"].values()) == centre["payments"]
    assert sum(centre["amounts"].values()) == centre["instructed"]
    cycle.refresh_from_db()
    assert cycle.state == "SIGNED"
