"""Who may ask for which address: written by hand, not read from the code.

A: anybody, signed in or not. S: everybody signed in. Otherwise the roles, by their letters below.
"""

LETTERS = {
    "F": "FACILITATOR", "L": "SUB_DISTRICT_LEAD", "O": "DISTRICT_OPERATOR", "C": "DISTRICT_COORDINATOR",
    "H": "DISTRICT_HEAD", "P": "PROVINCE_OFFICER", "Q": "PROVINCE_HEAD", "M": "MINISTRY_OFFICER",
    "N": "MINISTRY_HEAD", "B": "CHANNEL_OFFICER", "U": "AUDITOR", "D": "HELPDESK", "X": "ADMINISTRATOR",
}  # fmt: skip
WHERE = {
    "F": "6371011001", "L": "637101", "O": "6371", "C": "6371", "H": "6371", "P": "63", "Q": "63", "M": "", "N": "",
    "B": "6371", "U": "6371", "D": "6371", "X": "6371",
}  # fmt: skip
"""Where the tests let each role stand."""

FAMILIES = "FLOCHPQMNUD"
MONEY = "LOCHPQMNBUD"
SIGNERS = "CHQNB"

TABLE: dict[str, str] = {
    "home": "S",
    "health": "A",
    "demo_people": "A",
    "demo_sign_in": "A",
    "verification:form": "A",
    "verification:verify": "A",
    "accounts:accept": "A",
    "accounts:me": "S",
    "accounts:people": "X",
    "accounts:invite": "X",
    "accounts:person": "X",
    "accounts:set_login": "X",
    "accounts:end_role": "X",
    "accounts:deputy": "X",
    "accounts:withdraw_invitation": "X",
    "audit:entries": "CHPQMNUX",
    "jobs:jobs": "S",
    "jobs:job": "S",
    "jobs:stop": "S",
    "registry:families": FAMILIES,
    "registry:search": FAMILIES,
    "registry:export": FAMILIES,
    "registry:family": FAMILIES,
    "registry:reveal": "OC",
    "registry:ask": "FLO",
    "registry:changes": "FLOCQ",
    "registry:change": FAMILIES,
    "registry:evidence": "FLOCQ",
    "registry:decide": "CQ",
    "registry:withdraw_change": "FLO",
    "registry:intakes": "OCPQMN",
    "registry:take": "OPM",
    "registry:intake": "OCPQMN",
    "registry:apply": "CQN",
    "registry:withdraw_list": "OCPQMN",
    "registry:undo": "CQN",
    "payments:cycles": MONEY,
    "payments:cycle": MONEY,
    "payments:journal": MONEY,
    "payments:instructions": MONEY,
    "payments:approvals": MONEY,
    "payments:list": MONEY,
    "payments:export": MONEY,
    "payments:payment": MONEY,
    "payments:held": FAMILIES,
    "payments:open": "PM",
    "payments:step": "PM",
    "payments:submit": "PM",
    "payments:close": "PM",
    "payments:instruct": "PM",
    "payments:password": "PM",
    "payments:repack": "PM",
    "payments:download": "OPMB",
    "payments:approve": "HQN",
    "payments:approve_list": "HQN",
    "payments:refuse_list": "HPQMN",
    "reconciliation:cycles": MONEY,
    "reconciliation:cycle": MONEY,
    "reconciliation:outcomes": MONEY,
    "reconciliation:rows": MONEY,
    "reconciliation:exceptions": MONEY,
    "reconciliation:exceptions_export": MONEY,
    "reconciliation:exception": MONEY,
    "reconciliation:statements": MONEY,
    "reconciliation:statement": MONEY,
    "reconciliation:minutes": MONEY,
    "reconciliation:file": MONEY,
    "reconciliation:upload": "OPMB",
    "reconciliation:withdraw": "CP",
    "reconciliation:exception_act": "OCP",
    "reconciliation:reissue": "OCP",
    "reconciliation:statement_make": "OCP" + "HQMNB",
    "reconciliation:sign": SIGNERS,
}

ONLY_POST = frozenset({
    "demo_sign_in", "accounts:set_login", "accounts:withdraw_invitation", "jobs:stop", "registry:search",
    "registry:reveal", "registry:decide", "registry:withdraw_change", "registry:apply", "registry:withdraw_list",
    "registry:undo", "payments:step", "payments:password",
    "payments:download", "payments:approve_list", "payments:refuse_list",
    "reconciliation:statement_make", "reconciliation:sign",
})  # fmt: skip
