"""A photo used for something else before, the same or alike: visits, sheets, meetings, monthly reports, of anyone here.

The same picture counts wherever the matter or the day is another; one that is only alike, where the matter is another:
a class room looks like itself. A monthly report may show what its writer sent from the field.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import MADE, Facts, Kind, unlooked
from gandeng.signs.thresholds import FLAT_BITS, LOOK_BITS

_BANDS = 5
"""Of two hashes that differ in four bits one of five parts is equal: only pictures that share a part are compared."""
# Keys are joined as one value each: of two columns the planner took the one that is the same for all of a person's.

SQL = f"""
with uses as (
    select 'entry:' || e.id as row, 'FIELD' as source, e.person_id, e.region_code as village, {MADE.format("e")} as at,
        p.sha256, p.look, coalesce(v.family_id, s.facility_id, m.group_id, e.family_id, e.id) as matter,
        coalesce(v.on_day::text, s.year || '-' || s.quarter, m.on_day::text,
            ({MADE.format("e")})::date::text) as day
    from field_entry e cross join lateral jsonb_array_elements_text(e.photos) as named(sha256)
    join field_photo p on p.person_id || p.sha256 = e.person_id || named.sha256
    left join field_visit v on v.entry_id = e.id
    left join commitments_sheet s on s.id = case when e.first then e.entry_id else e.id end
    left join family_sessions_meeting m on m.id = case when e.first then e.entry_id else e.id end
    where e.region_code ^@ %(district)s and e.state = 'ACCEPTED' and e.made_at >= %(since)s
    union all
    select 'report:' || p.id, 'REPORT', f.person_id, p.region_code, p.added_at, p.sha256, p.look, p.report_id, ''
    from performance_photo p join performance_report r on r.id = p.report_id
    join facilitators_staff f on f.id = r.staff_id
    where p.region_code ^@ %(district)s and p.added_at >= %(since)s and p.removed_at is null
    union all
    select 'picture:' || p.id, 'MEETING', m.by_id, p.village_code, p.added_at, p.sha256, null, m.group_id,
        m.on_day::text
    from family_sessions_picture p join family_sessions_meeting m on m.id = p.meeting_id
    where p.village_code ^@ %(district)s and p.added_at >= %(since)s and m.replaces_id is null
),
looks as (
    select distinct look from uses where bit_count(look::bit(64)) between %(flat)s and 64 - %(flat)s
),
parts as (
    select look, part << 13 | ((look >> (13 * part)) & 8191)::int as bits
    from looks, generate_series(0, {_BANDS - 1}) as part
),
alike as (
    select distinct a.look, o.look as other from parts a join parts o on o.bits = a.bits
    where bit_count((a.look # o.look)::bit(64)) <= %(bits)s
),
again as (
    select u.row, o.row as before, o.at as before_at, o.person_id as before_of, true as same
    from uses u join uses o on o.source || o.sha256 = u.source || u.sha256 and (o.at, o.row) < (u.at, u.row)
        and (o.matter, o.day) is distinct from (u.matter, u.day)
    union all
    select u.row, o.row, o.at, o.person_id, false
    from uses u join alike a on a.look = u.look join uses o on o.look = a.other and (o.at, o.row) < (u.at, u.row)
        and o.matter <> u.matter and (o.source = u.source or o.person_id <> u.person_id)
),
first_of as (
    select distinct on (row) row, before, before_at, before_of, same from again
    order by row, same desc, before_at, before
)
select u.person_id, null::uuid, min(u.village), min(f.before_at), max(u.at), count(*)::int,
    f.before || array_agg(u.row order by u.at, u.row),
    jsonb_build_object('again', count(*), 'same', count(*) filter (where f.same),
        'of_another', f.before_of <> u.person_id)
from first_of f join (select distinct on (row) * from uses order by row, at) u on u.row = f.row
where {unlooked("PHOTO", "u.row")} and u.at < %(until)s
group by u.person_id, f.before, f.before_of
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    counts = {"again": facts["again"], "same": facts["same"]}
    if facts["of_another"]:
        return _("Foto orang lain dipakai lagi %(again)s kali, %(same)s di antaranya persis sama.") % counts
    return _("Satu foto dipakai lagi %(again)s kali untuk hal lain, %(same)s di antaranya persis sama.") % counts


KIND = Kind(
    "PHOTO", gettext_lazy("Foto dipakai lagi"),
    gettext_lazy("Foto yang sama untuk hal atau hari lain, atau yang nyaris sama untuk hal lain; di kunjungan, lembar, "
                 "pertemuan, atau laporan bulanan siapa pun di kabupaten/kota ini."),
    gettext_lazy("Berkas yang salah pilih, atau dua orang pada kegiatan yang sama."),
    SQL, {"bits": LOOK_BITS, "flat": FLAT_BITS}, told,
)  # fmt: skip
