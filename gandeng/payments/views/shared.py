"""What several pages need."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.ids import family_no_of
from gandeng.payments.models import Cycle, Payment, PaymentList
from gandeng.payments.queries import deceased_in


def cycle_name(cycle: Cycle) -> str:
    """`Tahap 2 tahun 2024`."""
    return _("Tahap %(stage)s tahun %(year)s") % {"stage": cycle.stage, "year": cycle.year}


def stage_title(cycle: Cycle) -> str:
    """The same for what is kept, such as the title of a job: in Indonesian, whoever asks."""
    return f"Tahap {cycle.stage} tahun {cycle.year}"


def region_words(cycle: Cycle) -> str:
    """`Provinsi Kalimantan Selatan`, or the nation."""
    return region_name(cycle.region_code)


def list_name(found: PaymentList) -> str:
    """`BRI, Kota Banjarmasin`; `…, susulan 1` for a supplementary one."""
    words = f"{found.channel}, {region_name(found.district_code)}"
    return _("%(list)s, susulan %(number)s") % {"list": words, "number": found.round} if found.round else words


def lists_with(counts: Iterable[tuple[PaymentList, int]]) -> list[dict[str, Any]]:
    """Those of which there is something to say, by name, and how many."""
    return [{"list": each, "name": list_name(each), "count": count} for each, count in counts if count]


def recorded_dead_on(lists: Iterable[PaymentList]) -> list[dict[str, Any]]:
    """Lists, as `queries.lists_of` gives them, that pay collectors the registry knows as dead."""
    return lists_with((each, deceased_in([each])) for each in lists)


def family_url(acting: Acting, family_id: UUID, village: str) -> str:
    """The family's page, empty for whoever may not open it."""
    if not acting.may(May.SEE_FAMILIES, village):
        return ""
    try:
        return reverse("registry:family", args=[family_id])
    except NoReverseMatch:
        return ""


def family_no(payment: Payment) -> str:
    """The number in the id: to a bank's officer there is no other way to it."""
    return family_no_of(payment.payment_id, again=payment.reissue_of_id is not None)


def exported(request: HttpRequest, acting: Acting, thing: object, *, region: str, rows: int, form: str) -> None:
    """Write an export down."""
    filters = {name: value for name, value in request.GET.items() if name != "q" and value}
    authority = acting.authority(May.SEE_PAYMENTS)
    record(
        acting, "payments.exported", thing, region=region, authority=authority, rows=rows, form=form, filters=filters
    )
