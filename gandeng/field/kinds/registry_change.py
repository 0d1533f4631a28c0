"""registry.change: a change of a family's data asked for from the phone; the registry's two people decide it there.

Accounts, NIK and whether a family is paid at all are not asked for from a phone, which may be lost (docs/threats.md,
D1). The forms are the pages' own, so that the same thing is refused in the same words.
"""

import io
from dataclasses import replace

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, refused_by
from gandeng.field.pictures import as_upload, opened
from gandeng.field.versions import changed
from gandeng.registry.actions import ChangeRefused, request_change
from gandeng.registry.actions.applying import Kind as Change
from gandeng.registry.actions.applying import current
from gandeng.registry.change_forms import FORMS, ChangeForm
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.registry.queries import members_of, present

FROM_PHONES = (
    Change.BIRTH, Change.DEATH, Change.LEFT, Change.SCHOOL_LEVEL, Change.PREGNANCY, Change.DISABILITY,
    Change.IDENTITY, Change.COLLECTOR, Change.HOLD_COLLECTOR, Change.HOLD_ACCOUNT, Change.MOVE,
)  # fmt: skip
_OF_FAMILY = frozenset({Change.MOVE, Change.COLLECTOR, *ChangeRequest.HOLDS})
_TYPED = (
    "member", "name", "birth_date", "sex", "school_level", "pregnancy_no", "severe_disability", "village",
    "evidence_words",
)  # fmt: skip


def take(acting: Acting, given: Given) -> str:
    """Ask for it. Conflict where it changed since, or somebody else has asked for the same."""
    kind = _kind(given)
    family = Family.objects.select_for_update(of=("self",), no_key=True).get(pk=given.family.pk)
    form = _form(given, kind, family)
    if not form.is_valid():
        raise refused_by(form)
    if not given.by_office:
        _require_as_seen(given, kind, family, form)
    try:
        made = request_change(
            acting, family, kind, form.member(), form.wanted(), given.signed(form.cleaned_data["reason"]), form.proof()
        )
    except ChangeRefused as why:
        raise Refused(Why(str(why))) from why
    return reverse("registry:change", args=[made.pk])


def _kind(given: Given) -> Change:
    told = given.body.get("kind")
    if told not in FROM_PHONES:
        raise Refused(Why(_("Perubahan ini diajukan di situs, bukan dari ponsel."), "kind"))
    return Change(str(told))


def _form(given: Given, kind: Change, family: Family) -> ChangeForm:
    fields = given.body.get("fields")
    if not isinstance(fields, dict):
        raise Refused(Why(_("Isian catatan ini tidak terbaca. Catat lagi dari aplikasi yang terbaru."), "fields"))
    if fields.get("nik"):
        raise Refused(Why(_("NIK tidak dikirim dari ponsel; lengkapi di situs."), "nik"))
    inner = _inner(given, fields)
    typed = inner.typed(*_TYPED) | given.typed("reason") | {"nik": ""}
    if fields.get("day") is not None:
        typed["day"] = inner.day("day").isoformat()
    files = {"evidence_file": _paper(given)} if given.photos else {}
    return FORMS[kind](typed, files, family=family, members=present(members_of(family)))


def _inner(given: Given, fields: dict[str, object]) -> Given:
    return replace(given, body=fields)


def _paper(given: Given) -> SimpleUploadedFile:
    """One photo as it is; several as the pages of one PDF."""
    if len(given.photos) == 1:
        return as_upload(given.photos[0])
    pages, out = [Image.open(io.BytesIO(opened(one))) for one in given.photos], io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    return SimpleUploadedFile("foto.pdf", out.getvalue(), "application/pdf")


def _require_as_seen(given: Given, kind: Change, family: Family, form: ChangeForm) -> None:
    if changed(given.base, kind, family, form.member()) or _is_another(given, kind, family):
        raise Conflict(_("Data ini sudah diubah orang lain sejak daftar Anda diambil."))
    if _pending(kind, family, form).exists():
        raise Conflict(_("Orang lain sudah meminta perubahan yang sama dan menunggu keputusan."))


def _is_another(given: Given, kind: Change, family: Family) -> bool:
    """Whether what she would hold is no longer the account or collector she asked the family about."""
    if kind not in ChangeRequest.HOLDS:
        return False
    fields = given.body.get("fields")
    asked_about = fields.get("from") if isinstance(fields, dict) else None
    return current(kind, family, None).get("usable_from") != asked_about


def _pending(kind: Change, family: Family, form: ChangeForm) -> "QuerySet[ChangeRequest]":
    rows = ChangeRequest.objects.filter(family=family, kind=kind, state=ChangeRequest.State.PENDING)
    if kind is Change.BIRTH:
        wanted = form.wanted().after
        return rows.filter(after__name__iexact=wanted["name"], after__birth_date=wanted["birth_date"])
    return rows.filter(member=form.member())


def compare(_acting: Acting, given: Given) -> list[Line]:
    """What she asks for beside what stands."""
    fields = given.body.get("fields")
    told = dict(fields) if isinstance(fields, dict) else {}
    member = _member(given.family, str(told.pop("member", "")))
    try:
        kind = _kind(given)
    except Refused:
        kind = None
    stands = current(kind, given.family, member) if kind and (member or kind in _OF_FAMILY) else {}
    if kind in ChangeRequest.HOLDS:
        stands = {"usable_from": stands.get("usable_from")}
    now = ", ".join(str(value) for value in stands.values() if value not in (None, ""))
    return [
        Line(_("Perubahan"), str(kind.label) if kind else str(given.body.get("kind", ""))),
        *([Line(_("Anggota"), member.name, member.name)] if member else []),
        Line(_("Isi"), ", ".join(str(value) for value in told.values() if value not in (None, "")), now),
        Line(_("Alasan"), str(given.body.get("reason", ""))),
    ]


def _member(family: Family, asked: str) -> Member | None:
    return next((one for one in members_of(family) if str(one.pk) == asked), None)


KIND = Kind("registry.change", 1, gettext_lazy("Perubahan data"), take, compare, May.REQUEST_CHANGE)
