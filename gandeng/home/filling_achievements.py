"""Achievements of the try-out: a dozen invented ones in every state, and an edition of the yearbook."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

from django.utils import timezone
from PIL import Image, ImageDraw

from gandeng.accounts.acting import Acting
from gandeng.achievements.actions import consents, deciding, records
from gandeng.achievements.actions.common import Sent
from gandeng.achievements.actions.yearbook import make_edition
from gandeng.achievements.models import Achievement
from gandeng.home.filling_people import Cast
from gandeng.registry.models import Family, Member, ordered_id

type Doing = Callable[[Acting], AbstractContextManager[Acting]]

_OF_CHILDREN = (
    ("ACADEMIC", "DISTRICT", "Juara 1 olimpiade matematika SD", "Dinas Pendidikan", "SDN Teluk Dalam 3"),
    ("SPORT", "PROVINCE", "Medali perak renang gaya dada", "KONI provinsi", "SMPN 6"),
    ("ART", "SUB_DISTRICT", "Juara 2 lomba madihin anak", "Kecamatan", "SDN Pelambuan 1"),
    ("RELIGION", "DISTRICT", "Juara harapan tilawah anak", "LPTQ", "MIN 2"),
    ("ACADEMIC", "SCHOOL", "Peringkat pertama kelas VI", "Sekolah", "SDN Kelayan 5"),
    ("SPORT", "NATIONAL", "Peserta kejuaraan pencak silat pelajar", "Panitia nasional", "SMAN 3"),
    ("ART", "DISTRICT", "Juara 1 menari kreasi", "Sanggar kota", "SMPN 14"),
    ("OTHER", "SCHOOL", "Penggerak perpustakaan sekolah", "Sekolah", "SDN Basirih 2"),
    ("SPORT", "DISTRICT", "Juara 3 bulu tangkis tunggal putra", "PBSI kota", "SMPN 9"),
    ("ACADEMIC", "PROVINCE", "Finalis karya tulis pelajar", "Balai bahasa", "SMAN 1"),
)
_OF_FAMILIES = (
    ("ENTERPRISE", "Warung sembako sudah menghidupi keluarga"),
    ("ENTERPRISE", "Usaha sasirangan mempekerjakan dua tetangga"),
)
_STORY = "Ia belajar sepulang membantu ibunya berjualan. Guru dan pendampingnya menyemangati sejak awal."
_DRAFT, _WAITING, _RETURNED, _NO_PHOTO = 8, (7, 9), 6, (2, 4)
"""By place in the list: which stays a draft, which wait, which came back, whose consent leaves name and photo out."""
_PROOF = Sent("piagam.pdf", "application/pdf", b"%PDF-1.7 piagam percobaan")
_SIGNED = Sent("persetujuan.pdf", "application/pdf", b"%PDF-1.7 surat percobaan")
_YOUNGEST, _OLDEST = 9, 16


def fill_achievements(cast: Cast, doing: Doing) -> None:
    """As the people of the main district would: recorded, agreed to, confirmed; one takes its consent back."""
    district = cast.facilitator.grants[0].region_code[:4]
    operator, coordinator = cast.operators[district], cast.coordinators[district]
    today = timezone.localdate()
    with doing(operator):
        made = [_child(operator, place, child, today) for place, child in enumerate(_children(today))]
        families = list(Family.objects.filter(status="ACTIVE").order_by("-family_no")[: len(_OF_FAMILIES)])
        made += [
            _recorded(
                operator, family, None, records.Told(field, what, _day(today), standing="ON_THE_WAY"), "COLLECTOR"
            )
            for family, (field, what) in zip(families, _OF_FAMILIES, strict=False)
        ]
        ready = [one for place, one in enumerate(made) if place != _DRAFT]
        for one in ready:
            records.submit(operator, one)
    with doing(coordinator):
        for place, one in enumerate(made):
            if place == _RETURNED:
                deciding.give_back(coordinator, one, "Piagamnya tidak terbaca. Foto ulang lalu ajukan lagi.")
            elif place not in (_DRAFT, *_WAITING):
                deciding.confirm(coordinator, one)
    with doing(cast.province_officer) as officer:
        make_edition(officer, cast.province, _day(today).year, lambda *_: None)
    with doing(operator):
        consents.withdraw_consent(operator, made[0], today, "Keluarga tidak ingin dimuat lagi")


def _day(today: date) -> date:
    """Some weeks ago, this year or the last."""
    return today - timedelta(days=40)


def _children(today: date) -> list[Member]:
    rows = Member.objects.filter(
        birth_date__lte=today - timedelta(days=366 * _YOUNGEST), birth_date__gt=today - timedelta(days=365 * _OLDEST),
        deceased_on=None, left_on=None, family__status="ACTIVE",
    )  # fmt: skip
    rows = rows.exclude(collects_for__isnull=False).select_related("family").order_by("member_no")
    return list(rows[: len(_OF_CHILDREN)])


def _child(operator: Acting, place: int, child: Member, today: date) -> Achievement:
    field, level, what, giver, school = _OF_CHILDREN[place]
    told = records.Told(
        field, what, _day(today), level=level, giver=giver, school=school, story=_STORY if place % 2 == 0 else ""
    )
    covers = frozenset({"book", "story"}) if place in _NO_PHOTO else frozenset(consents.COVERS)
    return _recorded(operator, child.family, child, told, "MOTHER", covers)


def _recorded(
    operator: Acting, family: Family, member: Member | None, told: records.Told, relation: str,
    covers: frozenset[str] = frozenset({"book", "name"}),
) -> Achievement:  # fmt: skip
    one = records.record_achievement(operator, family, member, told, ordered_id())
    records.add_paper(operator, one, "PROOF", _PROOF)
    if "photo" in covers:
        records.add_paper(operator, one, "PHOTO", Sent("foto.jpg", "image/jpeg", _picture(len(told.what))))
    agreed = timezone.localdate() - timedelta(days=7)
    given = consents.Given("Wali percobaan", relation, agreed, agreed + timedelta(days=730), covers, _SIGNED)
    consents.give_consent(operator, one, given, ordered_id())
    return one


def _picture(seed: int) -> bytes:
    """A drawn figure, of nobody."""
    drawn = Image.new("RGB", (480, 600), (210, 226 - seed, 235))
    draw = ImageDraw.Draw(drawn)
    draw.ellipse((150, 90, 330, 290), fill=(201, 160, 120))
    draw.rounded_rectangle((95, 310, 385, 640), 90, fill=(30 + seed * 4, 90, 120))
    out = io.BytesIO()
    drawn.save(out, "JPEG")
    return out.getvalue()
