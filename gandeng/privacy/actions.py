"""Making a report to a family, and taking it along; both are written down."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.documents.family_report import write_family_report
from gandeng.privacy.models import FamilyReport
from gandeng.privacy.paper import Paper, paper_of
from gandeng.privacy.subject import read
from gandeng.registry.models import Family


@dataclass(frozen=True)
class Asked:
    """What the family's side said, and what the officer looked at."""

    asked_by: str
    relation: str
    asked_on: date
    identity: str
    purpose: str


def make_report(acting: Acting, family: Family, asked: Asked) -> FamilyReport:
    """Write the request down. Raises PermissionDenied."""
    authority = acting.authority(May.REPORT_FAMILY, family.village_code)
    with transaction.atomic():
        report = FamilyReport.objects.create(
            family=family, village_code=family.village_code, made_by_id=acting.person_id, authority=authority,
            **asdict(asked),
        )  # fmt: skip
        record(
            acting, "family.reported", family, region=family.village_code, authority=authority,
            reason=report.purpose, report=str(report.pk), relation=report.relation, identity=report.identity,
            asked_on=report.asked_on.isoformat(),
        )  # fmt: skip
    return report


def paper(acting: Acting, report: FamilyReport) -> Paper:
    """The report's words, from what is held now. Raises PermissionDenied."""
    acting.authority(May.REPORT_FAMILY, report.family.village_code)
    return _told(report)


def fetch_report(acting: Acting, report: FamilyReport) -> bytes:
    """The PDF; each time is written down. Raises PermissionDenied."""
    authority = acting.authority(May.REPORT_FAMILY, report.family.village_code)
    with transaction.atomic():
        record(
            acting, "family.report_fetched", report.family, region=report.family.village_code, authority=authority,
            reason=report.purpose, report=str(report.pk),
        )  # fmt: skip
        told = _told(report)
    return write_family_report(asdict(told), timezone.localtime())


def _told(report: FamilyReport) -> Paper:
    return paper_of(report, read(report.family_id), timezone.now())
