"""Of families that are one, whoever was on a list of the stage first carries its money: nobody else is listed beside."""

from django.db import migrations, models

REASONS = [
    ("PAID_ELSEWHERE", "Dibayar lewat daftar wilayah lain untuk tahap yang sama"),
    ("DOUBLE", "Diakhiri sebagai keluarga ganda, yang tersisa dihitung pada tahap yang sama"),
    ("PAID_AS_DOUBLE", "Tahap yang sama sudah terdaftar atas nama keluarga gandanya"),
    ("NO_COLLECTOR", "Pengurus belum ada atau NIK-nya kosong"),
    ("NO_ACCOUNT", "Rekening atau penyalur belum ada"),
    ("ACCOUNT_SHARED", "Rekening tercatat pada keluarga lain"),
    ("ACCOUNT_DENIED", "Rekening ditahan, keluarga tidak memintanya"),
    ("COLLECTOR_DENIED", "Pengurus ditahan, keluarga tidak memintanya"),
    ("ACCOUNT_NEW", "Rekening baru, masih masa tunggu"),
    ("COLLECTOR_NEW", "Pengurus baru, masih masa tunggu"),
    ("LIFTED", "Penangguhannya dibatalkan sesudah data dibekukan"),
    ("CAME_IN", "Pindah ke sini sesudah data dibekukan"),
    ("OUTSIDE", "Sekarang tinggal di luar wilayah tahap ini"),
]

DOUBLES = """
create function payments_doubles(of_year int, of_stage int, asking uuid)
    returns table (family_id uuid, reason text) language plpgsql stable
    security definer set search_path = public, pg_temp as $$
begin
    return query execute $asked$
    with recursive ended as materialized (
        select distinct f.id as one, case j.family_id when f.id then j.other_id else j.family_id end as stays
        from duplicates_judgement j
            join registry_changerequest q on q.id = j.change_id and q.kind = 'END' and q.state = 'APPROVED'
            join registry_family f on f.id = q.family_id and f.status = 'ENDED'
        where j.verdict = 'SAME' and j.family_id <> j.other_id),
    edges as materialized (select one, stays as other from ended union select stays, one from ended),
    known as materialized (select distinct one from edges),
    goes_to as (select one, stays from ended union select g.one, e.stays from goes_to g join ended e on e.one = g.stays),
    alike as (select one, other from edges union select a.one, e.other from alike a join edges e on e.one = a.other),
    due as materialized (
        select k.one from known k where exists (
            select from entitlements_entitlement e join payments_cycle c on c.run_id = e.run_id
            where e.family_id = k.one and e.amount_rupiah > 0 and (c.year, c.stage) = ($1, $2))),
    listed as materialized (
        select k.one from known k where exists (
            select from payments_payment p join payments_paymentlist l on l.id = p.list_id
            where p.family_id = k.one and not (l.cycle_id = $3 and l.state = 'DRAFT')
                and split_part(p.payment_id, '-', 1) = $1::text
                and split_part(p.payment_id, '-', 2) = $2::text)),
    beside as (select distinct a.one from alike a join listed l on l.one = a.other where a.one <> a.other),
    carried as (
        select distinct g.one from goes_to g join due d on d.one = g.stays
        where g.one <> g.stays
            and (g.stays in (select one from listed) or g.one not in (select one from listed)))
    select held.one, case when e.one is null then 'PAID_AS_DOUBLE' else 'DOUBLE' end
    from (select one from beside except select one from listed union select one from carried) held
        left join (select distinct one from ended) e on e.one = held.one
    $asked$ using of_year, of_stage, asking;
end $$;
"""
"""Families that people judged to be one, of which one was ended, and that are not to be paid for the stage.

Executed with its values, and `in` where a join would do: the planner takes `listed` for one row, and a loop over it
took ten thousand doubles eleven seconds.

Not on a list while another is, on one that `asking` does not make anew; or ended while the one that is left is due, and
neither is on a list, or both are: then what came back is not sent again.
"""
ENDED_FOR = """
create function payments_double_ended(stays uuid) returns boolean language sql stable
    security definer set search_path = public, pg_temp as $$
    select exists (select from duplicates_judgement j
        join registry_changerequest q on q.id = j.change_id and q.kind = 'END' and q.state = 'APPROVED'
        join registry_family f on f.id = q.family_id and f.status = 'ENDED'
        where j.verdict = 'SAME' and j.family_id <> j.other_id and f.id <> stays
            and stays in (j.family_id, j.other_id))
$$;
"""
"""Is another family ended still because it stands in this one? Wherever that lives."""
OF_THE_ENDED = """
create function payments_doubles(of_year int, of_stage int) returns setof uuid language sql stable
    security definer set search_path = public, pg_temp as $$
    select distinct f.id from duplicates_judgement j
        join registry_changerequest q on q.id = j.change_id and q.kind = 'END' and q.state = 'APPROVED'
        join registry_family f on f.id = q.family_id and f.status = 'ENDED'
    where j.verdict = 'SAME' and j.family_id <> j.other_id and exists (
        select from entitlements_entitlement e join payments_cycle c on c.run_id = e.run_id
        where e.family_id = case j.family_id when f.id then j.other_id else j.family_id end
            and e.amount_rupiah > 0 and (c.year, c.stage) = (of_year, of_stage))
$$;
"""
_DROP_OLD = "drop function payments_doubles(int, int)"
_DROP_NEW = ["drop function payments_doubles(int, int, uuid)", "drop function payments_double_ended(uuid)"]


class Migration(migrations.Migration):
    """A reason, and the question behind it."""

    dependencies = [("payments", "0028_sent_again_is_not_paid")]
    operations = [
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
        migrations.RunSQL([_DROP_OLD, DOUBLES, ENDED_FOR], [*_DROP_NEW, OF_THE_ENDED]),
    ]
