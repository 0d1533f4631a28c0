"""What `gandeng balance` is given: villages, facilitators and who accompanies whom by now."""

from gandeng.files.layouts.shapes import Field, Kind, Layout

VILLAGES = Layout(
    "villages",
    "one row per village",
    (Field("village_code", Kind.VILLAGE), Field("families", Kind.COUNT)),
    unique="village_code",
)

FACILITATORS = Layout(
    "facilitators",
    "one row per facilitator",
    (Field("facilitator_id", Kind.IDENTIFIER), Field("home_sub_district", Kind.PLACE, required=False)),
    unique="facilitator_id",
)

ASSIGNMENTS = Layout(
    "assignments",
    "one row per facilitator and (part of a) village",
    (
        Field("facilitator_id", Kind.IDENTIFIER),
        Field("village_code", Kind.VILLAGE),
        Field("families", Kind.COUNT),
    ),
)

SKILLS = Layout(
    "skills",
    "one row per facilitator and skill she holds a certificate of",
    (Field("facilitator_id", Kind.IDENTIFIER), Field("skill", Kind.IDENTIFIER)),
)

NEEDS = Layout(
    "needs",
    "one row per village and skill",
    (
        Field("village_code", Kind.VILLAGE),
        Field("skill", Kind.IDENTIFIER),
        Field("families", Kind.COUNT),
    ),
)

LOCKS = Layout(
    "locks",
    "one row per lock",
    (
        Field("rule", Kind.CHOICE, choices=("STAYS", "NEVER")),
        Field("village_code", Kind.VILLAGE),
        Field("facilitator_id", Kind.IDENTIFIER),
        Field("families", Kind.COUNT, required=False),
    ),
)

LEAVE = Layout("leave", "one row per facilitator on leave", (Field("facilitator_id", Kind.IDENTIFIER),))

BALANCE_LAYOUTS = (VILLAGES, FACILITATORS, ASSIGNMENTS, SKILLS, NEEDS, LOCKS, LEAVE)
