"""Staff and caseload as tables that leave the office, with the headers and words by which they come in again."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.core.region_code import RegionCode
from gandeng.exports.sources import Marked
from gandeng.facilitators.models import Accompaniment, Import
from gandeng.files.layouts import CASELOAD, STAFF, Layout
from gandeng.registry.marking import invented_family
from gandeng.registry.models import Family

_BESIDE_HEADER = ("Nama pendamping", "Kode desa")
"""Columns nobody reads in again."""
_PAGE = 5_000


def title_of(layout: Layout, name: str) -> str:
    """The header of a column in our own files."""
    field = layout.field(name)
    return field.aliases[0] if field.aliases else field.name


_NAMES = tuple(field.name for field in STAFF.fields if field not in STAFF.sealed)
"""NIK and family cards come in with a list and never go out with one."""
HEADERS: dict[str, tuple[str, ...]] = {
    Import.Kind.STAFF: tuple(title_of(STAFF, name) for name in _NAMES),
    Import.Kind.CASELOAD: (*(title_of(CASELOAD, name) for name in CASELOAD.names), *_BESIDE_HEADER),
}

_WORDS = {field.name: {ours: word for word, ours in field.words} for field in STAFF.fields if field.words}

_STAFF = """
with posts as (
    select o.*, row_number() over (partition by o.staff_id, o.role order by o.valid_from desc) as newest,
        row_number() over (partition by o.staff_id order by o.valid_from desc, o.role) as last,
        bool_or(o.valid_until is null or o.valid_until > %(day)s) over (partition by o.staff_id) as goes_on
    from facilitators_post o join facilitators_staff s on s.id = o.staff_id
    where (s.region_code ^@ %(region)s or s.home_code = %(region)s or o.region_code = %(region)s)
        and (o.valid_until is null or o.valid_until > o.valid_from))
select s.staff_no, p.name, s.joined_on, o.region_code, s.home_code, s.education, e.kind, e.job_title, e.service_no,
    o.role, greatest(o.valid_from, e.valid_from), s.left_on, s.left_because
from posts o join facilitators_staff s on s.id = o.staff_id join accounts_person p on p.id = s.person_id
join lateral (
    select * from facilitators_employment e where e.staff_id = s.id
        and (e.valid_until is null or e.valid_until > e.valid_from)
        and (o.valid_until is null or e.valid_from < o.valid_until)
    order by e.valid_from desc limit 1) e on true
where case when o.goes_on then o.newest = 1 and (o.valid_until is null or o.valid_until > %(day)s)
    else o.last = 1 end
order by s.staff_no, o.role
"""
"""Posts that go on; of somebody who has none any more, the last."""


_FOR_KEEPERS = ("service_no", "left_because")
"""Numbers of papers and why somebody left: for who keeps or checks records alone, as on her page."""


def whole_for(acting: Acting, region: str) -> bool:
    """True for who gets every column of the staff list."""
    return any(acting.may(may, region) for may in (May.KEEP_STAFF, May.SEE_LOG))


def header_of(kind: str, *, whole: bool) -> tuple[str, ...]:
    """The columns somebody gets."""
    if kind == Import.Kind.CASELOAD or whole:
        return HEADERS[kind]
    return tuple(title_of(STAFF, name) for name in _columns(whole=False))


def _columns(*, whole: bool) -> tuple[str, ...]:
    return tuple(name for name in _NAMES if whole or name not in _FOR_KEEPERS)


def count_of(kind: str, region: str) -> int:
    """Rows of the table."""
    if kind == Import.Kind.CASELOAD:
        return _accompanied(region).count()
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({_STAFF}) t", {"region": region, "day": timezone.localdate()})
        return int(cursor.fetchone()[0])


def lines_of(kind: str, region: str, *, whole: bool) -> Iterator[Sequence[str | int]]:
    """The rows, in the order of their numbers."""
    return _caseload(region) if kind == Import.Kind.CASELOAD else _staff(region, whole=whole)


def _staff(region: str, *, whole: bool) -> Iterator[Sequence[str | int]]:
    with connection.cursor() as cursor:
        cursor.execute(_STAFF, {"region": region, "day": timezone.localdate()})
        while rows := cursor.fetchmany(_PAGE):
            for row in rows:
                told = dict(zip(_NAMES, row, strict=True))
                yield [_cell(name, told[name]) for name in _columns(whole=whole)]


def _cell(name: str, value: str | date | None) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if not value:
        return ""
    if name in ("region_code", "home_code"):
        return RegionCode(value).dotted()
    return _WORDS.get(name, {}).get(value, value)


def _accompanied(region: str) -> QuerySet[Accompaniment]:
    open_ones = Accompaniment.objects.filter(valid_until=None)
    return open_ones.filter(village_code__startswith=region) if region else open_ones


def _caseload(region: str) -> Iterator[Sequence[str | int]]:
    rows = (
        _accompanied(region)
        .order_by("family__family_no")
        .values_list("family__family_no", "staff__staff_no", "valid_from", "staff__person__name", "village_code")
    )
    for family, staff, since, name, village in rows.iterator(chunk_size=_PAGE):
        yield [family, staff, since.isoformat(), name, RegionCode(village).dotted()]


def invented_line(region: str) -> Marked | None:
    """A family that is none, accompanied by somebody of its village; an import leaves it out in silence."""
    families = Family.objects.filter(accompaniments__in=_accompanied(region))
    marked = invented_family(families)
    if marked is None:
        return None
    village = str(marked.line[2])
    like = _accompanied(village).select_related("staff__person").order_by("pk").first()
    if like is None:
        return None
    line = [
        marked.number, like.staff.staff_no, like.valid_from.isoformat(), like.staff.person.name,
        RegionCode(village).dotted(),
    ]  # fmt: skip
    return Marked(marked.number, marked.name, line)
