"""People, logins, roles and keys are held by the ledger; of their use only what gives rights."""

from django.db import migrations

from gandeng.audit.holding import held


class Migration(migrations.Migration):
    """The tables of allauth that let somebody in are held too."""

    dependencies = [
        ("accounts", "0003_guards_of_api_keys"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("audit", "0007_guards_of_ledger"),
    ]
    operations = [
        held("accounts_person"),
        held("accounts_user", apart=["last_login"]),
        held("accounts_grant"),
        held("accounts_invitation"),
        held("accounts_apikey", apart=["last_used_on", "minute", "uses"]),
        held("account_emailaddress"),
        held("mfa_authenticator", apart=["last_used_at"]),
    ]
