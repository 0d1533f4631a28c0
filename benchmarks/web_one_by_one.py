"""The yardstick: the same rows saved through the ORM one object at a time, each with its row of history.

Sealed and indexed as ours, in the same database with the same guards; one transaction per family, payment or result.
`checked` also looks each object up first and calls `full_clean`, as a form of Django's would.
"""

import csv
from collections.abc import Iterable
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils import timezone

from benchmarks.web_data import BANK
from benchmarks.web_office import Office
from benchmarks.web_stage import PROVINCE, STAGE, begin, calculated, instructed, job
from gandeng.accounts.acting import in_territory
from gandeng.audit.sealing import Place, blind, blind_account, seal, unseal
from gandeng.entitlements.models import Entitlement
from gandeng.home.filling_people import Cast
from gandeng.payments.actions.lists import list_id
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.reconciliation.models import CurrentOutcome, ExceptionCase, OutcomeRow, ResultFile, ResultRow
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Account, Family, Intake, IntakeRow, Member

Row = dict[str, str]


def go_through(office: Office, data: Path, objects: int) -> int:
    """`objects` families with their members, saved and saved with checks; as many payments; as many results."""
    cast = begin()
    with in_territory(cast.province_officer):
        _intake(office, cast, data, objects)
    load_registry(cast.province_officer, data, on=timezone.localdate(), report=_silent)
    cycle = calculated(cast)
    with in_territory(cast.province_officer):
        _lists(office, cycle, objects)
    job(cast.province_officer, "payments.make_lists", cycle=str(cycle.pk))
    instructed(cast, cycle)
    with in_territory(cast.province_officer):
        _reconcile(office, cast, cycle, data, objects)
    return objects


def _silent(_step: str, _done: int = 0, _total: int = 0) -> None:
    """Nobody watches."""


def _families_of(data: Path, skipped: int, objects: int) -> Iterable[tuple[Row, list[Row]]]:
    """Families with their members; both files are in the order of the family's number."""
    with (data / "families.csv").open(newline="") as families, (data / "members.csv").open(newline="") as members:
        of = groupby(csv.DictReader(members), key=lambda row: row["family_id"])
        pairs = zip(csv.DictReader(families), of, strict=True)
        for family, (number, rows) in islice(pairs, skipped + objects):
            if number != family["family_id"]:
                raise RuntimeError(number)
            skipped -= 1
            if skipped < 0:
                yield family, list(rows)


def _intake(office: Office, cast: Cast, data: Path, objects: int) -> None:
    intake = Intake.objects.create(
        region_code=PROVINCE, cycle=STAGE, families_name="f", members_name="m", families_sha256="f",
        members_sha256="m", folder="", taken_by_id=cast.province_officer.person_id,
    )  # fmt: skip
    for place, (part, checked) in enumerate((("intake", False), ("intake, checked", True))):
        with office.measured(part) as told:
            rows = 0
            for family, members in _families_of(data, place * objects, objects):
                with transaction.atomic():
                    _save_family(intake, family, members, checked=checked)
                rows += 1 + len(members)
            told["rows"] = rows


def _save_family(intake: Intake, row: Row, members: list[Row], *, checked: bool) -> None:
    day, village = timezone.localdate(), row["village_code"].replace(".", "")
    ids = {member["member_id"]: uuid4() for member in members}
    family = Family(
        family_no=row["family_id"], village_code=village, status=row["status"], entered_on=day,
        collector_id=ids[row["collector_member_id"]], collector_usable_from=day,
    )  # fmt: skip
    _save(intake, family, checked=checked, unlike=("collector",), family_no=family.family_no)
    for member in members:
        _save_member(intake, family, ids[member["member_id"]], member, checked=checked)
    account_id = uuid4()
    account = Account(
        pk=account_id, family=family, village_code=village, channel=row["channel"], valid_from=day, usable_from=day,
        account_sealed=seal(row["account_no"], Place("registry_account", "account", str(account_id))),
        account_index=blind_account(row["channel"], row["account_no"]), account_last3=row["account_no"][-3:],
    )  # fmt: skip
    _save(intake, account, checked=checked, unlike=("requested_by", "approved_by"), family=family, valid_until=None)


def _save_member(intake: Intake, family: Family, own: UUID, row: Row, *, checked: bool) -> None:
    member = Member(
        pk=own, member_no=row["member_id"], family=family, village_code=family.village_code, name=row["name"],
        nik_sealed=seal(row["nik"], Place("registry_member", "nik", str(own))), nik_index=blind("nik", row["nik"]),
        nik_last4=row["nik"][-4:], birth_date=row["birth_date"], sex=row["sex"], school_level=row["school_level"],
        pregnancy_no=int(row["pregnancy_no"]) if row["pregnancy_no"] else None,
        severe_disability=row["severe_disability"] == "true", rights_victim=row["rights_victim"] == "true",
        deceased_on=row["deceased_on"] or None,
    )  # fmt: skip
    _save(intake, member, checked=checked, member_no=member.member_no)


def _save(intake: Intake, row: models.Model, *, checked: bool, unlike: tuple[str, ...] = (), **found_by: Any) -> None:
    """The object and its row of history, the same that ours leaves."""
    if checked:
        if type(row).objects.filter(**found_by).first() is not None:  # type: ignore[attr-defined]
            raise RuntimeError(str(row))
        row.full_clean(exclude=unlike)
    row.save(force_insert=True)
    IntakeRow.objects.create(intake=intake, region_code=PROVINCE, table_name=row._meta.db_table, row_id=row.pk)


def _lists(office: Office, cycle: Cycle, objects: int) -> None:
    """A payment per family that is due money, from what was calculated; identifiers sealed for their new place."""
    due = Entitlement.objects.filter(run_id=cycle.run_id, amount_rupiah__gt=0).order_by("pk")[:objects]
    lists: dict[str, PaymentList] = {}
    with office.measured("lists") as told:
        saved = 0
        for one in due.iterator():
            district = one.village_code[:4]
            with transaction.atomic():
                if district not in lists:
                    lists[district] = PaymentList.objects.create(
                        pk=list_id(cycle, district, BANK), cycle=cycle, district_code=district, channel=BANK,
                        payments=0, total_rupiah=0, root="",
                    )  # fmt: skip
                saved += _save_payment(cycle, lists[district], one)
        told["rows"] = saved


def _save_payment(cycle: Cycle, listed: PaymentList, due: Entitlement) -> int:
    family = Family.objects.select_related("collector").get(pk=due.family_id)
    account = Account.objects.filter(family=family, valid_until=None).first()
    collector = family.collector
    if collector is None or account is None or not account.account_sealed or not collector.nik_sealed:
        return 0
    number = f"{cycle.key}-{family.family_no}"
    nik = unseal(collector.nik_sealed, Place("registry_member", "nik", str(collector.pk)))
    account_no = unseal(account.account_sealed, Place("registry_account", "account", str(account.pk)))
    Payment.objects.create(
        payment_id=number, cycle=cycle, list=listed, family=family, village_code=family.village_code,
        channel=account.channel, name=collector.name, nik_index=collector.nik_index, nik_last4=collector.nik_last4,
        nik_sealed=seal(nik, Place("payments_payment", "nik", number)), account_index=account.account_index,
        account_sealed=seal(account_no, Place("payments_payment", "account", number)),
        account_last3=account.account_last3, amount_rupiah=due.amount_rupiah,
    )  # fmt: skip
    return 1


def _reconcile(office: Office, cast: Cast, cycle: Cycle, data: Path, objects: int) -> None:
    """Each result row: its payment looked up, the row kept, the outcome in force saved, its history appended."""
    file = ResultFile.objects.create(
        cycle=cycle, channel=BANK, region_code=PROVINCE, name="results.csv", sha256="0", size_bytes=0, path="",
        typed_rows=0, typed_rupiah=0, sent_by_id=cast.channels[BANK].person_id,
    )  # fmt: skip
    with office.measured("reconcile") as told, (data / "results.csv").open(newline="") as rows:
        number = 0
        for number, row in enumerate(islice(csv.DictReader(rows), objects), start=1):
            with transaction.atomic():
                _save_result(file, number, row)
        told["rows"] = number


def _save_result(file: ResultFile, number: int, row: Row) -> None:
    payment = _payment_of(file.cycle_id, row)
    amount = int(row["amount"]) if row["amount"].isdigit() else 0
    told = ResultRow.objects.create(
        file=file, row=number, number=1, region_code=payment.village_code if payment else PROVINCE, channel=BANK,
        event=row["event"], amount_rupiah=amount, occurred_on=row["occurred_on"] or None,
        bank_reference=row["bank_reference"], name=row["name"], disposition="APPLIED" if payment else "UNKNOWN",
        payment=payment, matched_by="PAYMENT_ID",
    )  # fmt: skip
    outcome = "UNKNOWN" if payment is None else "PAID" if row["event"] == "CREDIT" else "FAILED"
    if payment is not None:
        _save_outcome(payment, outcome, amount if outcome == "PAID" else 0, row)
    if outcome != "PAID":
        ExceptionCase.objects.get_or_create(
            payment=payment, file=None if payment else file, row=None if payment else told.row,
            defaults={
                "cycle_id": file.cycle_id, "kind": outcome, "region_code": told.region_code, "channel": BANK,
                "at_stake_rupiah": amount, "opened_number": 1,
            },
        )  # fmt: skip


def _payment_of(cycle_id: UUID, row: Row) -> Payment | None:
    """By its number, else by its account."""
    listed = Payment.objects.filter(cycle_id=cycle_id)
    if row["payment_id"]:
        return listed.filter(pk=row["payment_id"]).first()
    return listed.filter(account_index=blind_account(BANK, row["account_no"])).first() if row["account_no"] else None


def _save_outcome(payment: Payment, outcome: str, credited: int, row: Row) -> None:
    day = row["occurred_on"] or None
    figures = {
        "village_code": payment.village_code, "channel": payment.channel, "outcome": outcome,
        "amount_rupiah": payment.amount_rupiah, "credited_rupiah": credited, "reversed_rupiah": 0,
        "withdrawn_rupiah": 0, "net_rupiah": credited, "first_on": day, "last_on": day,
    }  # fmt: skip
    try:
        current = CurrentOutcome.objects.get(pk=payment.pk)
    except CurrentOutcome.DoesNotExist:
        current = CurrentOutcome(payment=payment, cycle_id=payment.cycle_id)
    for name, value in figures.items():
        setattr(current, name, value)
    current.number, current.at_stake_rupiah = 1, abs(payment.amount_rupiah - credited)
    again = current._state.adding is False
    current.save()
    number = OutcomeRow.objects.filter(payment=payment).count() + 1 if again else 1
    OutcomeRow.objects.create(payment=payment, number=number, **figures)
