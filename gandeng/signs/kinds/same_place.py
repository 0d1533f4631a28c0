"""One point on the map for visits to many homes, or to homes of several villages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import Facts, Kind, unlooked
from gandeng.signs.thresholds import PLACE_FAMILIES, PLACE_VILLAGES, PLACE_VILLAGES_FAMILIES

SQL = f"""
with visits as (
    select v.by_id, v.family_id, v.village_code, n.entry_id, n.made, round(n.lat * 10000) as lat,
        round(n.lon * 10000) as lon
    from signs_noted n join field_visit v on v.entry_id = n.entry_id
    where {unlooked("SAME_PLACE", "'entry:' || n.entry_id")}
)
select by_id, null::uuid, min(village_code), min(made), max(made), count(distinct family_id)::int,
    array_agg('entry:' || entry_id order by made, entry_id),
    jsonb_build_object('families', count(distinct family_id), 'villages', count(distinct village_code))
from visits group by by_id, lat, lon
having count(distinct family_id) >= %(families)s
    or (count(distinct village_code) >= %(villages)s and count(distinct family_id) >= %(fewer)s)
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    if facts["villages"] > 1:
        return _("Kunjungan ke %(families)s keluarga di %(villages)s desa dicatat pada titik yang sama.") % dict(facts)
    return _("Kunjungan ke %(families)s keluarga dicatat pada titik yang sama.") % dict(facts)


KIND = Kind(
    "SAME_PLACE", gettext_lazy("Satu tempat untuk banyak rumah"),
    gettext_lazy("Kunjungan ke 30 keluarga atau lebih pada titik yang sama (sekitar 11 meter), atau ke 3 keluarga atau "
                 "lebih dari desa yang berbeda."),
    gettext_lazy("Rumah susun, atau tempat yang ditandai sesudah pulang."),
    SQL, {"families": PLACE_FAMILIES, "villages": PLACE_VILLAGES, "fewer": PLACE_VILLAGES_FAMILIES}, told,
)  # fmt: skip
