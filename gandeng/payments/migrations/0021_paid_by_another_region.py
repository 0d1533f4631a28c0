"""What another region's lists pay of a stage is held back: a family that moved has one payment of it, wherever."""

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
    ("OUTSIDE", "Sekarang tinggal di luar wilayah tahap ini"),
]

ELSEWHERE = """
create function payments_paid_elsewhere(asking uuid, ids text[]) returns setof text
language sql stable rows 1 security definer set search_path = public, pg_temp as $$
    select p.payment_id from payments_payment p
        where p.payment_id = any(ids) and p.cycle_id <> asking and p.reissue_of_id is null
$$;
"""
"""Of the ids asked for, those that lists of another cycle have, also where the asker may not see them. Nothing more."""


class Migration(migrations.Migration):
    """A reason, and the question behind it."""

    dependencies = [("payments", "0020_held_after_closing")]
    operations = [
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
        migrations.RunSQL(ELSEWHERE, "drop function payments_paid_elsewhere(uuid, text[])"),
    ]
