"""A facility's own link as the office sees it: made, handed over, ended; and the differences that came by it."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.commitments import own_queries, queries
from gandeng.commitments.actions import CommitmentRefused
from gandeng.commitments.actions import own as actions
from gandeng.commitments.forms import OwnLinkForm
from gandeng.commitments.models import Facility, OwnLink
from gandeng.commitments.papers import Own, print_sheets
from gandeng.commitments.queries import Quarter
from gandeng.commitments.views.common import BOTH, quarter_in, tabs
from gandeng.commitments.views.papers import address_in
from gandeng.documents.numerals import long_date
from gandeng.web.addresses import full_address
from gandeng.web.answers import PDF, as_file
from gandeng.web.mail import mailed
from gandeng.web.paging import page_by_key
from gandeng.web.refusals import refuse


@allowed(May.RECORD_COMMITMENT)
def link(request: HttpRequest, facility_id: UUID, quarter_key: str) -> HttpResponse:
    """The link there is, what was said by it, and a new one; its secret is shown or printed this once."""
    quarter = quarter_in(quarter_key)
    facility = queries.access_facility(facility_id)
    form = OwnLinkForm(request.POST or None, initial={"how": OwnLinkForm.PRINT})
    if request.method == "POST" and form.is_valid():
        try:
            return _handed_over(request, facility, quarter, form)
        except CommitmentRefused as why:
            refuse(form, why)
    context = {
        "form": form, "facility": facility, "quarter": quarter, "village": region_name(facility.region_code),
        "open": own_queries.open_link(facility, quarter), "days": actions.DAYS,
        "confirmations": own_queries.confirmations(facility, quarter),
        "differences": own_queries.differences_of(facility, quarter),
    }  # fmt: skip
    return render(request, "commitments/own_link.html", context, status=422 if form.errors else 200)


@allowed(May.RECORD_COMMITMENT)
@require_POST
def end(request: HttpRequest, own_link_id: UUID) -> HttpResponse:
    """It opens nothing any more."""
    who = acting(request)
    found = own_queries.access_link(who, own_link_id, May.RECORD_COMMITMENT)
    actions.end_link(who, found)
    messages.success(request, _("Tautannya tidak berlaku lagi."))
    return redirect("commitments:own_link", found.facility_id, f"{found.year}-{found.quarter}")


@allowed(*BOTH)
@require_safe
def differences(request: HttpRequest) -> HttpResponse:
    """What schools and clinics have otherwise, until a new sheet about the member is there."""
    who = acting(request)
    page = page_by_key(own_queries.open_differences(), request, key="pk")
    rows = [
        {"row": each, "mine": each.sheet.by_id == who.person_id,
         "quarter": Quarter(each.confirmation.year, each.confirmation.quarter)}
        for each in page.rows
    ]  # fmt: skip
    context = {
        "tabs": tabs(who, "differences"), "page": page, "rows": rows, "may_record": who.may(May.RECORD_COMMITMENT),
    }  # fmt: skip
    return render(request, "commitments/differences.html", context)


def _handed_over(request: HttpRequest, facility: Facility, quarter: Quarter, form: OwnLinkForm) -> HttpResponse:
    """The link is made and goes out as asked. Raises CommitmentRefused, and then there is none."""
    who, how = acting(request), form.cleaned_data["how"]
    with transaction.atomic():
        made, secret = actions.make_link(who, facility, quarter)
        address = full_address(request, reverse("own_sheet:confirm", args=[secret]))
        if how == OwnLinkForm.PRINT:
            content = print_sheets(
                who, [facility], quarter, region=facility.region_code, address=address_in(request),
                own=Own(address, made.until),
            )  # fmt: skip
            return as_file(content, f"lembar-komitmen-{facility.pk.hex[:10]}-{quarter.key}.pdf", PDF)
    mailed = how == OwnLinkForm.MAIL and _mailed(form.cleaned_data["email"], facility, quarter, made, address)
    context = {
        "facility": facility, "quarter": quarter, "address": address, "until": made.until,
        "mailed": mailed, "failed": how == OwnLinkForm.MAIL and not mailed,
    }  # fmt: skip
    answer = render(request, "commitments/own_made.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def _mailed(email: str, facility: Facility, quarter: Quarter, made: OwnLink, address: str) -> bool:
    """False where the server of mails did not take it; the address is shown either way."""
    text = _(
        "Kepada %(facility)s,\n\nKami mohon memeriksa catatan komitmen %(quarter)s dan menyatakan sesuai atau menulis "
        "yang berbeda. Buka alamat ini:\n\n%(link)s\n\nHalamannya meminta kode pembuka. Dinas Sosial memberikannya "
        "langsung kepada kepala sekolah atau kepala fasilitas, lewat telepon atau di kertas. Alamat ini berlaku sampai "
        "%(day)s dan hanya sekali. Jangan diteruskan."
    ) % {
        "facility": facility.name, "quarter": quarter.words, "link": address, "day": long_date(made.until),
    }  # fmt: skip
    return mailed(_("Konfirmasi catatan komitmen"), text, email)
