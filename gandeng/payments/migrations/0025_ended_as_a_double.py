"""What a family is still due that was ended as the double of another is held where the other is due that stage too."""

from django.db import migrations, models

REASONS = [
    ("PAID_ELSEWHERE", "Dibayar lewat daftar wilayah lain untuk tahap yang sama"),
    ("DOUBLE", "Diakhiri sebagai keluarga ganda, yang tersisa dihitung pada tahap yang sama"),
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
"""Families that two people ended because they stand in another that the stage calculated, wherever that lives."""


class Migration(migrations.Migration):
    """A reason, and the question behind it."""

    dependencies = [("payments", "0024_came_in_after_closing"), ("duplicates", "0003_held")]
    operations = [
        migrations.AlterField("heldpayment", "reason", models.TextField(choices=REASONS)),
        migrations.RunSQL(DOUBLES, "drop function payments_doubles(int, int)"),
    ]
