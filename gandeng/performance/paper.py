"""A report's content as the blocks of a paper, in Indonesian: what both the PDF and the DOCX lay out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from gandeng.documents.monthly_report import Block, Paper
from gandeng.performance.composing import LISTED, UNKNOWN_KEPT, day_words, instant_words
from gandeng.performance.months import month_words

PARTS_KEPT = (
    "I. Pendahuluan", "II. Kegiatan", "III. Hasil", "IV. Kesimpulan dan saran", "V. Penutup", "Lampiran: foto kegiatan",
)  # fmt: skip
INTRO_KEPT = {"overview": "Gambaran umum", "aims": "Maksud dan tujuan", "scope": "Ruang lingkup", "basis": "Dasar"}
FACTS_HEADER = ("Nama", "Nomor SDM", "NIP atau nomor kontrak", "Jabatan", "Wilayah kerja", "Bulan")
RESULT_HEADER = ("RHK", "Hasil kerja", "Bulan ini", "Tahun ini sampai bulan ini", "Target setahun")
ACT_HEADER = ("Tanggal", "Kegiatan", "Nomor catatan")
RESULTS_TITLE = "Hasil kerja menurut catatan sistem"
NOTHING_KEPT = "Tidak ada kegiatan bulan ini yang tercatat dalam sistem."
MORE_KEPT = "Daftar ini memuat {listed} dari {whole} catatan; selebihnya ada dalam sistem."
REMARKS_KEPT = {"conclusion": "Kesimpulan", "obstacles": "Kendala", "suggestions": "Saran"}
EMPTY_KEPT = "Tidak diisi."
CLOSING_KEPT = "Demikian laporan ini disusun dari catatan sistem sebagai bahan tinjauan."
DRAFT_KEPT = "RANCANGAN: belum diserahkan; angka menurut catatan pada {made}."
DIGEST_KEPT = "Diserahkan {handed_in}. Sidik isi (SHA-256): {digest}"
AGREED_KEPT = "Disetujui {at} oleh {by}, {authority}."
PHOTO_KEPT = "Foto {number}. {caption}"
_ID_SHOWN = 8


def paper_of(content: Mapping[str, Any], *, standing: str, day: date, agreed: str = "") -> Paper:
    """`standing` says whether it was handed in, with its digest, or is a draft; `day` is the one under it."""
    staff = content["staff"]
    told = (
        staff["name"], staff["staff_no"], staff["service_no"] or "–", staff["job_title"] or staff["post"],
        staff["region"], month_words(date.fromisoformat(f"{content['month']}-01")),
    )  # fmt: skip
    facts = list(zip(FACTS_HEADER, told, strict=True))
    number = f"NIP {staff['service_no']}" if staff["kind"] == "PPPK" and staff["service_no"] else staff["service_no"]
    return Paper(
        title=content["title"], standing=standing, facts=facts, blocks=[*_intro(content), *_acts(content),
        *_results(content), *_said(content), *_closing(agreed)], place_and_day=f"{staff['region']}, {day_words(day)}",
        signer=(staff["job_title"] or staff["post"], staff["name"], number), annex=PARTS_KEPT[5],
        photos=[
            (one["id"], PHOTO_KEPT.format(number=place, caption=one["caption"]))
            for place, one in enumerate(content["photos"], start=1)
        ],
        footer=f"{content['title']}, {staff['name']}", day=day,
    )  # fmt: skip


def draft_words(content: Mapping[str, Any]) -> str:
    """The mark of a paper that is not handed in."""
    return DRAFT_KEPT.format(made=instant_words(content["made_at"]))


def _intro(content: Mapping[str, Any]) -> list[Block]:
    blocks = [Block("heading", PARTS_KEPT[0])]
    for key, words in INTRO_KEPT.items():
        told = content["intro"][key]
        blocks.append(Block("subheading", words))
        blocks += [Block("list", items=told)] if key in ("aims", "basis") else [Block("paragraph", one) for one in told]
    return blocks


def _acts(content: Mapping[str, Any]) -> list[Block]:
    blocks = [Block("heading", PARTS_KEPT[1])]
    if not content["activities"]:
        return [*blocks, Block("paragraph", NOTHING_KEPT)]
    for one in content["activities"]:
        rows = [(day_words(date.fromisoformat(day)), what, thing[-_ID_SHOWN:]) for day, what, _, thing in one["rows"]]
        caption = f"RHK {one['area']}. {one['subject']} ({one['count']})"
        blocks.append(Block("table", caption, header=ACT_HEADER, rows=rows, widths=(3, 9, 3)))
        if one["count"] > len(rows):
            blocks.append(Block("paragraph", MORE_KEPT.format(listed=LISTED, whole=one["count"])))
    return blocks


def _results(content: Mapping[str, Any]) -> list[Block]:
    rows = [
        (
            str(one["area"]), one["subject"], *(UNKNOWN_KEPT if one[key] is None else str(one[key])
            for key in ("month", "year")), one["target"],
        )
        for one in content["results"]
    ]  # fmt: skip
    table = Block(
        "table", RESULTS_TITLE, header=RESULT_HEADER, rows=rows, widths=(1.2, 5, 2.6, 3, 3), numeric=(2, 3, 4)
    )
    return [Block("heading", PARTS_KEPT[2]), table]


def _said(content: Mapping[str, Any]) -> list[Block]:
    blocks = [Block("heading", PARTS_KEPT[3])]
    for key, words in REMARKS_KEPT.items():
        told = [line.strip() for line in content["remarks"][key].splitlines() if line.strip()]
        blocks.append(Block("subheading", words))
        blocks += [Block("paragraph", line) for line in told or [EMPTY_KEPT]]
    return blocks


def _closing(agreed: str) -> list[Block]:
    told = [Block("heading", PARTS_KEPT[4]), Block("paragraph", CLOSING_KEPT)]
    return [*told, Block("paragraph", agreed)] if agreed else told
