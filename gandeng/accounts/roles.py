"""The roles and what each may do. One table: nothing else grants a right.

Who signs and approves at which level is an assumption (docs/programme.md); an office that does it otherwise changes
this table.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.core.region_code import Level


class Role(StrEnum):
    """Stored with each grant."""

    FACILITATOR = "FACILITATOR"
    SUB_DISTRICT_LEAD = "SUB_DISTRICT_LEAD"
    DISTRICT_OPERATOR = "DISTRICT_OPERATOR"
    DISTRICT_COORDINATOR = "DISTRICT_COORDINATOR"
    DISTRICT_HEAD = "DISTRICT_HEAD"
    PROVINCE_OFFICER = "PROVINCE_OFFICER"
    PROVINCE_HEAD = "PROVINCE_HEAD"
    MINISTRY_OFFICER = "MINISTRY_OFFICER"
    MINISTRY_HEAD = "MINISTRY_HEAD"
    CHANNEL_OFFICER = "CHANNEL_OFFICER"
    AUDITOR = "AUDITOR"
    HELPDESK = "HELPDESK"
    ADMINISTRATOR = "ADMINISTRATOR"


class May(StrEnum):
    """One thing a person may do; always within the territory of the grant that allows it."""

    SEE_FAMILIES = "see_families"
    REVEAL_IDENTIFIER = "reveal_identifier"
    REPORT_FAMILY = "report_family"  # hand a family all that is held about it
    REQUEST_CHANGE = "request_change"
    DECIDE_CHANGE = "decide_change"
    DECIDE_MOVE = "decide_move"  # of a family to another province: of both places no office below has
    JUDGE_DUPLICATES = "judge_duplicates"  # say whether two who look alike are one person, and ask for the rest
    TAKE_LIST = "take_list"  # intake of a ministry list
    APPLY_LIST = "apply_list"
    SEE_PAYMENTS = "see_payments"
    RUN_CYCLE = "run_cycle"  # open, freeze, calculate, make lists
    APPROVE_DISTRICT = "approve_district"
    APPROVE_PROVINCE = "approve_province"
    APPROVE_CENTRE = "approve_centre"
    INSTRUCT = "instruct"
    CONFIRM_ORDER = "confirm_order"  # of one channel: tell which file it holds, by the digest of its own copy
    SEE_RECONCILIATION = "see_reconciliation"
    SEND_RESULTS = "send_results"
    WITHDRAW_RESULTS = "withdraw_results"
    WORK_EXCEPTIONS = "work_exceptions"
    TELL_DEPOSIT = "tell_deposit"  # keep a receipt of the treasury
    DECIDE_DEPOSIT = "decide_deposit"
    SIGN_DISTRICT_HEAD = "sign_district_head"
    SIGN_DISTRICT_COORDINATOR = "sign_district_coordinator"
    SIGN_CHANNEL = "sign_channel"
    SIGN_PROVINCE = "sign_province"
    SIGN_CENTRE = "sign_centre"
    APPROVE_EXPORT = "approve_export"  # say yes to a long list that somebody else takes away
    SEE_LOG = "see_log"
    MANAGE_PEOPLE = "manage_people"
    LET_IN_AGAIN = "let_in_again"  # say yes to somebody who lost the password or the second factor
    SEE_STAFF = "see_staff"  # posts, caseload and load of a region
    KEEP_STAFF = "keep_staff"  # who works where, on what terms, with what equipment
    PLAN_CASELOAD = "plan_caseload"  # draft who accompanies whom, ask what if
    DECIDE_CASELOAD = "decide_caseload"  # carry a plan out, hand over, say from where on somebody is overloaded
    ACCOMPANY = "accompany"  # one's own families, one's own record
    DECIDE_ENTRIES = "decide_entries"  # what the field sent and the door held, or found in conflict
    REVIEW_SIGNS = "review_signs"  # look at signs that records may not be what they say, ask, close
    KEEP_CODE = "keep_code"  # enter a version of the code of ethics
    REPORT_CONDUCT = "report_conduct"  # report a colleague
    HANDLE_CONDUCT = "handle_conduct"  # take ethics cases of a region in hand, decide them
    SEE_CONDUCT = "see_conduct"  # the register of ethics cases: numbers, days and states, no names
    CLARIFY = "clarify"  # publish a clarification against a hoax
    PLAN_TRAINING = "plan_training"  # catalogue, batches, invitations, attendance, tests and costs of one's office
    KEEP_SKILLS = "keep_skills"  # which skills there are, who needs them, how long they hold
    ISSUE_CERTIFICATE = "issue_certificate"  # put the office's name under certificates, revoke them
    SET_TARGETS = "set_targets"  # targets of the result areas by job title and year
    REVIEW_WORK = "review_work"  # comment on monthly reports of a region's staff and agree
    RECORD_ACHIEVEMENT = "record_achievement"  # of children and families, with their consent
    CONFIRM_ACHIEVEMENT = "confirm_achievement"  # into the yearbook
    RECORD_COMMITMENT = "record_commitment"  # what school or clinic signed; tell families of decisions
    DECIDE_COMMITMENT = "decide_commitment"  # on recommendations of commitments, and on objections
    DRAW_CODE = "draw_code"  # hand a school or clinic the code for a link that somebody else made
    DECIDE_GRADUATION = "decide_graduation"  # who leaves the programme and who comes back, and objections
    TELL_CASE = "tell_case"  # write down a complaint or question, work what one was handed
    WORK_CASES = "work_cases"  # complaints and questions of a region, but the sensitive ones
    HANDLE_SENSITIVE = "handle_sensitive"  # complaints about a card held by others, a levy, violence, a named person
    DRAW_FAMILIES = "draw_families"  # by chance, to be asked whether the money is in their hands; who asks them
    ASK_FAMILIES = "ask_families"  # ask families that were drawn; of a facilitator those she was given, never her own
    SEE_MONITORING = "see_monitoring"  # what families that were drawn said, by facilitator and district
    SEE_SUMMARY = "see_summary"  # the page of whoever heads an office
    USE_KEY = "use_key"  # have one's own machine act with an API key


@dataclass(frozen=True)
class RoleRules:
    """Levels a grant of the role may stand on, what it allows, and whether a second factor is a must."""

    levels: tuple[Level | None, ...]  # None: the nation
    may: frozenset[May]
    second_factor: bool = True
    of_channel: bool = False


_READ = {May.SEE_FAMILIES, May.SEE_PAYMENTS, May.SEE_RECONCILIATION}
_NATION = (None,)

RULES: dict[Role, RoleRules] = {
    Role.FACILITATOR: RoleRules(
        (Level.VILLAGE, Level.SUB_DISTRICT),
        frozenset(
            {
                May.SEE_FAMILIES,
                May.REQUEST_CHANGE,
                May.ACCOMPANY,
                May.REPORT_CONDUCT,
                May.RECORD_ACHIEVEMENT,
                May.RECORD_COMMITMENT,
                May.TELL_CASE,
                May.ASK_FAMILIES,
            }
        ),
        second_factor=False,
    ),
    Role.SUB_DISTRICT_LEAD: RoleRules(
        (Level.SUB_DISTRICT,),
        frozenset(
            {
                *_READ,
                May.REQUEST_CHANGE,
                May.SEE_STAFF,
                May.ACCOMPANY,
                May.REPORT_CONDUCT,
                May.RECORD_ACHIEVEMENT,
                May.RECORD_COMMITMENT,
                May.TELL_CASE,
                May.WORK_CASES,
                May.ASK_FAMILIES,
            }
        ),
    ),
    Role.DISTRICT_OPERATOR: RoleRules(
        (Level.DISTRICT,),
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.WORK_CASES,
                May.SEE_STAFF,
                May.KEEP_STAFF,
                May.PLAN_CASELOAD,
                May.REQUEST_CHANGE,
                May.REVEAL_IDENTIFIER,
                May.REPORT_FAMILY,
                May.JUDGE_DUPLICATES,
                May.TAKE_LIST,
                May.SEND_RESULTS,
                May.WORK_EXCEPTIONS,
                May.DECIDE_ENTRIES,
                May.PLAN_TRAINING,
                May.RECORD_ACHIEVEMENT,
                May.RECORD_COMMITMENT,
                May.DRAW_CODE,
                May.SEE_SUMMARY,
                May.ASK_FAMILIES,
            }
        ),
    ),
    Role.DISTRICT_COORDINATOR: RoleRules(
        (Level.DISTRICT,),
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.WORK_CASES,
                May.SEE_STAFF,
                May.KEEP_STAFF,
                May.PLAN_CASELOAD,
                May.DECIDE_CASELOAD,
                May.DECIDE_CHANGE,
                May.REVEAL_IDENTIFIER,
                May.REPORT_FAMILY,
                May.APPLY_LIST,
                May.WITHDRAW_RESULTS,
                May.WORK_EXCEPTIONS,
                May.DECIDE_ENTRIES,
                May.REVIEW_SIGNS,
                May.SIGN_DISTRICT_COORDINATOR,
                May.APPROVE_EXPORT,
                May.LET_IN_AGAIN,
                May.SEE_LOG,
                May.REPORT_CONDUCT,
                May.CLARIFY,
                May.PLAN_TRAINING,
                May.SET_TARGETS,
                May.REVIEW_WORK,
                May.CONFIRM_ACHIEVEMENT,
                May.DECIDE_COMMITMENT,
                May.DRAW_CODE,
                May.DECIDE_GRADUATION,
                May.SEE_SUMMARY,
                May.DRAW_FAMILIES,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.DISTRICT_HEAD: RoleRules(
        (Level.DISTRICT,),
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.HANDLE_SENSITIVE,
                May.SEE_STAFF,
                May.APPROVE_DISTRICT,
                May.SIGN_DISTRICT_HEAD,
                May.REVIEW_SIGNS,
                May.APPROVE_EXPORT,
                May.SEE_LOG,
                May.REPORT_CONDUCT,
                May.HANDLE_CONDUCT,
                May.SEE_CONDUCT,
                May.ISSUE_CERTIFICATE,
                May.REVIEW_WORK,
                May.DECIDE_COMMITMENT,
                May.DECIDE_GRADUATION,
                May.SEE_SUMMARY,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.PROVINCE_OFFICER: RoleRules(
        (Level.PROVINCE,),
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.WORK_CASES,
                May.SEE_STAFF,
                May.KEEP_STAFF,
                May.PLAN_CASELOAD,
                May.RUN_CYCLE,
                May.INSTRUCT,
                May.JUDGE_DUPLICATES,
                May.TAKE_LIST,
                May.SEND_RESULTS,
                May.WITHDRAW_RESULTS,
                May.WORK_EXCEPTIONS,
                May.TELL_DEPOSIT,
                May.SEE_LOG,
                May.REPORT_CONDUCT,
                May.CLARIFY,
                May.PLAN_TRAINING,
                May.KEEP_SKILLS,
                May.SET_TARGETS,
                May.CONFIRM_ACHIEVEMENT,
                May.SEE_SUMMARY,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.PROVINCE_HEAD: RoleRules(
        (Level.PROVINCE,),
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.HANDLE_SENSITIVE,
                May.SEE_STAFF,
                May.DECIDE_CASELOAD,
                May.APPROVE_PROVINCE,
                May.APPLY_LIST,
                May.DECIDE_CHANGE,
                May.SIGN_PROVINCE,
                May.DECIDE_DEPOSIT,
                May.APPROVE_EXPORT,
                May.LET_IN_AGAIN,
                May.SEE_LOG,
                May.REPORT_CONDUCT,
                May.HANDLE_CONDUCT,
                May.SEE_CONDUCT,
                May.KEEP_CODE,
                May.CLARIFY,
                May.ISSUE_CERTIFICATE,
                May.REVIEW_WORK,
                May.SEE_SUMMARY,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.MINISTRY_OFFICER: RoleRules(
        _NATION,
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.WORK_CASES,
                May.SEE_STAFF,
                May.PLAN_CASELOAD,
                May.RUN_CYCLE,
                May.INSTRUCT,
                May.SEND_RESULTS,
                May.JUDGE_DUPLICATES,
                May.TAKE_LIST,
                May.TELL_DEPOSIT,
                May.SEE_LOG,
                May.KEEP_CODE,
                May.CLARIFY,
                May.PLAN_TRAINING,
                May.KEEP_SKILLS,
                May.SET_TARGETS,
                May.SEE_SUMMARY,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.MINISTRY_HEAD: RoleRules(
        _NATION,
        frozenset(
            {
                *_READ,
                May.TELL_CASE,
                May.HANDLE_SENSITIVE,
                May.SEE_STAFF,
                May.APPROVE_CENTRE,
                May.APPLY_LIST,
                May.DECIDE_MOVE,
                May.SIGN_CENTRE,
                May.DECIDE_DEPOSIT,
                May.APPROVE_EXPORT,
                May.LET_IN_AGAIN,
                May.SEE_LOG,
                May.HANDLE_CONDUCT,
                May.SEE_CONDUCT,
                May.KEEP_CODE,
                May.CLARIFY,
                May.ISSUE_CERTIFICATE,
                May.SEE_SUMMARY,
                May.SEE_MONITORING,
            }
        ),
    ),
    Role.CHANNEL_OFFICER: RoleRules(
        (Level.DISTRICT, Level.PROVINCE, None),
        frozenset(
            {
                May.SEE_PAYMENTS,
                May.SEE_RECONCILIATION,
                May.CONFIRM_ORDER,
                May.SEND_RESULTS,
                May.TELL_DEPOSIT,
                May.SIGN_CHANNEL,
                May.USE_KEY,
            }
        ),
        of_channel=True,
    ),
    Role.AUDITOR: RoleRules(
        (Level.DISTRICT, Level.PROVINCE, None),
        frozenset(
            {*_READ, May.SEE_STAFF, May.SEE_LOG, May.USE_KEY, May.SEE_CONDUCT, May.SEE_MONITORING, May.SEE_SUMMARY}
        ),
    ),
    Role.HELPDESK: RoleRules(
        (Level.DISTRICT, Level.PROVINCE, None),
        frozenset({*_READ, May.REPORT_CONDUCT, May.TELL_CASE, May.WORK_CASES, May.ASK_FAMILIES}),
    ),
    Role.ADMINISTRATOR: RoleRules(
        (Level.DISTRICT, Level.PROVINCE, None),
        frozenset({May.MANAGE_PEOPLE, May.LET_IN_AGAIN, May.SEE_LOG}),
    ),
}

OF_KEYS = frozenset({May.SEE_PAYMENTS, May.SEE_RECONCILIATION, May.CONFIRM_ORDER, May.SEND_RESULTS, May.USE_KEY})
"""What is left of a role when a machine acts with a key: the desk of bank and post. Never a signature."""

OVER_MONEY = frozenset(
    {
        May.DECIDE_CHANGE,
        May.DECIDE_MOVE,
        May.DECIDE_COMMITMENT,
        May.DECIDE_GRADUATION,
        May.APPLY_LIST,
        May.APPROVE_DISTRICT,
        May.APPROVE_PROVINCE,
        May.APPROVE_CENTRE,
        May.INSTRUCT,
        May.DECIDE_DEPOSIT,
        May.SIGN_DISTRICT_HEAD,
        May.SIGN_DISTRICT_COORDINATOR,
        May.SIGN_CHANNEL,
        May.SIGN_PROVINCE,
        May.SIGN_CENTRE,
        May.APPROVE_EXPORT,
        May.MANAGE_PEOPLE,
        May.LET_IN_AGAIN,
    }
)
"""Rights that move money, let much of it out, or give rights: two people let their holder in again, then they rest."""

WORDS: dict[Role, str | Promise] = {
    Role.FACILITATOR: _("Pendamping sosial"),
    Role.SUB_DISTRICT_LEAD: _("Koordinator kecamatan"),
    Role.DISTRICT_OPERATOR: _("Operator data kabupaten/kota"),
    Role.DISTRICT_COORDINATOR: _("Koordinator kabupaten/kota"),
    Role.DISTRICT_HEAD: _("Kepala Dinas Sosial kabupaten/kota"),
    Role.PROVINCE_OFFICER: _("Petugas provinsi"),
    Role.PROVINCE_HEAD: _("Kepala bidang provinsi"),
    Role.MINISTRY_OFFICER: _("Petugas Kementerian Sosial"),
    Role.MINISTRY_HEAD: _("Pejabat Kementerian Sosial"),
    Role.CHANNEL_OFFICER: _("Petugas bank atau pos"),
    Role.AUDITOR: _("Pemeriksa"),
    Role.HELPDESK: _("Petugas pengaduan"),
    Role.ADMINISTRATOR: _("Administrator"),
}
