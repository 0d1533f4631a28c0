"""One certificate: its page, its paper, revoking, renewing; recording one of another institution."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed, signed_in
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, unseal_content
from gandeng.certificates import actions, queries
from gandeng.certificates.actions import CertificateRefused
from gandeng.certificates.actions.certificates import may_renew
from gandeng.certificates.content import grouped
from gandeng.certificates.forms import OutsideForm, ReasonForm, RenewForm
from gandeng.certificates.models import Certificate
from gandeng.certificates.papers import pdf_of
from gandeng.certificates.views.common import home_of, row_of, tabs
from gandeng.facilitators.queries import access_staff
from gandeng.registry.evidence import SUFFIXES
from gandeng.web.answers import as_file
from gandeng.web.refusals import refuse


@signed_in
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """What it says, what it is today, and what may be done."""
    found = queries.access_certificate(acting(request), certificate_id)
    return render(request, "certificates/certificate.html", _page(request, found))


def _page(request: HttpRequest, found: Certificate) -> dict[str, Any]:
    who, today = acting(request), timezone.localdate()
    own = found.staff.person_id == who.person_id
    decides = who.may(May.ISSUE_CERTIFICATE, found.office_code) and not own
    revocation = getattr(found, "revocation", None)
    sees = who.may(May.SEE_STAFF, found.staff.region_code)
    return row_of(found, today) | {
        "tabs": tabs(who, "own" if own else "certificates"), "own": own, "revocation": revocation, "sees": sees,
        "sees_reason": revocation is not None and not own and sees, "code": grouped(found.code or ""),
        "public": reverse("certificate:verify", args=[found.code]) if found.code else "",
        "may_revoke": not own and actions.revokes_at(who, found) is not None and revocation is None,
        "may_renew": decides and not may_renew(found, today),
        "renewed_by": getattr(found, "renewed_by", None), "evidence": getattr(found, "evidence", None),
        "authority_region": region_name(found.region_code), "sees_log": who.may(May.SEE_LOG, found.region_code),
    }  # fmt: skip


@signed_in
@require_safe
def pdf(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The paper."""
    found = queries.access_certificate(acting(request), certificate_id)
    if found.origin == Certificate.Origin.OUTSIDE:
        raise Http404
    return as_file(pdf_of(found, home_of(request)), f"{found.number}.pdf", "application/pdf")


@signed_in
@require_POST
def evidence(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The copy of another institution's paper; by POST, for opening it is written down."""
    who = acting(request)
    found = queries.access_certificate(who, certificate_id)
    kept = getattr(found, "evidence", None)
    if kept is None:
        raise Http404
    held = who.first
    record(
        who, "certificate.evidence_opened", found, region=found.staff.region_code,
        authority=held.words if held else "", number=found.number,
    )  # fmt: skip
    content = unseal_content(bytes(kept.content_sealed), Place("certificates_evidence", "content", str(found.pk)))
    return as_file(content, f"{found.number}.{SUFFIXES[kept.media_type]}", kept.media_type)


@allowed(May.ISSUE_CERTIFICATE)
def revoke(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """It holds no longer."""
    who = acting(request)
    found = queries.access_certificate(who, certificate_id)
    if actions.revokes_at(who, found) is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke(who, found, form.cleaned_data["reason"])
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Sertifikat %(number)s dicabut.") % {"number": found.number})
            return redirect("certificates:certificate", found.pk)
    context = row_of(found, timezone.localdate()) | {"form": form}
    return render(request, "certificates/revoke.html", context, status=422 if form.errors else 200)


@allowed(May.ISSUE_CERTIFICATE)
def renew(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """A new one in its place."""
    who, today = acting(request), timezone.localdate()
    found = queries.access_certificate(who, certificate_id)
    if not who.may(May.ISSUE_CERTIFICATE, found.office_code):
        raise Http404
    begin = {name: getattr(found, name) for name in ("title", "held_from", "held_until", "hours", "place")}
    form = RenewForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.renew(who, found, form.told(found))
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Sertifikat baru terbit dengan nomor %(number)s.") % {"number": made.number})
            return redirect("certificates:certificate", made.pk)
    context = row_of(found, today) | {"form": form, "why_not": may_renew(found, today)}
    return render(request, "certificates/renew.html", context, status=422 if form.errors else 200)


@allowed(May.KEEP_STAFF)
def record_outside(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """A certificate another institution gave to somebody."""
    who = acting(request)
    staff = access_staff(who, staff_id, May.KEEP_STAFF)
    form = OutsideForm(request.POST or None, request.FILES or None, acting=who, staff=staff)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_outside(who, staff, form.told(), form.cleaned_data["paper"])
        except CertificateRefused as why:
            refuse(form, why)
        else:
            messages.success(request, _("Sertifikat tercatat dengan nomor %(number)s.") % {"number": made.number})
            return redirect("certificates:certificate", made.pk)
    context = {"form": form, "staff": staff, "region": region_name(staff.region_code)}
    return render(request, "certificates/outside.html", context, status=422 if form.errors else 200)
