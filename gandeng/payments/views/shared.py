"""What several pages need."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.models import Cycle, Payment, PaymentList


def cycle_name(cycle: Cycle) -> str:
    """`Tahap 2 tahun 2024`."""
    return f"Tahap {cycle.stage} tahun {cycle.year}"


def region_words(cycle: Cycle) -> str:
    """`Provinsi Kalimantan Selatan`, or the nation."""
    return region_name(cycle.region_code)


def list_name(found: PaymentList) -> str:
    """`BRI, Kota Banjarmasin`; `…, susulan 1` for a supplementary one."""
    words = f"{found.channel}, {region_name(found.district_code)}"
    return f"{words}, susulan {found.round}" if found.round else words


def family_url(acting: Acting, family_id: UUID, village: str) -> str:
    """The family's page, empty for whoever may not open it."""
    if not acting.may(May.SEE_FAMILIES, village):
        return ""
    try:
        return reverse("registry:family", args=[family_id])
    except NoReverseMatch:
        return ""


def family_no(payment: Payment) -> str:
    """The number in the id: stage, then family, then how often it was sent again."""
    number = payment.payment_id.split("-", 2)[-1]
    return number.rpartition("-U")[0] if payment.reissue_of_id else number


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A download."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def exported(request: HttpRequest, acting: Acting, thing: object, *, region: str, rows: int, form: str) -> None:
    """Write an export down."""
    filters = {name: value for name, value in request.GET.items() if name != "q" and value}
    authority = acting.authority(May.SEE_PAYMENTS)
    record(
        acting, "payments.exported", thing, region=region, authority=authority, rows=rows, form=form, filters=filters
    )
