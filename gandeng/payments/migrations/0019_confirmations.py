"""A channel tells the digest of the file it holds; what it told is never changed."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from gandeng.audit.guards import append_only, refused, seen_through
from gandeng.audit.holding import held

FITS = f"""
create function payments_confirmation_fits() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    {
    refused(
        "not exists (select from payments_instruction i where i.id = new.instruction_id and i.sha256 = new.ours_sha256)",
        "it is told of the file as it lies here now", "confirmation_of_now",
    )
}
    return new;
end $$;
create trigger payments_confirmation_fits before insert on payments_confirmation
    for each row execute function payments_confirmation_fits();
"""  # fmt: skip


class Migration(migrations.Migration):
    """What was told, and the digests of files that were packed again."""

    dependencies = [("payments", "0018_held_as_denied"), ("accounts", "0001_initial")]
    operations = [
        migrations.AddField(
            "instruction",
            "earlier_sha256",
            django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, db_default=[]),
        ),
        held("payments_instruction"),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ours_sha256", models.TextField()),
                ("told_sha256", models.TextField()),
                ("authority", models.TextField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="payments.instruction",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.person"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("told_sha256__regex", "^[0-9a-f]{64}$")), name="confirmation_told"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            FITS,
            "drop trigger payments_confirmation_fits on payments_confirmation; "
            "drop function payments_confirmation_fits()",
        ),
        append_only("payments_confirmation"),
        seen_through("payments_confirmation", "instruction_id", "payments_instruction"),
        held("payments_confirmation"),
    ]
