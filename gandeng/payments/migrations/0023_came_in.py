"""A family that moved between the freezings of two regions of a stage, and is in neither, is calculated where it lives."""

from django.db import migrations, models

REASONS = [
    ("PAID_ELSEWHERE", "Dibayar lewat daftar wilayah lain untuk tahap yang sama"),
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

CAME_IN = """
create function payments_came_in(asking uuid) returns setof uuid language plpgsql stable security definer
    set search_path = public, pg_temp as $$
declare c payments_cycle;
begin
    select * into c from payments_cycle where id = asking;
    if c.region_code = '' or c.run_id is null or c.state not in ('INSTRUCTED', 'RECONCILING', 'SIGNED') then
        return;
    end if;
    return query execute $asked$
        with uncounted as materialized (select f.id, f.village_code, f.entered_on from registry_family f
            where f.village_code >= $2 and f.village_code < $2 || ':' and not exists (
                select from entitlements_entitlement e where e.run_id = $3 and e.family_id = f.id))
        select f.id from uncounted f
            cross join lateral (select e.village_code, e.status from registry_familyevent e
                where e.pgh_obj_id = f.id and e.pgh_created_at > $4 order by e.pgh_id limit 1) was
            where was.status = 'ACTIVE' and not was.village_code ^@ $2
                and coalesce(f.entered_on <= ($4 at time zone 'Asia/Jakarta')::date, true)
                and not exists (select from entitlements_entitlement e join entitlements_run r on r.id = e.run_id
                    where e.family_id = f.id and (r.year, r.stage) = ($5, $6) and (
                        r.region_code = $2 and r.made_at >= $4
                        or exists (select from payments_cycle o where o.run_id = r.id)))
                and not exists (select from payments_cycle o where (o.year, o.stage) = ($5, $6) and o.id <> $1
                    and o.state = 'FROZEN' and coalesce((select e.village_code from registry_familyevent e
                        where e.pgh_obj_id = f.id and e.pgh_created_at > o.frozen_at order by e.pgh_id limit 1),
                        f.village_code) ^@ o.region_code)
    $asked$ using c.id, c.region_code, c.run_id, c.frozen_at, c.year, c.stage;
end $$;
"""
"""Families at home in the region of a stage that lived elsewhere when it was frozen, and that nobody calculated for it
or is about to."""

HELD = """
create or replace function payments_held_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong uuid;
begin
    select t.family_id into wrong from touched t
        left join entitlements_entitlement e on e.run_id = t.run_id and e.family_id = t.family_id
        where case {told}
            else e.amount_rupiah is distinct from t.amount_rupiah and not exists (select from payments_heldpayment h
                where h.run_id = t.run_id and h.family_id = t.family_id and h.reason in ({reasons})
                and h.amount_rupiah = t.amount_rupiah) end limit 1;
    if wrong is not null then
        raise exception 'what is held back of family % is not what it is due', wrong
            using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
"""
_LIFTED = "when t.reason = 'LIFTED' then e.amount_rupiah is distinct from 0"
NOW = HELD.format(told=f"{_LIFTED} when t.reason = 'CAME_IN' then e.id is not null", reasons="'LIFTED', 'CAME_IN'")
BEFORE = HELD.format(told=_LIFTED, reasons="'LIFTED'")


class Migration(migrations.Migration):
    """A reason, the question behind it, and a guard that knows it."""

    dependencies = [("payments", "0022_held_told_alike")]
    operations = [
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
        migrations.RunSQL(CAME_IN, "drop function payments_came_in(uuid)"),
        migrations.RunSQL(NOW, BEFORE),
    ]
