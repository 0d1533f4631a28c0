"""Lists that came in, of one's territory."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.region_code import Level, RegionCode
from gandeng.regions import places
from gandeng.registry.models import ChangeRequest, Intake
from gandeng.registry.queries import Choice, region_choices
from gandeng.web.finding import found_or_404


def intakes_visible_to(acting: Acting) -> QuerySet[Intake]:
    """Newest first by id."""
    rows = Intake.objects.select_related("taken_by", "applied_by")
    return rows if acting.may(May.TAKE_LIST) or acting.may(May.APPLY_LIST) else rows.none()


def waiting_lists(acting: Acting) -> QuerySet[Intake]:
    """Lists another person took and this one may apply."""
    rows = Intake.objects.filter(state=Intake.State.STAGED).exclude(taken_by_id=acting.person_id)
    return rows.filter(region_code__within=acting.where(May.APPLY_LIST))


def access_intake(acting: Acting, intake_id: UUID | str) -> Intake:
    """One list. Raises Http404."""
    intake = found_or_404(Intake.objects.select_related("taken_by", "applied_by", "ended_by"), intake_id)
    if not any(acting.may(may, intake.region_code) for may in (May.TAKE_LIST, May.APPLY_LIST)):
        raise Http404
    return intake


def list_regions(acting: Acting) -> list[Choice]:
    """Regions a list may cover: those where the person takes lists, and the districts of a province."""
    found: dict[str, Choice] = {}
    for top in sorted(acting.where(May.TAKE_LIST).regions):
        if not top:
            found |= {one.code: one for one in region_choices(acting, "")}
            continue
        found[top] = Choice(top, region_name(top))
        if RegionCode(top).level is Level.PROVINCE:
            found |= {one.code.digits: Choice(one.code.digits, one.name) for one in places.districts_of(top)}
    return list(found.values())


_FAMILY_WORDS = {
    "added": _("Keluarga baru"),
    "leaving": _("Keluarga yang keluar"),
    "status": _("Berubah status"),
    "village": _("Pindah desa"),
    "collector": _("Berganti pengurus"),
    "account": _("Berganti penyalur atau rekening"),
    "same": _("Tidak berubah"),
    "unaccounted": _("Belum ada nomor rekeningnya: dihitung, ditahan sampai tercatat"),
    "shared": _("Rekeningnya tercatat pada keluarga lain"),
}
_MEMBER_WORDS = {
    "added": _("Anggota baru"),
    "leaving": _("Anggota yang keluar"),
    "identity": _("Berubah nama, tanggal lahir, atau jenis kelamin"),
    "nik": _("Berubah NIK"),
    "school": _("Berubah jenjang sekolah"),
    "pregnancy": _("Berubah kehamilan"),
    "disability": _("Berubah disabilitas atau status korban"),
    "death": _("Berubah tanggal meninggal"),
    "family": _("Pindah keluarga"),
    "back": _("Kembali ke keluarga"),
    "anew": _("Bernomor baru; nomor lamanya di keluarga yang berakhir ditutup"),
}
_DECILE_WORDS = {
    "first": _("Desil tercatat untuk pertama kali"),
    "risen": _("Desil naik"),
    "fallen": _("Desil turun"),
    "same": _("Desil tetap"),
    "older": _("Pembacaan lebih lama daripada yang tercatat"),
    "without": _("Tanpa desil di daftar; yang tercatat tetap"),
}


def preview_rows(intake: Intake) -> dict[str, Any]:
    """The preview in words: counts, and rupiah of the cycle before, after and the difference, by district."""
    told = intake.preview
    before, after = told.get("before"), told.get("after")
    districts = sorted({*(before or {}).get("districts", {}), *(after or {}).get("districts", {})})
    return {
        "families": [(words, told["counts"]["families"][key]) for key, words in _FAMILY_WORDS.items()],
        "deciles": _deciles(told["counts"].get("deciles")),
        "members": [(words, told["counts"]["members"][key]) for key, words in _MEMBER_WORDS.items()
                    if key in told["counts"]["members"]],
        "listed_families": told["counts"]["families"]["listed"], "listed_members": told["counts"]["members"]["listed"],
        "before": before, "after": after, "codes": told.get("codes", 0),
        "alike": told.get("alike"), "taken_back": _taken_back(told.get("taken_back")),
        "collector_niks": told["counts"].get("collectors", {}).get("nik", 0),
        "collectors_elsewhere": told["counts"].get("collectors", {}).get("elsewhere", 0),
        "difference": after["rupiah"] - before["rupiah"] if before and after else None,
        "districts": [_district(code, before, after) for code in districts] if before and after else [],
    }  # fmt: skip


def _deciles(counts: dict[str, int] | None) -> list[tuple[Any, int]]:
    """Nothing for a list that tells of none, or was taken by a release that read none."""
    return [(words, counts[key]) for key, words in _DECILE_WORDS.items()] if counts and counts["listed"] else []


def _taken_back(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Kinds with their counts and families; nothing for a list that takes nothing back, or of an earlier release."""
    if not told or not told["counts"]:
        return None
    families: dict[str, list[str]] = {}
    for kind, number in told["families"]:
        families.setdefault(kind, []).append(number)
    kinds = [(ChangeRequest.Kind(kind).label, count, families.get(kind, [])) for kind, count in told["counts"].items()]
    return {"kinds": kinds, "count": sum(told["counts"].values())}


def _district(code: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    nothing = {"families": 0, "rupiah": 0}
    was, will = before["districts"].get(code, nothing), after["districts"].get(code, nothing)
    name = region_name(code.replace(".", ""))
    return {"name": name, "before": was, "after": will, "difference": will["rupiah"] - was["rupiah"]}
