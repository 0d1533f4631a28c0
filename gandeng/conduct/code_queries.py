"""Which version of the code is in force where, who signed it, and who has not."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Count, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.conduct.models import Code, Signature
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators.models import Staff
from gandeng.facilitators.queries import own_record, staff_of
from gandeng.facilitators.staff_queries import working
from gandeng.web.finding import found_or_404


def digest(title: str, source: str, articles: Sequence[str]) -> str:
    """SHA-256 of what is signed: title, source and every article in order."""
    text = json.dumps([title, source, [*articles]], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions(acting: Acting) -> QuerySet[Code]:
    """Every version that concerns one's territory, the latest first."""
    rows = Code.objects.filter(region_code__touches=acting.territory)
    return rows.select_related("entered_by", "withdrawn_by").order_by("-valid_from", "region_code")


def access_code(acting: Acting, code_id: UUID) -> Code:
    """One version. Http404 for another province's."""
    return found_or_404(versions(acting), code_id)


def in_force(region: str, day: date) -> Code | None:
    """The version for somebody of that region: the latest that began; of two of one day, the one entered later."""
    above = sorted({region[:length] for length in (0, 2) if length <= len(region)})
    rows = Code.objects.filter(region_code__in=above, valid_from__lte=day, withdrawn_at=None)
    return rows.order_by("-valid_from", "-entered_at").first()


def current(found: Sequence[Code], day: date) -> set[UUID]:
    """Of those versions, the one in force for each office that has entered any."""
    begun = [code for code in found if code.withdrawn_at is None and code.valid_from <= day]
    told: set[UUID] = set()
    for office in {code.region_code for code in begun}:
        above = [code for code in begun if office.startswith(code.region_code)]
        told.add(max(above, key=lambda code: (code.valid_from, code.entered_at)).pk)
    return told


@dataclass(frozen=True)
class Own:
    """What the code asks of one member of staff."""

    staff: Staff
    code: Code | None
    signature: Signature | None


def own_code(acting: Acting) -> Own | None:
    """The version in force for oneself and one's signature; None for whoever does not work in the field."""
    staff = own_record(acting)
    if staff is None:
        return None
    code = in_force(staff.region_code, timezone.localdate())
    signature = Signature.objects.filter(code=code, staff=staff).first() if code else None
    return Own(staff, code, signature)


def own_unsigned(acting: Acting) -> QuerySet[Any]:
    """One's own record where the signature is due; nothing else."""
    today = timezone.localdate()
    rows = Staff.objects.filter(working(today), person_id=acting.person_id)
    return with_signature(rows, today).filter(in_force__isnull=False, signed_at__isnull=True)


def with_signature(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Beside each: `in_force`, id of the version for her region, and `signed_at`, empty where she has not."""
    versions = (
        Code.objects.annotate(place=ExpressionWrapper(OuterRef("region_code"), output_field=TextField()))
        .filter(place__startswith=F("region_code"), valid_from__lte=day, withdrawn_at=None)
        .order_by("-valid_from", "-entered_at")
    )
    signed = Signature.objects.filter(staff=OuterRef("pk"), code=OuterRef("in_force"))
    named: QuerySet[Any] = rows.annotate(in_force=Subquery(versions.values("pk")[:1]))
    both: QuerySet[Any] = named.annotate(signed_at=Subquery(signed.values("signed_at")[:1]))
    return both


def staff_asked(acting: Acting, region: str, day: date) -> QuerySet[Any]:
    """Staff at work whom one may see, in a region, with their version and signature."""
    rows = staff_of(acting).filter(working(day))
    if region:
        if not (region.isascii() and region.isdigit() and len(region) in (2, 4, 6)):
            raise BadRequest("region")
        rows = rows.filter(
            Q(region_code__startswith=region) if len(region) <= DISTRICT_DIGITS else Q(home_code=region)
        )  # fmt: skip
    return with_signature(rows, day)


def unsigned(acting: Acting, region: str, day: date) -> QuerySet[Any]:
    """Those who have a version in force and have not signed it."""
    return staff_asked(acting, region, day).filter(in_force__isnull=False, signed_at__isnull=True)


@dataclass(frozen=True)
class Covered:
    """Staff at work of one district and sub-district: how many there are, how many signed, how many have no code."""

    district: str
    sub_district: str
    staff: int
    signed: int
    without: int

    @property
    def due(self) -> int:
        """How many are yet to sign."""
        return self.staff - self.signed - self.without


def coverage(acting: Acting, region: str, day: date) -> list[Covered]:
    """One row per district and sub-district one sets out from; empty sub-district where nobody told."""
    rows = (
        staff_asked(acting, region, day)
        .order_by()
        .values("region_code", "home_code")
        .annotate(
            staff=Count("pk"),
            signed=Count("pk", filter=Q(signed_at__isnull=False)),
            without=Count("pk", filter=Q(in_force__isnull=True)),
        )
        .order_by("region_code", "home_code")
    )
    return [Covered(row["region_code"], row["home_code"], row["staff"], row["signed"], row["without"]) for row in rows]


def signatures_of(acting: Acting, code: Code) -> QuerySet[Signature]:
    """Of staff one may see, and one's own."""
    seen = Q(staff__in=staff_of(acting)) | Q(staff__person_id=acting.person_id)
    return Signature.objects.filter(seen, code=code).select_related("staff__person")


def access_signature(acting: Acting, signature_id: UUID) -> Signature:
    """One's own, or of somebody one may see. Http404 for anybody else's."""
    seen = Q(staff__in=staff_of(acting)) | Q(staff__person_id=acting.person_id)
    return found_or_404(Signature.objects.filter(seen).select_related("staff__person", "code"), signature_id)
