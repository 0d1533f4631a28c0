"""Two records of one person, one after the other, that lie farther apart than anybody travels in the time between."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import Facts, Kind
from gandeng.signs.thresholds import TRAVEL_KMH, TRAVEL_METRES

EARTH_METRES = 6_371_008.8
"""Mean radius."""

METRES = f"""2 * {EARTH_METRES} * asin(least(1, sqrt(power(sin(radians({{a}}lat - {{b}}lat) / 2), 2)
    + cos(radians({{a}}lat)) * cos(radians({{b}}lat)) * power(sin(radians({{a}}lon - {{b}}lon) / 2), 2))))"""
"""Along the great circle."""

SQL = f"""
with pairs as (
    select n.*, lag(entry_id) over w as was_id, lag(made) over w as was_made, lag(metres) over w as was_metres,
        lag(lat) over w as was_lat, lag(lon) over w as was_lon
    from signs_noted n window w as (partition by person_id order by made, entry_id)
),
apart as (
    select *, {METRES.format(a="", b="was_")} - metres - was_metres as far,
        greatest(extract(epoch from made - was_made), 1)::float8 as seconds
    from pairs where was_id is not null
)
select person_id, null::uuid, village, was_made, made, least(far / seconds * 3.6, 9999)::int,
    array['entry:' || was_id, 'entry:' || entry_id],
    jsonb_build_object('km', round((far / 1000)::numeric, 1), 'minutes', ceil(seconds / 60)::int)
from apart where far > %(metres)s and far / seconds * 3.6 > %(kmh)s
"""
# Of records that cannot all be true two that follow each other cannot both: it is enough to look at neighbours.


def told(facts: Facts) -> str:
    """Its sentence."""
    return _("Dua catatan berurutan berjarak %(km)s km, padahal terpaut %(minutes)s menit.") % {
        "km": str(facts["km"]).replace(".", ","), "minutes": facts["minutes"],
    }  # fmt: skip


KIND = Kind(
    "TRAVEL", gettext_lazy("Jarak yang tidak mungkin ditempuh"),
    gettext_lazy("Dua catatan orang yang sama yang tempatnya menuntut lebih dari 100 km/jam, pada jarak lebih dari "
                 "2 km."),
    gettext_lazy("Ponsel kadang memberi tempat lama ketika sinyalnya lemah."),
    SQL, {"metres": TRAVEL_METRES, "kmh": TRAVEL_KMH}, told,
)  # fmt: skip
