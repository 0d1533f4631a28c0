"""Outcomes, rows, acts and signatures are added and never changed; each is there for its territory."""

from django.db import migrations

from gandeng.audit.guards import append_only, seen_through, seen_within

APPENDED = ("reconciliation", "summaryrow", "outcomerow", "resultrow", "exceptionact", "signature")
OF_CYCLE = ("resultfile", "reconciliation", "exceptioncase", "statement", "signature")


class Migration(migrations.Migration):
    """Guards of the reconciliation."""

    dependencies = [("reconciliation", "0001_initial"), ("payments", "0003_guards")]
    operations = [
        *(append_only(f"reconciliation_{table}") for table in APPENDED),
        *(
            migrations.RunSQL(
                f"""create trigger reconciliation_{table}_open before insert or update or delete
                    on reconciliation_{table} for each row execute function payments_cycle_open()""",
                f"drop trigger if exists reconciliation_{table}_open on reconciliation_{table}",
            )
            for table in OF_CYCLE
        ),
        seen_within("reconciliation_resultfile", "region_code", channel="channel", touches=True),
        seen_within("reconciliation_summaryrow", "district_code", channel="channel"),
        seen_within("reconciliation_outcomerow", "village_code", channel="channel"),
        seen_within("reconciliation_resultrow", "region_code", channel="channel"),
        seen_within("reconciliation_exceptioncase", "region_code", channel="channel"),
        seen_within("reconciliation_statement", "region_code"),
        seen_through("reconciliation_exceptionact", "exception_id", "reconciliation_exceptioncase"),
        seen_through("reconciliation_signature", "statement_id", "reconciliation_statement"),
    ]
