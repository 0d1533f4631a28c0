"""What the simulator writes beside the contract's own tables."""

from gandeng.core.tables import Column, Table, Type, columns

FACILITATORS = Table(
    "facilitators",
    "one row per facilitator",
    (
        *columns(Type.TEXT, "facilitator_id", "name", "home_sub_district"),
        Column("families", Type.BIGINT),
        Column("villages", Type.BIGINT),
    ),
)

ASSIGNMENTS = Table(
    "assignments",
    "one row per facilitator and village, with the first and last family accompanied there",
    (
        *columns(Type.TEXT, "facilitator_id", "village_code", "first_family_id", "last_family_id"),
        Column("families", Type.BIGINT),
    ),
)

SCHOOLS = Table("schools", "one row per school", columns(Type.TEXT, "school_id", "level", "name", "village_code"))

CLINICS = Table("clinics", "one row per health post", columns(Type.TEXT, "clinic_id", "kind", "name", "village_code"))

ENROLMENTS = Table(
    "enrolments",
    "one row per member and commitment that a school or health post reports on",
    columns(Type.TEXT, "member_id", "commitment", "place_id"),
)

TRUTH = Table(
    "truth",
    "one row per payment: what was planted in its result rows, and the outcome that must come of it",
    (
        *columns(Type.TEXT, "payment_id", "channel", "defect", "outcome"),
        Column("credited", Type.BIGINT),
    ),
)
