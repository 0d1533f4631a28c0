"""Tables of the two contracts, to the letter; and families as lists of the ministry tell of them."""

from gandeng.core.channels import CHANNELS
from gandeng.files.layouts.shapes import Field, Kind, Layout

PAYMENTS = Layout(
    "payments",
    "one row per family and stage",
    (
        Field("payment_id", Kind.IDENTIFIER),
        Field("stage", Kind.STAGE),
        Field("family_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK),
        Field("name", required=False),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("district_code", Kind.DISTRICT),
        Field("amount", Kind.AMOUNT),
    ),
    unique="payment_id",
    post_without_account=True,
    bank_with_account=True,
)

RESULTS = Layout(
    "results",
    "one row per event",
    (
        Field("bank_reference", Kind.IDENTIFIER, required=False),
        Field("channel", required=False),
        Field("payment_id", Kind.IDENTIFIER, required=False),
        Field("account_no", Kind.ACCOUNT, required=False),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("event", required=False),
        Field("amount", Kind.AMOUNT, required=False),
        Field("occurred_on", Kind.DAY, required=False, any_year=True),
        Field("reason", required=False),
    ),
    strict=False,
)

FAMILIES = Layout(
    "families",
    "one row per family",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("collector_member_id", Kind.IDENTIFIER, required=False),
        Field("village_code", Kind.VILLAGE),
        Field("status"),
        Field("channel", Kind.CHOICE, choices=CHANNELS),
        Field("account_no", Kind.ACCOUNT, required=False),
    ),
    unique="family_id",
    post_without_account=True,
)

LISTED_FAMILIES = Layout(
    "listed_families",
    "one row per family, as lists of the ministry tell of it",
    (
        *FAMILIES.fields,
        Field("decile", Kind.DECILE, required=False, aliases=("Desil",), may_lack=True),
        Field("decile_on", Kind.DAY, required=False, aliases=("Desil per", "desil_on"), may_lack=True),
    ),
    unique="family_id",
    post_without_account=True,
)
"""The contract's families, and beside them the welfare decile with the day it was read; a list may lack both."""

MEMBERS = Layout(
    "members",
    "one row per family member",
    (
        Field("family_id", Kind.IDENTIFIER),
        Field("member_id", Kind.IDENTIFIER),
        Field("nik", Kind.NIK, required=False),
        Field("name", required=False),
        Field("birth_date", Kind.DAY),
        Field("sex", Kind.CHOICE, choices=("F", "M")),
        Field("school_level", Kind.CHOICE, required=False, choices=("SD", "SMP", "SMA")),
        Field("pregnancy_no", Kind.NUMBER, required=False),
        Field("severe_disability", Kind.FLAG),
        Field("rights_victim", Kind.FLAG),
        Field("deceased_on", Kind.DAY, required=False),
    ),
    unique="member_id",
)

VERDICTS = Layout(
    "verdicts",
    "one row per member and commitment",
    (
        Field("member_id", Kind.IDENTIFIER),
        Field("commitment", Kind.CHOICE, choices=("HEALTH", "EDUCATION", "WELFARE")),
        Field("verdict", Kind.CHOICE, choices=("MET", "NOT_MET", "EXCUSED", "UNVERIFIED")),
    ),
)
