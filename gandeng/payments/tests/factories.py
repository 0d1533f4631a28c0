"""A cycle that has been instructed, for tests of what comes after."""

from collections import defaultdict
from uuid import uuid4

from django.db import transaction
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Person
from gandeng.audit.sealing import Place, seal, unseal
from gandeng.payments.models import Cycle, JournalEntry, JournalLine, Payment, PaymentList
from gandeng.registry.models import Account, Family
from gandeng.registry.tests.factories import EVERYWHERE, make_family


def make_cycle(
    places=(("6371011001", "BRI", 225_000),), *, year=2024, stage=2, region="63", state="INSTRUCTED", named=None, of=()
):
    """A cycle with one payment for each (village, channel, amount): the lists, the payments, the journal so far.

    `named` gives the collectors of a district their name. `of` are families that are there already, one for each place.
    """
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        maker = Person.objects.create(name="Penyiap Uji")
        cycle = Cycle.objects.create(year=year, stage=stage, months=2, region_code=region, opened_by=maker)
        groups = defaultdict(list)
        for place, (village, channel, amount) in enumerate(places):
            name = {"name": named(village[:4])} if named else {}
            family = of[place] if of else make_family(village, channel=channel, **name)
            groups[village[:4], channel].append((family, amount))
        entry = JournalEntry.objects.create(cycle=cycle, kind="INSTRUCTED", source=f"test:{uuid4()}", made_by=maker)
        for (district, channel), rows in groups.items():
            _list(cycle, district, channel, rows, entry)
        cycle.state = state
        cycle.save()
    return cycle


def _list(cycle, district, channel, rows, entry):
    total = sum(amount for _, amount in rows)
    made = PaymentList.objects.create(
        cycle=cycle, district_code=district, channel=channel, payments=len(rows), total_rupiah=total, root=uuid4().hex
    )
    for family, amount in rows:
        _payment(cycle, made, family, amount)
    for made.state in ("SUBMITTED", "DISTRICT", "INSTRUCTED"):
        made.save()
    for account, sign in (("FUNDS", -1), ("AT_CHANNEL", 1)):
        JournalLine.objects.create(
            entry=entry, district_code=district, channel=channel, account=account, amount_rupiah=sign * total
        )


def make_supplementary(cycle, original, *, number=1):
    """A DRAFT list that sends one payment again."""
    with in_territory(EVERYWHERE), scopes_disabled(), transaction.atomic():
        made = PaymentList.objects.create(
            cycle=cycle, district_code=original.village_code[:4], channel=original.channel, round=number, payments=1,
            total_rupiah=original.amount_rupiah, root=uuid4().hex,
        )  # fmt: skip
        family = Family.objects.select_related("collector").get(pk=original.family_id)
        _payment(cycle, made, family, original.amount_rupiah, again=original)
    return made


def _payment(cycle, made, family, amount, again=None):
    payment_id = f"{again.pk}-U1" if again else f"{cycle.year}-{cycle.stage}-{family.family_no}"
    account = Account.objects.get(family=family)
    member = family.collector
    nik = unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk)))
    account_no = unseal(account.account_sealed, Place("registry_account", "account", str(account.pk)))
    return Payment.objects.create(
        payment_id=payment_id,
        cycle=cycle,
        list=made,
        family=family,
        village_code=family.village_code,
        channel=made.channel,
        name=member.name,
        nik_sealed=seal(nik, Place("payments_payment", "nik", payment_id)),
        nik_index=member.nik_index,
        nik_last4=member.nik_last4,
        account_sealed=seal(account_no, Place("payments_payment", "account", payment_id)),
        account_index=account.account_index,
        account_last3=account.account_last3,
        amount_rupiah=amount,
        reissue_of=again,
    )
