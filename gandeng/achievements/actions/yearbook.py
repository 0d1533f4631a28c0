"""Making an edition: what may be told today, typeset, sealed, with its digests; taking it along."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.actions.common import AchievementRefused
from gandeng.achievements.book import Told, by_district, paper_of, photo_names, table_of, told
from gandeng.achievements.models import Consent, Edition, EditionFile, Entry, Paper
from gandeng.achievements.queries import content_of
from gandeng.achievements.yearbook_queries import READS, candidates, counts
from gandeng.audit.actions import record
from gandeng.audit.sealing import Place, seal_content, unseal_content
from gandeng.documents.yearbook import Picture, write_yearbook
from gandeng.files.photos import reduced
from gandeng.jobs.work import Report
from gandeng.web.language import indonesian

ENTRIES_MAX = 2_000
PRINTED_PX = 480
"""Three centimetres wide at 300 dots an inch and a little more."""
LEVELS = ("INTERNATIONAL", "NATIONAL", "PROVINCE", "DISTRICT", "SUB_DISTRICT", "SCHOOL", "")


def make_edition(acting: Acting, province: str, year: int, report: Report) -> Edition:
    """All that consent covers now. Raises AchievementRefused, PermissionDenied."""
    authority = acting.authority(May.CONFIRM_ACHIEVEMENT, province)
    if year > timezone.localdate().year:
        raise AchievementRefused(_("Tahun itu belum tiba."))
    report("Memeriksa persetujuan", 0, 4)
    with transaction.atomic():
        rows = _held(acting, province, year)
        now = timezone.now()
        edition = Edition(region_code=province, year=year, made_by_id=acting.person_id, as_of=now, authority=authority)
        number = Edition.objects.filter(region_code=province, year=year).count() + 1
        report("Membuka foto yang disetujui", 1, 4)
        with indonesian():
            entries = [told(one) for one in rows]
            pictures = _pictures(entries)
            report("Menyusun halaman", 2, 4)
            pdf = write_yearbook(paper_of(province, year, number, now, entries), pictures, now)
            csv = table_of(entries)
        report("Menyimpan", 3, 4)
        _kept(edition, number, rows, entries, candidates(acting, province, year), {"pdf": pdf, "csv": csv})
        record(
            acting, "yearbook.made", edition, region=province, authority=authority, year=year, number=edition.number,
            entries=edition.entries, pdf_sha256=edition.pdf_sha256, csv_sha256=edition.csv_sha256,
        )  # fmt: skip
    return edition


def _held(acting: Acting, province: str, year: int) -> list[Any]:
    """Who comes in, in the order of the book; nobody takes back a consent until the edition is kept."""
    ready = candidates(acting, province, year).filter(why="")
    keys = list(ready.values_list("consent_id", flat=True)[: ENTRIES_MAX + 1])
    if not keys:
        raise AchievementRefused(_("Belum ada yang dapat dimuat: lihat alasannya di daftar."))
    if len(keys) > ENTRIES_MAX:
        raise AchievementRefused(_("Lebih dari dua ribu catatan tidak dimuat dalam satu buku."))
    list(Consent.objects.filter(pk__in=keys).order_by("pk").select_for_update(of=("self",), no_key=True).values("pk"))
    rows = list(candidates(acting, province, year).filter(why="", consent_id__in=keys))
    return sorted(rows, key=lambda one: (one.district, one.kind, LEVELS.index(one.level), one.achieved_on, str(one.pk)))


def _pictures(entries: list[Told]) -> dict[str, Picture]:
    names = photo_names(entries)
    found = {}
    for paper in Paper.objects.filter(kind=Paper.Kind.PHOTO, achievement_id__in=names).iterator(chunk_size=20):
        small = reduced(content_of(paper), longest_px=PRINTED_PX)
        found[names[str(paper.achievement_id)]] = Picture(small.jpeg, small.width, small.height)
    return found


def _kept(
    edition: Edition, number: int, rows: list[Any], entries: list[Told], all_rows: Any, files: dict[str, bytes]
) -> None:
    left_out: dict[str, int] = {}
    for why, _district, _kind, n in counts(all_rows):
        if why:
            left_out[why] = left_out.get(why, 0) + n
    edition.entries, edition.figures = len(rows), {"districts": by_district(entries), "left_out": left_out}
    edition.pdf_sha256, edition.csv_sha256 = (hashlib.sha256(files[form]).hexdigest() for form in ("pdf", "csv"))
    edition.number = number
    edition.save(force_insert=True)
    edition.refresh_from_db(fields=["number"])
    if edition.number != number:
        raise AchievementRefused(_("Edisi lain baru saja dibuat. Buat lagi."))
    try:
        Entry.objects.bulk_create([_row(edition, place, row) for place, row in enumerate(rows, 1)], batch_size=500)
    except IntegrityError as error:
        raise AchievementRefused(_("Sebuah persetujuan berubah ketika buku disusun. Buat lagi.")) from error
    for form, content in files.items():
        key = uuid4()
        EditionFile.objects.create(
            pk=key, edition=edition, region_code=edition.region_code, form=form, byte_count=len(content),
            content_sealed=seal_content(content, _place(key)),
        )  # fmt: skip


def _row(edition: Edition, place: int, one: Any) -> Entry:
    agreed: Consent = one.consent
    return Entry(
        edition=edition, achievement_id=one.pk, consent=agreed, place=place, district_code=one.district,
        told_name=agreed.covers_name, told_school=agreed.covers_school and bool(one.school),
        told_photo=agreed.covers_photo and one.photographed,
        told_story=agreed.covers_story and bool(one.story_sealed),
    )  # fmt: skip


def _place(key: UUID) -> Place:
    return Place("achievements_editionfile", "content", str(key))


@transaction.atomic
def fetch_edition(acting: Acting, edition: Edition, form: str) -> bytes:
    """The PDF or the CSV, as it was made, written down first. PermissionDenied."""
    held = next((may for may in READS if acting.may(may, edition.region_code)), READS[0])
    authority = acting.authority(held, edition.region_code)
    file = EditionFile.objects.get(edition=edition, form=form)
    record(
        acting, "yearbook.fetched", edition, region=edition.region_code, authority=authority, form=form,
        rows=edition.entries, year=edition.year, number=edition.number,
    )  # fmt: skip
    return unseal_content(bytes(file.content_sealed), _place(file.pk))
