"""What a site of an earlier release would break on, if it served on the tables there are now (docs/threats.md, 42).

It does not: nothing serves while tables are changed, nor on tables of another release (office.upgrading). This names
what stands in the way of letting it, and lets no migration add to it unseen. Tables are compared, not migrations read:
what counts is what the earlier statements would meet.
"""

import re

MISSES = {
    "2026-11-26": {
        r"table reconciliation_publictry": "tries of a day are counted by accounts",
        r"column reconciliation_publictry\..*": "with its table",
        r"right reconciliation_publictry\..*": "with its table",
        r"new column payments_(instruction|paymentlist)\.round": "no list could be made and none be ordered",
        r"new column reconciliation_reissuerequest\.held_reason": "nothing could be asked to be sent again",
        r"new column reconciliation_statement\.minutes_certificate": "no statement could be made",
        r"right (accounts_person|payments_paymentlist|reconciliation_resultfile)\.DELETE": "nothing takes those out",
        r"right registry_(family|member)event\.(DELETE|UPDATE)": "history is added to alone",
    },
}
"""What a release asks for and would not find, or would leave out though it must be given; and what that costs."""
REFUSED = {
    "2026-11-26": {
        r"policy .*": "the same rule in words the planner reads better; tests/house holds who sees what",
        r"trigger .*_held_(added|changed|taken_out)": "writes a digest beside the row and refuses nothing",
        r"trigger reconciliation_currentoutcome_?\.?.*": "the same, for the ledger",
        r"constraint .*_fk_.*": "declared still; asked once per statement by a trigger",
        r"trigger registry_(account|intakerow)_?\.?.*_names_(added|changed)": "asks what those keys asked",
        r"trigger .*_(never_out|same_id|never|no_truncate)": "ids that stay; nothing takes rows out or renames them",
        r"trigger .*_append_only(_rest)?": "rows that only a later seal changes",
        r"trigger (registry_changerequest\.registry_changerequest_decided|payments_instruction\..*_open)(_rest)?":
            "as before, with a door for a later seal",
        r"(constraint|unique index) payments_[a-z]+\.(instruction|payment|list)_once":
            "wider: once in a round",
        r"constraint payments_(instruction|paymentlist)\..*round_check": "of the round, which is new",
        r"constraint payments_paymentlist\.list_total": "no sum of a list comes near it",
        r"unique index payments_payment\.payment_reissued_once": "of payments that name another, which are new",
        r"unique index reconciliation_(exceptioncase\.exception_payment_once|resultfile\.result_file_once)":
            "wider: once in a stage, and once about each",
        r"trigger payments_payment\.payments_payment_reissue": "of payments that name another, which are new",
        r"constraint accounts_grant\.grant_(confirmed|two_people)": "of roles that wait for somebody else: new",
        r"trigger accounts_grant\.accounts_grant_waits": "the same",
        r"trigger accounts_grant\.accounts_grant_given": "a role given by one person, as it still gave them",
        r"trigger accounts_grant\.accounts_grant_ends": "an end that comes later, by which a role lived again unasked",
        r"trigger payments_heldpayment\.payments_heldpayment_open": "less: a closed stage tells on its reasons",
        r"trigger reconciliation_reissuerequest\..*_stays": "less: what was agreed to may be taken back",
        r"trigger payments_heldpayment\.payments_heldpayment_fits": "it held back what its calculation said, no more",
        r"trigger payments_paymentlist\.reconciliation_sent_again": "of rounds, which are new",
        r"trigger reconciliation_reissuerequest\.reconciliation_reissue_not_in_treasury": "of deposits, which are new",
        r"trigger reconciliation_statement\.reconciliation_minutes_stay": "minutes are written once; so they were",
        r"trigger registry_changerequest\.registry_changerequest_graduation":
            "its yes to a graduation that waited, which a case takes over; refusing it and all else goes on",
        r"trigger registry_family\.registry_family_moves": "notes moves beside them and refuses nothing",
        r"trigger registry_family\.(facilitators|family_sessions)_family_goes": "ends what only later releases write",
    },
}  # fmt: skip
"""What may refuse rows of its tables and did not: by name, with why it refuses none that it wrote."""


def all_named(found, reasons):
    """Each of what was found has its reason, and each reason was found."""
    unnamed = [each for each in sorted(found) if not any(re.fullmatch(name, each) for name in reasons)]
    assert not unnamed, f"add a default, or take the step later; else say here what it costs: {unnamed}"
    idle = [name for name in reasons if not any(re.fullmatch(name, each) for each in found)]
    assert not idle, f"no longer so: {idle}"
