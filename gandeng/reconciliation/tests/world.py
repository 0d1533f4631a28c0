"""A cycle, what a bank says of it, and the work done as the worker does it."""

import csv
import io
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import acting_for, in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.audit.sealing import Place, unseal
from gandeng.files.layouts import RESULTS
from gandeng.jobs.work import KINDS
from gandeng.payments.models import Cycle, Payment
from gandeng.reconciliation.actions.files import Typed, receive_file
from gandeng.reconciliation.models import CurrentOutcome, ResultFile
from gandeng.registry.tests.factories import EVERYWHERE

BANJARMASIN, BANJARBARU = "6371011001", "6372011001"


def silent(step, done=0, total=0):
    """A report nobody reads."""


def payments_of(cycle):
    with in_territory(EVERYWHERE):
        return list(Payment.objects.filter(cycle=cycle).order_by("payment_id"))


def identifiers(payment):
    """NIK and account as the bank knows them."""
    nik = unseal(payment.nik_sealed, Place("payments_payment", "nik", payment.pk))
    return nik, unseal(payment.account_sealed, Place("payments_payment", "account", payment.pk))


def told(payment, event="CREDIT", amount=None, *, reference="", day="2024-05-17", reason="", **changed):
    """One row of a result file about a payment; empty cells where `changed` says so."""
    nik, account = identifiers(payment)
    row = {
        "bank_reference": reference or f"{event[:2]}-{payment.pk}",
        "channel": payment.channel,
        "payment_id": payment.pk,
        "account_no": account,
        "nik": nik,
        "name": payment.name,
        "event": event,
        "amount": str(payment.amount_rupiah if amount is None else amount),
        "occurred_on": day,
        "reason": reason,
    }
    return row | changed


def csv_of(rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, RESULTS.names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def rupiah(rows):
    return sum(int(row["amount"] or 0) for row in rows)


def send(who, cycle, rows, *, name="bri.csv", channel="BRI", region="6371", typed=None):
    """Upload and read a file; gives it as the run left it."""
    cycle = Cycle.objects.get(pk=cycle.pk)
    content = rows if isinstance(rows, bytes) else csv_of(rows)
    counted = typed or Typed(len(rows), rupiah(rows))
    with in_territory(who):
        file, _ = receive_file(
            who, cycle, SimpleUploadedFile(name, content), channel=channel, region=region, typed=counted
        )
        KINDS["reconciliation.take_file"](who, silent, {"file_id": str(file.pk)})
    return again(file)


def withdraw(who, file, reason="Bank mengirim berkas yang salah"):
    with in_territory(who):
        KINDS["reconciliation.withdraw_file"](who, silent, {"file_id": str(file.pk), "reason": reason})
    return again(file)


def again(file):
    with in_territory(EVERYWHERE):
        return ResultFile.objects.select_related("cycle").get(pk=file.pk)


def outcomes(cycle):
    with in_territory(EVERYWHERE), scopes_disabled():
        return dict(CurrentOutcome.objects.filter(cycle=cycle).values_list("payment_id", "outcome"))


def person(role, region, channel="", name=""):
    """Somebody in a database of the test's own, acting today."""
    someone = Person.objects.create(name=name or f"{role} {region}")
    Grant.objects.create(person=someone, role=role, region_code=region, channel=channel, valid_from=date(2024, 1, 1))
    return acting_for(someone.pk, timezone.localdate())
