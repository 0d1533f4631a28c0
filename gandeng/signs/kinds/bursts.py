"""Visits to so many families in so few minutes that nobody could have been there while they were recorded.

A sheet of a school or a meeting is one act however many members it holds: visits alone are counted.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import MADE, Facts, Kind, unlooked
from gandeng.signs.thresholds import BURST_FAMILIES, BURST_MINUTES

SQL = f"""
with visits as (
    select distinct on (v.by_id, v.family_id, (m.made at time zone 'Asia/Jakarta')::date)
        v.by_id, v.village_code, v.entry_id, m.made
    from field_visit v join field_entry e on e.id = v.entry_id
    cross join lateral (select {MADE.format("e")} as made) m
    where v.village_code ^@ %(district)s and m.made >= %(since)s and m.made < %(until)s
        and {unlooked("BURST", "'entry:' || v.entry_id")}
    order by v.by_id, v.family_id, (m.made at time zone 'Asia/Jakarta')::date, m.made, v.entry_id
),
begun as (
    select *, case when lead(made, %(families)s - 1) over w <= made + %(within)s::interval then made end as begins
    from visits window w as (partition by by_id order by made, entry_id)
),
covered as (
    select * from (
        select *, max(begins) over (partition by by_id order by made, entry_id) as last_begun from begun) b
    where made <= last_begun + %(within)s::interval
),
numbered as (
    select *, count(*) filter (where begins_anew) over (partition by by_id order by made, entry_id) as burst
    from (
        select *, coalesce(made - lag(made) over (partition by by_id order by made, entry_id) > %(within)s::interval,
            true) as begins_anew from covered) c
)
select by_id, null::uuid, min(village_code), min(made), max(made), count(*)::int,
    array_agg('entry:' || entry_id order by made, entry_id),
    jsonb_build_object('families', count(*),
        'minutes', greatest(ceil(extract(epoch from max(made) - min(made)) / 60), 1)::int)
from numbered group by by_id, burst
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    return _("Kunjungan ke %(families)s keluarga dicatat dalam %(minutes)s menit.") % dict(facts)


KIND = Kind(
    "BURST", gettext_lazy("Banyak kunjungan dalam beberapa menit"),
    gettext_lazy("Kunjungan ke 10 keluarga atau lebih yang dicatat dalam 10 menit. Satu lembar atau satu pertemuan "
                 "tidak dihitung, berapa pun isinya."),
    gettext_lazy("Kunjungan sehari dapat dicatat sekaligus pada malam hari."),
    SQL, {"families": BURST_FAMILIES, "within": f"{BURST_MINUTES} minutes"}, told,
)  # fmt: skip
