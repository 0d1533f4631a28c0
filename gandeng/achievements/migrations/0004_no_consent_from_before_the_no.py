"""What a family signed before the day it took its consent back brings nothing back."""

from django.db import migrations

from gandeng.audit.guards import instead

NAME = "achievements_consent_comes()"
WAS = "or new.withdrawn_at is not null"
BECOMES = f"""{WAS}
            or exists (select from achievements_consent c where c.achievement_id = a.id
                and c.withdrawn_on > new.given_on)"""


class Migration(migrations.Migration):
    """One condition of the trigger."""

    dependencies = [("achievements", "0003_held")]
    operations = [migrations.RunSQL(instead(NAME, WAS, BECOMES), instead(NAME, BECOMES, WAS))]
