"""What was held back is paid on a supplementary list, in its stage or, once that is closed, in a later one."""

import django.db.models.deletion
from django.db import migrations, models

from gandeng.audit.holding import held

REASONS = [
    ("NO_COLLECTOR", "Pengurus belum ada atau NIK-nya kosong"),
    ("NO_ACCOUNT", "Rekening atau penyalur belum ada"),
    ("ACCOUNT_SHARED", "Rekening tercatat pada keluarga lain"),
    ("ACCOUNT_NEW", "Rekening baru, masih masa tunggu"),
    ("COLLECTOR_NEW", "Pengurus baru, masih masa tunggu"),
    ("LIFTED", "Penangguhannya dibatalkan sesudah data dibekukan"),
    ("OUTSIDE", "Sekarang tinggal di luar wilayah tahap ini"),
]

FITS = """
create or replace function payments_reissue_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong text;
begin
    select t.payment_id into wrong from touched t join payments_paymentlist l on l.id = t.list_id
        where {misplaced} limit 1;
    if wrong is null then
        select t.payment_id into wrong from touched t
            join payments_payment o on o.payment_id = t.reissue_of_id join payments_paymentlist ol on ol.id = o.list_id
            where t.reissue_of_id is not null and (o.family_id <> t.family_id or o.amount_rupiah <> t.amount_rupiah
                or ol.state <> 'INSTRUCTED') limit 1;
    end if;
    if wrong is not null then
        raise exception 'payment % does not fit what it sends again', wrong using errcode = 'restrict_violation';
    end if;
{first_paid}    return null;
end $$;
"""
FIRST_PAID = """\
    select t.payment_id into wrong from touched t join payments_paymentlist l on l.id = t.list_id and l.round > 0
        join payments_cycle paying on paying.id = t.cycle_id
        join payments_cycle due on due.id = coalesce(t.owed_by_id, t.cycle_id)
        join registry_family f on f.id = t.family_id
        where t.reissue_of_id is null and (t.payment_id <> due.year || '-' || due.stage || '-' || f.family_no
            or t.owed_by_id is not null and (due.state <> 'CLOSED'
                or (due.year, due.stage) >= (paying.year, paying.stage))
            or not exists (select from payments_heldpayment h where h.run_id = due.run_id
                and h.family_id = t.family_id and h.amount_rupiah = t.amount_rupiah)) limit 1;
    if wrong is not null then
        raise exception 'payment % is not what was held back', wrong using errcode = 'restrict_violation';
    end if;
"""
MISPLACED = """l.round = 0 and (t.reissue_of_id is not null or t.owed_by_id is not null)
            or t.reissue_of_id is not null and t.owed_by_id is not null"""
NOW = FITS.format(misplaced=MISPLACED, first_paid=FIRST_PAID)
BEFORE = FITS.format(misplaced="(t.reissue_of_id is null) <> (l.round = 0)", first_paid="")

HELD = """
create function payments_held_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare wrong uuid;
begin
    select t.family_id into wrong from touched t
        left join entitlements_entitlement e on e.run_id = t.run_id and e.family_id = t.family_id
        where case when t.reason = 'LIFTED' then e.amount_rupiah is distinct from 0
            else e.amount_rupiah is distinct from t.amount_rupiah and not exists (select from payments_heldpayment h
                where h.run_id = t.run_id and h.family_id = t.family_id and h.reason = 'LIFTED'
                and h.amount_rupiah = t.amount_rupiah) end limit 1;
    if wrong is not null then
        raise exception 'what is held back of family % is not what it is due', wrong
            using errcode = 'restrict_violation';
    end if;
    return null;
end $$;
create trigger payments_heldpayment_fits after insert on payments_heldpayment
    referencing new table as touched for each statement execute function payments_held_fits();
"""


class Migration(migrations.Migration):
    """A payment names the closed cycle that owes it; held money has a reason more than once, and is what is due."""

    dependencies = [("payments", "0016_one_index_of_families")]
    operations = [
        migrations.AddField(
            "payment",
            "owed_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.cycle",
            ),
        ),
        migrations.RemoveConstraint("payment", "payment_once"),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                fields=("family", "cycle", "reissue_of", "owed_by"), name="payment_once", nulls_distinct=False
            ),
        ),
        migrations.RemoveConstraint("heldpayment", "held_once"),
        migrations.AddIndex("heldpayment", models.Index(fields=["run", "family"], name="held_run_family")),
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
        migrations.RunSQL(NOW, BEFORE),
        migrations.RunSQL(
            HELD,
            "drop trigger payments_heldpayment_fits on payments_heldpayment; drop function payments_held_fits()",
        ),
        held("payments_payment", key="payment_id"),
    ]
