"""The minutes of a statement everybody has signed: typeset once from the database, kept, known by digest."""

import logging
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

import gandeng
from gandeng.accounts.acting import Acting, in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import for_everyone
from gandeng.audit.actions import record
from gandeng.core.cycle import Cycle as Stage
from gandeng.core.money import format_number
from gandeng.core.region_code import RegionCode
from gandeng.documents.masking import HIDDEN, mask_code
from gandeng.documents.minutes import write_minutes
from gandeng.documents.minutes_data import (
    FileDigest,
    MinutesData,
    MovedMoney,
    Proof,
    dispositions_from_rows,
    districts_from_rows,
)
from gandeng.documents.numerals import long_date
from gandeng.documents.office import Office, Person, load_office
from gandeng.documents.signing import Certificate, sign_pdf, timestamper_at
from gandeng.files.digests import sha256_of
from gandeng.files.flushed import settle
from gandeng.jobs.work import Report, WorkRefused
from gandeng.payments.models import JournalLine
from gandeng.reconciliation.actions.statements import missing
from gandeng.reconciliation.models import Signature, Statement
from gandeng.reconciliation.paper_signature import kept_of, usable_certificate
from gandeng.web.language import indonesian
from gandeng.words import say

_log = logging.getLogger(__name__)
NAMED = 20
"""Differences of a district that its minutes name; all of them stand in the exceptions."""

_DIFFERENCES = """
select payment_id, district_code, name, nik, channel, outcome, amount, net, withdrawn, reason from (
    select o.payment_id, substr(o.village_code, 1, 2) || '.' || substr(o.village_code, 3, 2) as district_code, p.name,
        p.nik_last4 as nik, o.channel, o.outcome, o.amount_rupiah as amount, o.net_rupiah as net,
        o.withdrawn_rupiah as withdrawn, o.reason,
        row_number() over (partition by substr(o.village_code, 1, 4)
            order by o.at_stake_rupiah desc, o.payment_id) as place
    from reconciliation_currentoutcome o join payments_payment p on p.payment_id = o.payment_id
    where o.cycle_id = %(cycle)s and o.outcome <> 'PAID' and o.village_code ^@ %(region)s) told
where place <= %(named)s order by district_code, place"""

_DISPOSITIONS = """
select disposition, event, count(*) as rows, coalesce(sum(amount_rupiah), 0)::bigint as amount from (
    select distinct on (r.file_id, r.row) r.* from reconciliation_resultrow r
    join reconciliation_resultfile f on f.id = r.file_id and f.cycle_id = %(cycle)s and f.state = 'TAKEN'
        and f.about_cycle_id is null and f.sha256 = any(%(files)s)
    where r.number <= %(run)s order by r.file_id, r.row, r.number desc) told
where region_code ^@ %(region)s group by disposition, event order by disposition, event"""
"""Of the rows of the files that were signed, as the run that was signed left them: a later file that changes no outcome
leaves the signatures, and their paper, as they were."""

_ROLES = {
    ("DISTRICT", "HEAD"): "social_office_head",
    ("DISTRICT", "COORDINATOR"): "district_coordinator",
    ("PROVINCE", "HEAD"): "protection_division_head",
    ("CENTRE", "HEAD"): "directorate_official",
}


def write_minutes_of(acting: Acting, statement_id: UUID, address: str, report: Report) -> Statement:
    """Typeset and keep the minutes. `address` is that of the public page of its code. Raises WorkRefused."""
    with in_territory(for_everyone(acting)), transaction.atomic():
        statement = (
            Statement.objects.select_for_update(of=("self",), no_key=True).select_related("cycle").get(pk=statement_id)
        )
        if statement.minutes_sha256:
            return statement
        signatures = list(statement.signatures.select_related("person").order_by("at"))
        if statement.voided_at is not None or missing(statement, signatures):
            raise WorkRefused(_("Pernyataan ini tidak berlaku lagi, jadi berita acaranya tidak disusun."))
        report("Menyusun berita acara", 0, 2)
        with indonesian():  # a paper is Indonesian, whoever asks for it
            path, statement.minutes_certificate = _kept(statement, signatures, address)
        report("Menyimpan", 1, 2)
        statement.minutes_path, statement.minutes_sha256 = str(path), sha256_of(path)
        statement.save(update_fields=["minutes_path", "minutes_sha256", "minutes_certificate"])
        record(
            acting, "minutes.written", statement, region=statement.region_code, level=statement.level,
            sha256=statement.minutes_sha256, digest=statement.digest, certificate=statement.minutes_certificate,
        )  # fmt: skip
        return statement


def _kept(statement: Statement, signatures: list[Signature], address: str) -> tuple[Path, dict[str, Any]]:
    """The PDF under a name of ours, and what is kept of its electronic signature; it appears whole."""
    home = settings.DATA_DIR / "minutes"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = home / f"{uuid4()}.part"
    certificate, kept = usable_certificate()
    if certificate is not None:
        kept = _signed_paper(part, data_of(statement, signatures, address, certificate), certificate)
    if "signed_at" not in kept:
        write_minutes(data_of(statement, signatures, address), part, together_max=10_000)
    part.chmod(0o600)
    settle(part)
    path = part.rename(part.with_suffix(".pdf"))
    settle(home)
    return path, kept


def _signed_paper(part: Path, data: MinutesData, certificate: Certificate) -> dict[str, Any]:
    """Typeset and sign. A signature that fails is no reason for people's signatures to have no minutes."""
    write_minutes(data, part, together_max=10_000)
    try:
        timestamped = sign_pdf(
            part, certificate, reason=say("minutes.certificate_reason"),
            timestamper=timestamper_at(settings.SIGNING_TIMESTAMP_URL),
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 (whatever a key or a library comes up with; the paper says so)
        _log.error("minutes are not signed: %s", type(error).__name__)
        return {"without": "failed"}
    return kept_of(certificate, timestamped=timestamped)


def data_of(
    statement: Statement, signatures: list[Signature], address: str, certificate: Certificate | None = None
) -> MinutesData:
    """What the minutes say: the signed figures, and the differences the outcomes in force name."""
    facts: dict[str, Any] = {
        "cycle": str(statement.cycle_id), "region": statement.region_code, "named": NAMED,
        "run": statement.figures["run"], "files": [told["sha256"] for told in statement.figures["files"]],
    }  # fmt: skip
    with connection.cursor() as cursor:
        differences, dispositions = _told(cursor, _DIFFERENCES, facts), _told(cursor, _DISPOSITIONS, facts)
    for each in differences:
        each["nik"] = HIDDEN + each["nik"]
    rows = statement.figures["rows"]
    places = {row["district"] for row in rows}
    return MinutesData(
        stages=(str(statement.cycle),),
        as_of=timezone.localdate(statement.made_at),
        districts=districts_from_rows(
            [_summary(row) for row in rows],
            differences,
            names={RegionCode(code).dotted(): region_name(code) for code in places},
        ),
        province_names={code[:2]: region_name(code[:2]) for code in places},
        files_in=tuple(
            FileDigest(mask_code(told["name"]), told["sha256"], told["rows"], told["rupiah"])
            for told in statement.figures["files"]
        ),
        files_out=(FileDigest("pernyataan", statement.digest, len(rows), statement.figures["total"]["instructed"]),),
        dispositions=dispositions_from_rows(dispositions),
        moved=_moved(statement.figures),
        versions={"version": gandeng.__version__, "engine": "duckdb"},
        office=_office(statement, signatures),
        proof=Proof(
            statement.code, address, statement.digest, tuple(_signed(each) for each in signatures), _bears(certificate)
        ),
    )


def _correction(row: dict[str, Any]) -> str:
    about, account = Stage.parse(row["about"]), JournalLine.Account(row["account"]).label
    return say("minutes.moved_correction", stage=about.stage, year=about.year, account=account)


def _told(cursor: CursorWrapper, sql: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    cursor.execute(sql, facts)
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _moved(figures: dict[str, Any]) -> tuple[MovedMoney, ...]:
    """Statements made before these were told have none."""
    again = [
        (row, say("minutes.moved_again", payments=format_number(row["payments"])))
        for row in figures.get("sent_again", [])
    ]
    corrections = [(row, _correction(row)) for row in figures.get("corrections", [])]
    return tuple(
        MovedMoney(RegionCode(row["district"]).dotted(), row["channel"], what, row["rupiah"])
        for row, what in [*again, *corrections]
    )


def _bears(certificate: Certificate | None) -> str:
    if certificate is None:
        return ""
    return say("minutes.certificate_named", subject=certificate.subject, serial=certificate.serial)


def _summary(row: dict[str, Any]) -> dict[str, object]:
    told: dict[str, object] = {name: row[name] for name in ("channel", "payments", "instructed", "net", "withdrawn")}
    for outcome, count in row["counts"].items():
        told[f"{outcome.lower()}_count"] = count
        told[f"{outcome.lower()}_amount"] = row["amounts"][outcome]
    return told | {"district_code": RegionCode(row["district"]).dotted()}


def _office(statement: Statement, signatures: list[Signature]) -> Office:
    """The office's settings with the names of those who signed, also beneath."""
    below = [told["code"] for told in statement.figures["below"]]
    all_below = Signature.objects.filter(statement__code__in=below).select_related("person", "statement")
    people = {_seat(each): Person(name=each.person.name) for each in [*all_below, *signatures]}
    office = load_office()
    return office.model_copy(update={"people": {**office.people, **people}})


def _seat(signed: Signature) -> str:
    """`63.71/social_office_head`, `63.71/BRI`."""
    code = signed.statement.region_code
    area = RegionCode(code).dotted() if code else "ID"
    return f"{area}/{_ROLES.get((signed.level, signed.capacity), signed.channel)}"


def _signed(each: Signature) -> str:
    local = timezone.localtime(each.at)
    when = f"{long_date(local.date())} {local:%H.%M} WIB"
    return say("minutes.proof_signed", who=each.person.name, office=each.authority, when=when)
