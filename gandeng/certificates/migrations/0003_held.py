"""Skills, certificates, their evidence and revocations are held by the ledger."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """Every table of the package; two have the certificate as their key."""

    dependencies = [("certificates", "0002_guards")]
    operations = [
        held("certificates_skill"),
        held("certificates_certificate"),
        held("certificates_evidence", key="certificate_id"),
        held("certificates_revocation", key="certificate_id"),
    ]
