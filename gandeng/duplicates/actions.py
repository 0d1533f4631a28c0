"""Saying whether two people are one, and taking it back. What follows is asked for, and another person decides it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.duplicates.looking import facts_of
from gandeng.duplicates.models import Found, Judgement
from gandeng.duplicates.queries import goes, members
from gandeng.registry.actions import ChangeRefused, Proof, Wanted, request_change
from gandeng.registry.models import ChangeRequest, Family, Member
from gandeng.web.refusals import Refusal, guarded

REASON = "Tercatat dua kali. {reason}"
"""Of the request, as it is kept: it names nobody of the other family, for a family reads its own requests."""


class JudgementRefused(Refusal):
    """What was said does not fit the two as they are now; says why."""


class Said(StrEnum):
    """Of one pair: two people; or one, whose row in the first or in the other family is to end."""

    DIFFERENT = "DIFFERENT"
    ENDS_FIRST = "ENDS_FIRST"
    ENDS_OTHER = "ENDS_OTHER"


@dataclass(frozen=True)
class Verdicts:
    """What was said of pairs, by their place in `Found.pairs`; or that one family stands there twice and `ends`."""

    pairs: Mapping[int, Said]
    reason: str
    ends: Said | None = None


def judge(acting: Acting, found: Found, said: Verdicts) -> list[Judgement]:
    """Keep what was said, and ask for what follows. Raises JudgementRefused, PermissionDenied."""
    authority = acting.authority(May.JUDGE_DUPLICATES, found.village_code)
    acting.authority(May.JUDGE_DUPLICATES, found.other_village_code)
    if said.ends and found.family_id == found.other_id:
        raise JudgementRefused(_("Ini satu keluarga; pilih anggota yang tercatat dua kali."))
    chosen = dict.fromkeys(range(len(found.pairs)), said.ends) if said.ends else dict(said.pairs)
    if not chosen:
        raise JudgementRefused(_("Nilai sedikitnya satu pasangan."))
    with guarded(_taken):
        asked: dict[object, ChangeRequest] = {}
        people = members(each[side] for each in found.pairs for side in ("member", "other"))
        kept = [
            _kept(acting, found, _two_of(found.pairs[place], people), verdict, said, asked, authority)
            for place, verdict in sorted(chosen.items())
        ]
        record(
            acting, "duplicates.judged", found, region=found.village_code, authority=authority,
            reason=said.reason, different=sum(one.change_id is None for one in kept),
            same=sum(one.change_id is not None for one in kept), changes=[str(one.pk) for one in asked.values()],
        )  # fmt: skip
    return kept


def _two_of(pair: Mapping[str, str], people: Mapping[str, Member]) -> tuple[Member, Member]:
    """Raises JudgementRefused where one of them is not to be seen any more."""
    try:
        return people[pair["member"]], people[pair["other"]]
    except KeyError as gone:
        raise _taken("") from gone


def _kept(
    acting: Acting, found: Found, two: tuple[Member, Member], verdict: Said, said: Verdicts,
    asked: dict[object, ChangeRequest], authority: str,
) -> Judgement:  # fmt: skip
    member, other = two
    row = Judgement(
        pair=found.pk, family=found.family, other=found.other, member=member, other_member=other,
        village_code=found.family.village_code, other_village_code=found.other.village_code,
        verdict=Judgement.Verdict.DIFFERENT, facts=facts_of(member, other), reason=said.reason,
        by_id=acting.person_id, authority=authority,
    )  # fmt: skip
    if verdict is not Said.DIFFERENT:
        first = verdict is Said.ENDS_FIRST
        ends, family = (member, found.family) if first else (other, found.other)
        _must_stay(other if first else member)
        row.verdict, row.ends = Judgement.Verdict.SAME, ends
        row.change = _asked(acting, family, None if said.ends else ends, said.reason, asked)
    row.save(force_insert=True)
    return row


def _must_stay(member: Member) -> None:
    """Whoever is left of the two is there, and nobody asked for that row to end too. Raises JudgementRefused."""
    if member.deceased_on or goes(member):
        told = _("%(name)s: catatan yang tersisa ini juga sudah, atau sedang diminta, diakhiri.")
        raise JudgementRefused(told % {"name": member.name})


def _asked(
    acting: Acting, family: Family, member: Member | None, reason: str, asked: dict[object, ChangeRequest]
) -> ChangeRequest:
    """That the member leaves, or without one that the family ends; once, whoever else the member looks like."""
    key = member.pk if member else family.pk
    if key not in asked:
        kind = ChangeRequest.Kind.LEFT if member else ChangeRequest.Kind.END
        after = {"left_on": timezone.localdate().isoformat()} if member else {"status": Family.Status.ENDED.value}
        try:
            asked[key] = request_change(
                acting, family, kind, member, Wanted(after), REASON.format(reason=reason), Proof(),
                right=May.JUDGE_DUPLICATES,
            )  # fmt: skip
        except ChangeRefused as why:
            raise JudgementRefused(f"{member.name if member else family.family_no}: {why}") from why
    return asked[key]


def reopen(acting: Acting, judgement: Judgement, reason: str) -> Judgement:
    """Take back that they are two people: the next search may find them. Raises JudgementRefused, PermissionDenied."""
    authority = acting.authority(May.JUDGE_DUPLICATES, judgement.village_code)
    acting.authority(May.JUDGE_DUPLICATES, judgement.other_village_code)
    families = {one.pk: one for one in Family.objects.filter(pk__in=[judgement.family_id, judgement.other_id])}
    if not {judgement.family_id, judgement.other_id} <= set(families):
        raise _taken("")
    with guarded(_taken):
        row = Judgement(
            pair=judgement.pair, family_id=judgement.family_id, other_id=judgement.other_id,
            member_id=judgement.member_id, other_member_id=judgement.other_member_id,
            village_code=families[judgement.family_id].village_code,
            other_village_code=families[judgement.other_id].village_code, verdict=Judgement.Verdict.REOPENED,
            facts=judgement.facts, reason=reason, by_id=acting.person_id, authority=authority,
        )  # fmt: skip
        row.save(force_insert=True)
        record(
            acting, "duplicates.reopened", object_type="Found", object_id=judgement.pair,
            region=row.village_code, authority=authority, reason=reason,
        )  # fmt: skip
    return row


def _taken(_name: str) -> JudgementRefused:
    return JudgementRefused(
        _("Pasangan ini sudah dinilai orang lain, atau datanya sudah berubah. Muat ulang halamannya.")
    )
