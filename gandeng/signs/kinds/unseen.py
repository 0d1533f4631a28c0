"""Active, paid families nobody met for long: a score as the sum of named points, each a reason to ask, none a proof."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.documents.numerals import long_date
from gandeng.signs.kinds import Facts, Kind
from gandeng.signs.thresholds import POINTS, UNSEEN_LEAST, UNSEEN_SCORE, UNSEEN_SHARE

SQL = """
with stages as (
    select max(c.year * 10 + c.stage) as newest
    from reconciliation_outcomeinforce o join payments_cycle c on c.id = o.cycle_id
    where o.village_code ^@ %(district)s
),
paid as (
    select y.family_id, count(*) filter (where o.outcome = 'PAID') as paid, count(*) as owed
    from reconciliation_outcomeinforce o join payments_payment y on y.payment_id = o.payment_id
    join payments_cycle c on c.id = o.cycle_id cross join stages
    where o.village_code ^@ %(district)s and c.year * 10 + c.stage > stages.newest - 10
    group by y.family_id having count(*) filter (where o.outcome = 'PAID') > 0
),
proofs as (
    select v.family_id, v.on_day as day from field_visit v
    where v.village_code ^@ %(district)s and v.result = 'MET'
    union all
    select a.family_id, m.on_day from family_sessions_attendance a join family_sessions_meeting m on m.id = a.meeting_id
    where a.village_code ^@ %(district)s and a.state in ('PRESENT', 'REPRESENTED')
    union all
    select n.family_id, n.on_day from family_sessions_absencenote n
    where n.village_code ^@ %(district)s and n.why <> 'NOT_MET'
    union all
    select r.family_id, s.signed_on from commitments_record r join commitments_sheet s on s.id = r.sheet_id
    where r.village_code ^@ %(district)s and (r.visits > 0 or r.days > r.absent + r.leave + r.sick)
    union all
    select u.family_id, u.on_day from follow_up_followup u
    where u.village_code ^@ %(district)s and u.how <> 'BANK' and u.found <> 'NOT_MET'
),
met as (select family_id, max(day) as day from proofs group by family_id),
families as (
    select f.id, f.village_code, f.entered_on, m.day as met_on, p.paid, p.paid = p.owed as always,
        exists (select from helpdesk_case h where h.family_id = f.id) as spoke,
        exists (select from registry_changerequest c where c.family_id = f.id) as changed,
        exists (select from field_visit v where v.family_id = f.id and v.result = 'MOVED') as moved
    from registry_family f join paid p on p.family_id = f.id left join met m on m.family_id = f.id
    where f.village_code ^@ %(district)s and f.status = 'ACTIVE'
),
told as (
    select f.*, array_remove(array['UNMET', case when met_on is null then 'NEVER' end,
        case when always then 'ALWAYS_PAID' end, case when not spoke then 'SILENT' end,
        case when not changed then 'UNCHANGED' end, case when moved then 'MOVED' end], null) as reasons
    from families f
    where coalesce(entered_on, date '1900-01-01') <= %(unmet)s and coalesce(met_on, date '1900-01-01') <= %(unmet)s
),
scored as (
    select t.*, (select sum((%(points)s::jsonb ->> reason)::int) from unnest(t.reasons) reason)::int as score
    from told t
),
listed as (
    select * from scored where score >= %(score)s order by score desc, met_on nulls first, id
    limit (select greatest(count(*) / %(share)s, %(least)s) from families)
)
select s.person_id, l.id, l.village_code,
    d.since, d.since, l.score,
    array['family:' || l.id, 'met:' || coalesce(l.met_on::text, ''), 'year:' || extract(year from %(today)s::date)],
    jsonb_build_object('reasons', l.reasons, 'met_on', l.met_on, 'paid', l.paid)
from listed l
cross join lateral (
    select coalesce(l.met_on, l.entered_on, %(unmet)s)::timestamp at time zone 'Asia/Jakarta' as since) d
left join lateral (select a.staff_id from facilitators_accompaniment a where a.family_id = l.id
    and daterange(a.valid_from, a.valid_until) @> %(today)s::date limit 1) a on true
left join facilitators_staff s on s.id = a.staff_id
"""


def told(facts: Facts) -> str:
    """Its sentence."""
    if facts["met_on"]:
        return _("Keluarga ini dibayar %(paid)s kali dalam setahun; terakhir tercatat ditemui %(day)s.") % {
            "paid": facts["paid"], "day": long_date(date.fromisoformat(facts["met_on"])),
        }  # fmt: skip
    return _("Keluarga ini dibayar %(paid)s kali dalam setahun dan belum pernah tercatat ditemui.") % dict(facts)


REASONS = {
    "UNMET": gettext_lazy("Tidak tercatat ditemui dalam 12 bulan"),
    "NEVER": gettext_lazy("Belum pernah tercatat ditemui"),
    "ALWAYS_PAID": gettext_lazy("Setiap tahapnya selalu dikreditkan"),
    "SILENT": gettext_lazy("Tidak pernah bertanya atau mengadu"),
    "UNCHANGED": gettext_lazy("Tidak pernah ada permintaan perubahan data"),
    "MOVED": gettext_lazy("Pernah dicatat sudah pindah"),
}

KIND = Kind(
    "UNSEEN", gettext_lazy("Keluarga yang lama tidak ditemui"),
    gettext_lazy("Keluarga aktif dan dibayar yang dalam 12 bulan tidak tercatat ditemui: kunjungan, pertemuan, lembar "
                 "sekolah atau kesehatan, tindak lanjut. Paling banyak 1 dari 100 keluarga, skor tertinggi dulu."),
    gettext_lazy("Pertemuan dan kunjungan yang belum dicatat, atau keluarga yang jauh."),
    SQL, {"points": POINTS, "score": UNSEEN_SCORE, "share": UNSEEN_SHARE, "least": UNSEEN_LEAST}, told,
)  # fmt: skip
