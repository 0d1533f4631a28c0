"""A phone's clock that was moved: between two deliveries, between two entries, or to before what an entry answers.

A clock that is wrong by a constant, be it years, is no sign: what it shows is corrected.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.signs.kinds import MADE, Facts, Kind
from gandeng.signs.thresholds import CLOCK_SECONDS

SQL = f"""
with entries as (
    select e.*, {MADE.format("e")} as made from field_entry e
    where e.region_code ^@ %(district)s and e.received_at >= %(since)s and e.received_at < %(until)s
        and e.made_at is not null
),
delivered as (
    select distinct on (device_id, received_at) device_id, received_at, id, clock_offset_seconds as ahead
    from entries order by device_id, received_at, seq, id
),
jumped as (
    select id, lag(id) over w as was, abs(ahead - lag(ahead) over w) as seconds, 'DELIVERY' as why
    from delivered window w as (partition by device_id order by received_at)
),
ordered as (
    select id, lag(id) over w as was, extract(epoch from lag(made) over w - made) as seconds, 'ORDER' as why
    from entries where seq is not null window w as (partition by device_id order by seq, received_at, id)
),
answering as (
    select e.id, o.id as was, extract(epoch from o.made - e.made) as seconds, 'ANSWER' as why
    from entries e join entries o on o.entry_id = e.mends and o.person_id = e.person_id and o.id <> e.id
),
moved as (
    select distinct on (id) * from (
        select * from jumped union all select * from ordered union all select * from answering) every
    where seconds > %(seconds)s order by id, seconds desc
)
select e.person_id, null::uuid, e.region_code, o.made, e.made, least(m.seconds / 60, 99999)::int,
    array['entry:' || m.was, 'entry:' || e.id],
    jsonb_build_object('hours', round(m.seconds / 3600.0, 1), 'why', m.why)
from moved m join entries e on e.id = m.id join entries o on o.id = m.was
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    hours = {"hours": str(facts["hours"]).removesuffix(".0").replace(".", ",")}
    match facts["why"]:
        case "DELIVERY":
            return _("Jam ponsel bergeser %(hours)s jam di antara dua pengiriman.") % hours
        case "ANSWER":
            return _("Catatan dibuat %(hours)s jam sebelum catatan yang diperbaikinya.") % hours
    return _("Jam mundur %(hours)s jam di antara dua catatan berurutan dari satu ponsel.") % hours


KIND = Kind(
    "CLOCK", gettext_lazy("Jam ponsel melompat"),
    gettext_lazy("Jam ponsel yang bergeser lebih dari satu jam di antara dua pengiriman, atau catatan yang lebih tua "
                 "daripada yang mendahuluinya. Jam yang selalu salah sama besarnya bukan tanda."),
    gettext_lazy("Jam yang dibetulkan, atau baterai yang habis."),
    SQL, {"seconds": CLOCK_SECONDS}, told,
)  # fmt: skip
