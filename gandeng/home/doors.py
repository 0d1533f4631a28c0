"""One-click sign-in of the try-out. Outside the try-out none of it is there."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from gandeng.accounts.context import region_name
from gandeng.accounts.models import Grant, User
from gandeng.accounts.roles import WORDS, Role
from gandeng.accounts.rules import public
from gandeng.accounts.views import SIGNED_IN_BY

TRY: dict[Role, str | Promise] = {
    Role.FACILITATOR: _("Cari keluarga dampingan, buka kisahnya, ajukan perubahan data."),
    Role.SUB_DISTRICT_LEAD: _("Lihat keluarga dan pembayaran satu kecamatan."),
    Role.DISTRICT_OPERATOR: _("Masukkan berkas bank, kerjakan pengecualian, masukkan daftar."),
    Role.DISTRICT_COORDINATOR: _("Putuskan perubahan data, tanda tangani rekonsiliasi."),
    Role.DISTRICT_HEAD: _("Setujui daftar bayar, tanda tangani rekonsiliasi."),
    Role.PROVINCE_OFFICER: _("Buka tahap, hitung hak, buat daftar, kirim perintah bayar."),
    Role.PROVINCE_HEAD: _("Setujui daftar provinsi, tanda tangani jumlah kabupaten/kota."),
    Role.MINISTRY_OFFICER: _("Lihat seluruh wilayah."),
    Role.CHANNEL_OFFICER: _("Kirim berkas hasil, tanda tangani rekonsiliasi untuk bank."),
    Role.AUDITOR: _("Telusuri setiap angka sampai barisnya, baca jejak."),
    Role.HELPDESK: _("Jawab keluarga: sudah dikirim atau belum, mengapa."),
    Role.ADMINISTRATOR: _("Undang orang, beri dan akhiri peran."),
}
_SHOWN = 30


@dataclass(frozen=True)
class Door:
    """A person of the try-out to sign in as."""

    user_id: int
    name: str
    role: str
    region: str
    tries: str


def doors() -> list[Door]:
    """Everybody of the try-out once, in the order of the roles; a facilitator by the first of her villages."""
    order = {role: place for place, role in enumerate(Role)}
    grants = (
        Grant.objects.filter(valid_until__isnull=True, person__logins__email__endswith="@coba.gandeng.test")
        .filter(person__logins__email__startswith="pintu")
        .order_by("region_code")
        .values_list("role", "region_code", "channel", "person__name", "person__logins__id")
    )
    found = [
        Door(
            user,
            name,
            f"{WORDS[Role(role)]}{f' {channel}' if channel else ''}",
            region_name(region),
            str(TRY[Role(role)]),
        )
        for role, region, channel, name, user in sorted(grants, key=lambda row: (order[Role(row[0])], row[1]))
        if Role(role) in TRY
    ]
    return list({door.user_id: door for door in reversed(found)}.values())[::-1][:_SHOWN]


@public
def open_doors(request: HttpRequest) -> HttpResponse:
    """The people to choose from."""
    _only_in_the_try_out()
    return render(request, "home/doors.html", {"doors": doors()})


@public
@require_POST
def sign_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Be that person."""
    _only_in_the_try_out()
    if user_id not in {door.user_id for door in doors()}:
        raise Http404
    user = User.objects.get(pk=user_id)
    login(request, user, backend=SIGNED_IN_BY)
    messages.info(request, _("Anda masuk sebagai %(name)s.") % {"name": user.person.name})
    return redirect("home")


def _only_in_the_try_out() -> None:
    if not settings.DEMO:
        raise Http404
