"""A role over money or people that somebody gives waits for a second person."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Roles given before wait for nobody, nor do those a release before this one gives meanwhile."""

    dependencies = [("accounts", "0012_held_roles")]
    operations = [
        migrations.AddField("grant", "awaits", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "grant",
            "confirmed_by",
            models.ForeignKey(
                to="accounts.person",
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
            ),
        ),
        migrations.AddField("grant", "confirmed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                name="grant_two_people",
                condition=Q(confirmed_by__isnull=True)
                | (
                    Q(awaits=False, granted_by__isnull=False)
                    & ~Q(confirmed_by=F("granted_by"))
                    & ~Q(confirmed_by=F("person"))
                ),
            ),
        ),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                name="grant_confirmed", condition=~(Q(confirmed_by__isnull=True) ^ Q(confirmed_at__isnull=True))
            ),
        ),
    ]
