"""Families a list took out of payment: seen where they are, told by somebody, gone with their list alone."""

from django.db import migrations, models
from django.db.models import PROTECT, Q
from django.db.models.functions import UUID7

from gandeng.audit.guards import APP_ROLE, seen_through
from gandeng.audit.holding import held

TABLE = "registry_stoppedbylist"
HOW = [
    ("VISIT", "Didatangi"),
    ("CALL", "Ditelepon"),
    ("LETTER", "Dengan surat"),
    ("NOBODY", "Tidak ada yang dapat diberi tahu"),
]
STAYS = f"""
create trigger {TABLE}_stays before update on {TABLE} for each row
    when ((old.id, old.family_id, old.intake_id, old.status) is distinct from
        (new.id, new.family_id, new.intake_id, new.status))
    execute function gandeng_never();
create trigger {TABLE}_no_truncate before truncate on {TABLE} for each statement execute function gandeng_never();
create trigger {TABLE}_goes after delete on {TABLE} referencing old table as replaced
    for each statement execute function registry_decile_goes();
revoke truncate on {TABLE} from {APP_ROLE};
"""
UNDO = f"""
drop trigger {TABLE}_goes on {TABLE}; drop trigger {TABLE}_no_truncate on {TABLE};
drop trigger {TABLE}_stays on {TABLE};
"""


class Migration(migrations.Migration):
    """One table, its row security and guards, held by the ledger."""

    dependencies = [("registry", "0021_said_gone_by_mistake"), ("audit", "0007_guards_of_ledger")]
    operations = [
        migrations.CreateModel(
            name="StoppedByList",
            fields=[
                ("id", models.UUIDField(db_default=UUID7(), editable=False, primary_key=True, serialize=False)),
                ("status", models.TextField(choices=[("SUSPENDED", "Ditangguhkan"), ("ENDED", "Berakhir")])),
                ("how", models.TextField(blank=True, choices=HOW, db_default="")),
                ("told_on", models.DateField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                ("family", models.ForeignKey(on_delete=PROTECT, related_name="stopped", to="registry.family")),
                (
                    "intake",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="stopped", to="registry.intake"),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        db_index=False, null=True, on_delete=PROTECT, related_name="+", to="accounts.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["family"], condition=Q(how=""), name="stopped_untold")],
                "constraints": [
                    models.UniqueConstraint(fields=["intake", "family"], name="stopped_once"),
                    models.CheckConstraint(
                        condition=Q(how="", told_on=None, told_by=None, told_at=None)
                        | Q(how="NOBODY", told_on=None, told_by__isnull=False, told_at__isnull=False)
                        | Q(
                            how__in=["VISIT", "CALL", "LETTER"],
                            told_on__isnull=False,
                            told_by__isnull=False,
                            told_at__isnull=False,
                        ),
                        name="stopped_told",
                    ),
                    models.CheckConstraint(condition=Q(status__in=["SUSPENDED", "ENDED"]), name="stopped_status"),
                ],
            },
        ),
        seen_through(TABLE, "family_id", "registry_family"),
        migrations.RunSQL(STAYS, UNDO),
        held(TABLE),
    ]
