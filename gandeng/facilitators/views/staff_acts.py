"""Forms by which an office records what happens to staff: each one act, refused in words beside what was typed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.core.nik import Nik, explain_nik
from gandeng.facilitators import queries, staff_forms, staff_queries
from gandeng.facilitators.actions import identities, leaving, service
from gandeng.facilitators.actions import staff as staff_actions
from gandeng.facilitators.actions.leaving import Gone
from gandeng.facilitators.actions.staff import StaffRefused
from gandeng.facilitators.models import Employment, Leave, Post, Staff
from gandeng.facilitators.moving import CaseloadRefused
from gandeng.regions.places import name_of
from gandeng.web.refusals import refuse


@allowed(May.KEEP_STAFF)
def take_on(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    who = acting(request)
    places = staff_forms.place_choices(who)
    form = staff_forms.TakeOnForm(
        request.POST or None, people=list(staff_queries.with_a_login(who)[:200]), places=places,
        homes=staff_forms.home_choices(staff_forms.kept_regions(who)[0]),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = staff_actions.take_on(who, form.newcomer)
        except StaffRefused as why:
            refuse(form, why)
        else:
            words = _("%(name)s tercatat dengan nomor %(number)s.")
            messages.success(request, words % {"name": made.person.name, "number": made.staff_no})
            return redirect("facilitators:person", made.pk)
    context = {
        "form": form, "title": _("Catat pendamping baru"), "submit": _("Simpan"), "back": reverse("facilitators:staff"),
        "lead": _("Orangnya, tugas pertamanya, dan status kerjanya, sejak hari ia bergabung."),
    }  # fmt: skip
    return render(request, "facilitators/act.html", context, status=422 if form.errors else 200)


@allowed(May.KEEP_STAFF)
def employ(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Other terms of work."""
    who, staff = kept(request, staff_id)
    form = staff_forms.TermsForm(request.POST or None, initial={"education": staff.education})
    return form_page(
        request, staff, form, lambda: service.employ(who, staff, form.terms), title=_("Ubah status kerja"),
        lead=_("Status sebelumnya berakhir pada hari status ini mulai."), done=_("Status kerja tersimpan."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def give_post(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Another post."""
    who, staff = kept(request, staff_id)
    form = staff_forms.PostForm(request.POST or None, places=staff_forms.place_choices(who))

    def act() -> None:
        told = form.cleaned_data
        service.give_post(who, staff, told["role"], told["place"], told["since"])

    return form_page(
        request, staff, form, act, title=_("Beri tugas"), done=_("Tugas tersimpan."),
        lead=_("Tugas yang sudah ada tetap berlaku; akhiri di halamannya bila perlu."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def set_home(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Where she sets out from."""
    who, staff = kept(request, staff_id)
    homes = staff_forms.home_choices(staff.region_code)
    form = staff_forms.HomeForm(request.POST or None, homes=homes, initial={"home": staff.home_code})
    return form_page(
        request, staff, form, lambda: staff_actions.set_home(who, staff, form.cleaned_data["home"]),
        title=_("Ubah tempat tinggal"), done=_("Tempat tinggal tersimpan."),
        lead=_("Kecamatan asal perjalanannya; dipakai untuk menghitung jarak saat beban diratakan."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def set_identity(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """NIK and family card; none is refused for what it says."""
    who, staff = kept(request, staff_id)
    form = staff_forms.IdentityForm(request.POST or None, held=queries.numbers_of(staff))

    def act() -> None:
        identities.record_identity(who, staff, form.numbers)
        if _seems_mistyped(form.numbers.told["nik"]):
            messages.warning(request, _("NIK-nya tidak seperti biasanya. Periksa sekali lagi dengan KTP-nya."))

    return form_page(
        request, staff, form, act, title=_("Catat NIK dan nomor KK"), done=_("Nomornya tersimpan dan disegel."),
        lead=_("Dipakai untuk memberi tahu bila keluarganya sendiri ada di daftar penerima. Setelah disimpan hanya "
               "empat angka terakhir yang tampil."),
    )  # fmt: skip


def _seems_mistyped(nik: str) -> bool:
    """A place, a day or a serial there is none of. Which it is stays unsaid: no more than four digits are shown."""
    return bool(nik and explain_nik(Nik(nik), region_name=name_of, today=timezone.localdate()).warnings)


@allowed(May.KEEP_STAFF)
def go_on_leave(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Days away; her families can be handed over for the time afterwards."""
    who, staff = kept(request, staff_id)
    form = staff_forms.LeaveForm(request.POST or None)

    def act() -> None:
        told = form.cleaned_data
        service.go_on_leave(who, staff, told["kind"], since=told["since"], until=told["until"])

    return form_page(
        request, staff, form, act, title=_("Catat cuti"),
        done=_("Cuti tersimpan. Keluarganya tetap padanya; bila perlu, koordinator menyerahkannya sementara."),
        lead=_("Tanpa keterangan sakit: yang dicatat hanya bahwa ia tidak bekerja pada hari-hari itu."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def come_back(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Back earlier than told."""
    who = acting(request)
    leave = staff_queries.access_entry(who, Leave, leave_id)
    form = staff_forms.BackForm(request.POST or None)
    return form_page(
        request, leave.staff, form, lambda: service.come_back(who, leave, day=form.cleaned_data["day"]),
        title=_("Masuk lebih awal"), done=_("Cuti berakhir pada hari itu."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def end_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A post is over."""
    who = acting(request)
    post = staff_queries.access_entry(who, Post, post_id)
    form = staff_forms.EndForm(request.POST or None)
    return form_page(
        request, post.staff, form, lambda: service.end_post(who, post, **form.cleaned_data), title=_("Akhiri tugas"),
        lead=f"{post.get_role_display()}, {region_name(post.region_code)}", done=_("Tugas berakhir."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def take_back_post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A post that never was."""
    return _take_back(request, staff_queries.access_entry(acting(request), Post, post_id))


@allowed(May.KEEP_STAFF)
def take_back_terms(request: HttpRequest, employment_id: UUID) -> HttpResponse:
    """Terms that never were."""
    return _take_back(request, staff_queries.access_entry(acting(request), Employment, employment_id))


@allowed(May.KEEP_STAFF)
def take_back_leave(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Leave that never was."""
    return _take_back(request, staff_queries.access_entry(acting(request), Leave, leave_id))


def _take_back(request: HttpRequest, entry: Employment | Post | Leave) -> HttpResponse:
    who, form = acting(request), staff_forms.ReasonForm(request.POST or None)
    return form_page(
        request, entry.staff, form, lambda: service.take_back(who, entry, reason=form.cleaned_data["reason"]),
        title=_("Batalkan entri"), submit=_("Batalkan entri"), done=_("Entri dibatalkan."), danger=True,
        lead=_("Untuk yang salah dicatat: seolah tidak pernah ada. Yang benar-benar berakhir, akhiri pada harinya."),
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def end_service(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """She leaves; her families go to others."""
    who, staff = kept(request, staff_id)
    context = _receivers(who, staff)
    form = staff_forms.EndServiceForm(request.POST or None, villages=context["asked"], takers=context["takers"])

    def act() -> Gone:
        told = form.cleaned_data
        return leaving.end_service(
            who, staff, day=told["day"], because=told["because"], reason=told["reason"], receivers=form.receivers
        )

    return form_page(
        request, staff, form, act, title=_("Berhenti"), submit=_("Catat berhenti"), danger=True,
        done=_("Berhentinya tercatat."), lead=_("Tugas, status kerja, dan cutinya berakhir; keluarganya diserahkan."),
        **context,
    )  # fmt: skip


@allowed(May.KEEP_STAFF)
def undo_end(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """She did not leave."""
    who, staff = kept(request, staff_id)
    form = staff_forms.ReasonForm(request.POST or None)
    return form_page(
        request,
        staff,
        form,
        lambda: leaving.undo_end(who, staff, reason=form.cleaned_data["reason"]),
        title=_("Batalkan berhentinya"),
        submit=_("Batalkan berhentinya"),
        done=_("Ia tercatat bertugas lagi."),
        lead=_(
            "Tugas dan status kerja yang berakhir pada hari itu berlaku lagi. Keluarganya tetap pada penerimanya "
            "sampai koordinator membatalkan serah terimanya."
        ),
    )


@allowed(May.KEEP_STAFF)
def transfer(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """She goes to another district whose staff the office keeps as well."""
    who, staff = kept(request, staff_id)
    context = _receivers(who, staff)
    form = staff_forms.TransferForm(
        request.POST or None, places=staff_forms.place_choices(who), homes=staff_forms.home_choices(staff.region_code),
        villages=context["asked"], takers=context["takers"],
    )  # fmt: skip

    def act() -> Gone:
        told = form.cleaned_data
        return leaving.transfer(
            who, staff, form.destination, day=told["day"], reason=told["reason"], receivers=form.receivers
        )

    elsewhere = any(not staff.region_code.startswith(code) for code in staff_forms.kept_regions(who))
    wide = elsewhere or any(len(code) == len("63") for code in staff_forms.kept_regions(who))
    return form_page(
        request, staff, form, act, title=_("Mutasi"), submit=_("Catat mutasi"), done=_("Mutasi tercatat."),
        lead=_("Tugasnya di sini berakhir dan yang baru mulai; keluarganya tinggal dan diserahkan."),
        within=not wide, **context,
    )  # fmt: skip


def _receivers(who: Acting, staff: Staff) -> dict[str, Any]:
    """Her villages today, and who could take them, where the asker decides; else that a coordinator does."""
    today = timezone.localdate()
    villages = staff_queries.villages_held(staff, today)
    decides = all(who.may(May.DECIDE_CASELOAD, village.code) for village in villages)
    takers = queries.loads(staff.region_code, today) if villages and decides else []
    return {
        "villages": villages, "families": sum(village.families for village in villages), "decides": decides,
        "asked": villages if decides else [], "takers": [one for one in takers if one.staff_id != staff.pk],
        "things": list(staff.equipment.filter(returned_on=None).order_by("kind", "serial_no")),
    }  # fmt: skip


def kept(request: HttpRequest, staff_id: UUID) -> tuple[Acting, Staff]:
    """Who asks, and somebody whose record they keep. Http404."""
    who = acting(request)
    return who, queries.access_staff(who, staff_id, May.KEEP_STAFF)


def form_page(
    request: HttpRequest, staff: Staff, form: forms.Form, act: Callable[[], object], *, title: str, done: str,
    lead: str = "", submit: str = "", danger: bool = False, **context: Any,
) -> HttpResponse:  # fmt: skip
    """The form; sent and right, the act and back to her page."""
    if request.method == "POST" and form.is_valid():
        try:
            made = act()
        except (StaffRefused, CaseloadRefused) as why:
            refuse(form, why)
        else:
            messages.success(request, done)
            if isinstance(made, Gone):
                _tell(request, made)
            return redirect("facilitators:person", staff.pk)
    context |= {
        "staff": staff, "form": form, "title": title, "lead": lead, "submit": submit or _("Simpan"), "danger": danger,
        "back": reverse("facilitators:person", args=[staff.pk]),
    }  # fmt: skip
    return render(request, "facilitators/act.html", context, status=422 if form.errors else 200)


def _tell(request: HttpRequest, gone: Gone) -> None:
    moved = sum(change.families for change in gone.changes) - gone.without
    if moved:
        words = ngettext("%(count)d keluarga diserahkan.", "%(count)d keluarga diserahkan.", moved)
        messages.success(request, words % {"count": moved})
    if gone.without:
        words = ngettext(
            "%(count)d keluarga sekarang tanpa pendamping.", "%(count)d keluarga sekarang tanpa pendamping.",
            gone.without,
        )  # fmt: skip
        messages.warning(request, words % {"count": gone.without})
    if gone.roles:
        words = ngettext(
            "Akunnya masih memegang %(count)d peran di sini. Minta administrator mengakhirinya.",
            "Akunnya masih memegang %(count)d peran di sini. Minta administrator mengakhirinya.",
            gone.roles,
        )
        messages.warning(request, words % {"count": gone.roles})
    if gone.equipment:
        words = ngettext(
            "%(count)d barang belum kembali; lihat perlengkapannya.",
            "%(count)d barang belum kembali; lihat perlengkapannya.", gone.equipment,
        )  # fmt: skip
        messages.warning(request, words % {"count": gone.equipment})
