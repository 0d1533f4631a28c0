"""Every figure of the office, defined once: its words, what it counts, of when, whence it comes, where its rows are.

A source that holds nothing of a place yet gives None, which pages tell from zero.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.achievements.models import Achievement
from gandeng.achievements.queries import achievements, narrowed_to
from gandeng.certificates import queries as certificates
from gandeng.conduct import code_queries
from gandeng.facilitators.load_queries import BELOW, Caseload, PlaceLoad, caseload_on
from gandeng.facilitators.models import Staff
from gandeng.facilitators.norm import norm_families
from gandeng.facilitators.staff_queries import staff_matching
from gandeng.performance.figures import Done, done
from gandeng.performance.months import Period, month_before
from gandeng.performance.people_queries import staff_in
from gandeng.performance.published import areas
from gandeng.performance.sources import of_area
from gandeng.training.event_lists import held_by_office
from gandeng.training.models import Event
from gandeng.web.paging import narrowed

type Counts = Mapping[str, int] | None
"""By place of the page's rows, "" where the place is not known; None where nothing is recorded."""


class Read:
    """What the sources hold of a region on a day; each is asked once, and only if a figure wants it."""

    def __init__(self, acting: Acting, region: str, day: date) -> None:
        self.acting, self.region, self.day = acting, region, day
        self.length = BELOW[len(region)]
        self.month = Period(month_before(day).year, month_before(day).month)

    @property
    def by_home(self) -> bool:
        """Rows are sub-districts: staff count where they set out from."""
        return self.length > 4

    def place(self, region: str, home: str = "") -> str:
        """The row somebody counts in; "" where it is not known."""
        code = home if self.by_home else region
        return code[: self.length] if len(code) >= self.length else ""

    @cached_property
    def caseload(self) -> Caseload:
        """Families and who accompanies them."""
        return caseload_on(self.region, self.day, norm_families(self.day), length=self.length)

    @cached_property
    def loads(self) -> dict[str, PlaceLoad]:
        """The same by place."""
        return {one.code: one for one in self.caseload.parts(self.length)}

    @cached_property
    def people(self) -> dict[str, Counter[str]]:
        """Staff at work, and certificates that run out, by place: one question for both."""
        asked = {"state": "SOON", "region": self.region}
        rows = (
            staff_matching(self.acting, {"region": self.region}, self.day)
            .order_by()
            .values_list(Value("STAFF"), "region_code", "home_code")
            .union(
                certificates.matching(self.acting, asked, self.day)
                .order_by()
                .values_list(Value("ENDING"), "staff__region_code", "staff__home_code"),
                all=True,
            )
        )
        told: dict[str, Counter[str]] = {"STAFF": Counter(), "ENDING": Counter()}
        for what, region, home in rows:
            told[what][self.place(region, home)] += 1
        return told

    @cached_property
    def signing(self) -> list[code_queries.Covered]:
        """Who signed the code of ethics."""
        return code_queries.coverage(self.acting, self.region, self.day)

    @cached_property
    def covered(self) -> list[Any]:
        """Who lacks what."""
        return certificates.coverage(self.acting, self.region, self.day)

    @cached_property
    def doers(self) -> dict[Any, str]:
        """Staff in service in the month and where they count."""
        rows: Iterable[Staff] = staff_in(self.acting, self.month, {"region": self.region})
        return {one.pk: self.place(one.region_code, one.home_code) for one in rows}

    @cached_property
    def done(self) -> Done:
        """What they did in the month."""
        return done([*self.doers], self.month)

    @cached_property
    def held(self) -> dict[str, int]:
        """Events of training that are over this year, by office."""
        return held_by_office(self.acting, self.region, self.day.year)


@dataclass(frozen=True)
class Indicator:
    """One figure: one definition in the product."""

    key: str
    words: str | Promise
    definition: str | Promise
    unit: str | Promise
    monthly: bool
    counts: Callable[[Read], Counts]
    link: Callable[[Read, str], str]
    """The page of its rows, of a place."""
    whole: Callable[[Read], int | None] | None = None
    """Of the whole region, where that is not the sum of its places."""
    short: str | Promise = ""
    """At the head of a narrow column, where `words` are long."""

    def of(self, read: Read) -> tuple[int | None, Counts]:
        """Of the region, and of its places."""
        counts = self.counts(read)
        if self.whole is not None:
            return self.whole(read), counts
        return (None if counts is None else sum(counts.values())), counts

    def period(self, read: Read) -> str:
        """Of when."""
        return read.month.words if self.monthly else ""


def _staff_link(_read: Read, code: str) -> str:
    return narrowed(reverse("facilitators:staff"), {"region": code})


def _load_link(_read: Read, code: str) -> str:
    return reverse("caseload:load", args=[code]) if code else reverse("caseload:top")


def _people_link(over: str) -> Callable[[Read, str], str]:
    def link(_read: Read, code: str) -> str:
        return narrowed(reverse("caseload:people", args=[code]), {"over": over}) if code else reverse("caseload:top")

    return link


def _to(name: str, **asked: str) -> Callable[[Read, str], str]:
    return lambda _read, code: narrowed(reverse(name), {**asked, "region": code})


def _overloaded(read: Read) -> Counts:
    found = {code: one.over_limit for code, one in read.loads.items()}
    return {code: n for code, n in found.items() if n is not None} if read.caseload.limits.any else None


def _unsigned(read: Read) -> Counts:
    if all(one.without == one.staff for one in read.signing):
        return None
    counted: Counter[str] = Counter()
    for one in read.signing:
        counted[read.place(one.district, one.sub_district)] += one.due
    return counted


def _lacking(read: Read) -> Counts:
    if not read.covered:
        return None
    if read.by_home:
        return {}
    counted: Counter[str] = Counter()
    for one in read.covered:
        counted[read.place(one.district)] += one.never + one.expired
    return counted


def _lacking_whole(read: Read) -> int | None:
    return sum(one.never + one.expired for one in read.covered) if read.covered else None


def _held(read: Read) -> Counts:
    counted: Counter[str] = Counter()
    for office, events in read.held.items():
        if place := read.place(office):
            counted[place] += events
    return counted


def _held_whole(read: Read) -> int:
    return sum(read.held.values())


def _held_link(read: Read, code: str) -> str:
    asked = {"year": str(read.day.year), "state": Event.State.CLOSED.value, "region": code}
    return narrowed(reverse("training:events"), asked)


def _achieved(read: Read) -> Counts:
    rows = narrowed_to(achievements(read.acting), _confirmed(read) | {"region": read.region}).order_by()
    codes = rows.values_list("family__village_code", flat=True)
    return Counter(code[: read.length] for code in codes)


def _confirmed(read: Read) -> dict[str, str]:
    return {"keadaan": Achievement.State.CONFIRMED.value, "tahun": str(read.day.year)}


def _achieved_link(read: Read, code: str) -> str:
    return narrowed(reverse("achievements:achievements"), _confirmed(read) | {"region": code})


_STAFF = _(
    "Sudah bergabung dan belum berhenti, termasuk yang cuti; dihitung di tempat tugasnya, di dalam kabupaten/kota di "
    "kecamatan tempat ia berangkat"
)
_FAMILIES = _("Keluarga berstatus aktif atau ditangguhkan yang tinggal di sana")
_WITHOUT = _("Keluarga aktif atau ditangguhkan yang tidak didampingi siapa pun hari ini")
_LOAD = _(
    "Keluarga seluruh pendamping yang terhitung di sana, dibagi jumlah pendampingnya, dibulatkan. Seorang pendamping "
    "terhitung di setiap tempat ia mendampingi, dengan seluruh bebannya; yang bertugas dan belum mendampingi siapa pun "
    "terhitung di kabupaten/kotanya, tidak di kecamatan. Rata-rata seluruhnya karena itu bukan rata-rata tempatnya"
)
_OVERLOADED = _(
    "Pendamping dengan keluarga sebanyak batas yang ditetapkan kantornya, atau lebih; seorang yang mendampingi di dua "
    "tempat terhitung di keduanya, tetapi sekali dalam jumlah seluruhnya"
)
_LACKING = _(
    "Setiap keahlian yang diperlukan tugas seorang SDM dan sertifikatnya tidak ada atau sudah berakhir; seorang dapat "
    "kurang lebih dari satu"
)
_ENDING = _("Sertifikat yang berlaku dan berakhir dalam tiga bulan")
_HELD = _(
    "Bimtek, bimtap, diklat, pembelajaran daring, dan rapat konsolidasi yang mulai tahun ini dan sudah ditutup, "
    "menurut kantor yang menyelenggarakannya; yang diselenggarakan kantor ini sendiri hanya terhitung dalam jumlah "
    "seluruhnya"
)
_UNSIGNED = _("SDM bertugas yang belum menandatangani versi yang berlaku baginya")
_ACHIEVED = _("Prestasi anak dan keluarga mandiri yang terjadi tahun ini dan sudah dikonfirmasi")
_RECORDS = _("Catatan yang menunjukkan hasil kerja ini, dari pekerjaan SDM di bulan itu")


def _by_load(tell: Callable[[PlaceLoad], int | None]) -> Callable[[Read], Counts]:
    """A number of each place of the caseload that has one."""

    def counts(read: Read) -> Counts:
        told = {code: tell(one) for code, one in read.loads.items()}
        return {code: number for code, number in told.items() if number is not None}

    return counts


OF_CASELOAD = frozenset({"families", "without", "load", "overloaded"})
"""Keys of those that are read of the caseload."""

OFFICE: tuple[Indicator, ...] = (
    Indicator(
        "staff", _("SDM bertugas"), _STAFF, _("orang"), False, lambda read: read.people["STAFF"], _staff_link,
        short=_("SDM"),
    ),
    Indicator(
        "families", _("Keluarga"), _FAMILIES, _("keluarga"), False, _by_load(lambda one: one.families), _load_link,
        whole=lambda read: read.caseload.whole().families,
    ),
    Indicator(
        "without", _("Tanpa pendamping"), _WITHOUT, _("keluarga"), False, _by_load(lambda one: one.without),
        _to("caseload:unaccompanied"), whole=lambda read: read.caseload.whole().without,
        short=_("Tanpa"),
    ),
    Indicator(
        "load", _("Rata-rata beban"), _LOAD, _("keluarga per pendamping"), False,
        _by_load(lambda one: one.mean_families), _people_link(""),
        whole=lambda read: read.caseload.whole().mean_families, short=_("Rata-rata"),
    ),
    Indicator(
        "overloaded", _("Mencapai batas"), _OVERLOADED, _("orang"), False, _overloaded, _people_link("limit"),
        whole=lambda read: read.caseload.whole().over_limit, short=_("Di batas"),
    ),
    Indicator(
        "lacking", _("Keahlian yang kurang"), _LACKING, _("kekurangan"), False, _lacking, _to("certificates:needs"),
        whole=_lacking_whole, short=_("Keahlian"),
    ),
    Indicator(
        "ending", _("Sertifikat segera berakhir"), _ENDING, _("sertifikat"), False, lambda read: read.people["ENDING"],
        _to("certificates:certificates", state="SOON"), short=_("Sertifikat"),
    ),
    Indicator(
        "held", _("Pelatihan yang selesai tahun ini"), _HELD, _("kegiatan"), False, _held, _held_link,
        whole=_held_whole, short=_("Pelatihan"),
    ),
    Indicator(
        "unsigned", _("Belum tanda tangan kode etik"), _UNSIGNED, _("orang"), False, _unsigned, _to("conduct:coverage"),
        short=_("Kode etik"),
    ),
    Indicator(
        "achieved", _("Prestasi tahun ini"), _ACHIEVED, _("prestasi"), False, _achieved, _achieved_link,
        short=_("Prestasi"),
    ),
)  # fmt: skip


def _area(number: int) -> Indicator:
    def counts(read: Read) -> Counts:
        if not of_area(number) or not read.doers:
            return None
        if read.by_home:
            return {}
        found: Counter[str] = Counter()
        for staff, place in read.doers.items():
            found[place] += read.done.of(number, staff=staff)
        return found

    def whole(read: Read) -> int | None:
        return read.done.of(number) if of_area(number) and read.doers else None

    def link(read: Read, code: str) -> str:
        asked = {"area": str(number), "region": code, "year": str(read.month.year), "month": str(read.month.month)}
        return narrowed(reverse("performance:acts"), asked)

    return Indicator(
        f"rhk_{number}", f"RHK {number}", _RECORDS, _("catatan"), True, counts, link, whole=whole,
    )  # fmt: skip


RESULTS: tuple[Indicator, ...] = tuple(_area(number) for number in areas())
"""The nine result areas, of the month before."""
