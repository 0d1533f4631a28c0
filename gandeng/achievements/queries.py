"""Achievements one may see, what may be done with one now, and whether consent lets it leave the office."""

from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.achievements.models import Achievement, Consent, Entry, Paper
from gandeng.audit.sealing import Place, unseal, unseal_content
from gandeng.core.benefit_policy import years_before
from gandeng.facilitators.act_queries import falling_to
from gandeng.registry.models import Family, Member
from gandeng.web.finding import found_or_404, region_asked, year_asked
from gandeng.web.scoping import Territory

SEES = (May.RECORD_ACHIEVEMENT, May.CONFIRM_ACHIEVEMENT, May.SEE_SUMMARY)
"""Whose office it is: whoever records or confirms them, and whoever heads or examines an office."""
FILTERS = ("q", "region", "tahun", "jenis", "bidang", "tingkat", "keadaan", "persetujuan")
OF_AGE = 18
"""Years from which she agrees herself (UU 27/2022, article 25: of a child the parent or guardian agrees)."""
State = Achievement.State
TONES = {"SUBMITTED": "warn", "CONFIRMED": "good", "RETURNED": "bad", "DRAFT": "info"}

CONSENTS: dict[str, str | Promise] = {
    "": _("Berlaku"),
    "NONE": _("Belum ada persetujuan"),
    "WITHDRAWN": _("Persetujuan dicabut"),
    "ENDED": _("Masa persetujuan habis"),
    "OF_AGE": _("Sudah 18 tahun: perlu persetujuannya sendiri"),
}
"""What is to be said of the consent on a day; nothing where it holds."""


def grown_on(day: date) -> Q:
    """Whom somebody else agreed for and who agrees herself from that day on."""
    return Q(kind="CHILD", member__birth_date__lte=years_before(day, OF_AGE)) & ~Q(consent__relation="SELF")


def consent_on(day: date) -> Case:
    """Key of CONSENTS; the database says the same of one achievement (achievements_consented)."""
    return Case(
        When(consent=None, then=Value("NONE")),
        When(consent__withdrawn_at__isnull=False, then=Value("WITHDRAWN")),
        When(consent__valid_until__lte=day, then=Value("ENDED")),
        When(grown_on(day), then=Value("OF_AGE")),
        default=Value(""),
        output_field=CharField(),
    )


def where(acting: Acting, *rights: May) -> Territory:
    """Regions in which any of the rights is held."""
    return Territory(frozenset(code for may in rights for code in acting.where(may).regions))


def achievements(acting: Acting) -> QuerySet[Any]:
    """All one may see, each with `agreed`, the key of its consent today."""
    rows = Achievement.objects.filter(family__village_code__within=where(acting, *SEES))
    rows = rows.select_related("family__collector", "member", "consent")
    return rows.annotate(agreed=consent_on(timezone.localdate()))


def narrowed_to(rows: QuerySet[Any], filters: dict[str, str]) -> QuerySet[Any]:
    """Those the filters name. Raises BadRequest for what is no choice."""
    choices = {
        "jenis": ("kind", Achievement.Kind.values), "bidang": ("field", Achievement.Field.values),
        "tingkat": ("level", Achievement.Level.values), "keadaan": ("state", State.values),
    }  # fmt: skip
    for name, (column, known) in choices.items():
        if value := filters.get(name):
            if value not in known:
                raise BadRequest(name)
            rows = rows.filter(**{column: value})
    if year := filters.get("tahun"):
        rows = rows.filter(achieved_on__year=year_asked(year))
    if agreed := filters.get("persetujuan"):
        rows = rows.filter(agreed=_agreed(agreed))
    if region := filters.get("region"):
        rows = rows.filter(family__village_code__within=Territory(frozenset({region_asked(region)})))
    for word in filters.get("q", "").split():
        rows = rows.filter(
            Q(what__icontains=word) | Q(member__name_key__contains=word.upper()) | Q(family__family_no=word.upper())
            | Q(member=None, family__collector__name_key__contains=word.upper())
        )  # fmt: skip
    return rows


def _agreed(text: str) -> str:
    if text == "HOLDS":
        return ""
    if text not in CONSENTS:
        raise BadRequest("persetujuan")
    return text


def access_achievement(acting: Acting, key: object) -> Any:
    """One of them. Http404."""
    rows = achievements(acting).select_related("recorded_by", "submitted_by", "decided_by", "consent__recorded_by")
    return found_or_404(rows, key)


def access_paper(achievement: Achievement, key: object) -> Paper:
    """A paper of one that was found. Http404."""
    return found_or_404(Paper.objects.filter(achievement=achievement), key)


def access_consent(achievement: Achievement, key: object) -> Consent:
    """A consent of one that was found. Http404."""
    return found_or_404(Consent.objects.filter(achievement=achievement), key)


def papers_of(achievement: Achievement) -> list[Paper]:
    """Without what they hold; proofs first."""
    rows = Paper.objects.filter(achievement=achievement).defer("content_sealed").select_related("added_by")
    return list(rows.order_by("-kind", "added_at"))


def consents_of(achievement: Achievement) -> list[Consent]:
    """The last first, without the papers."""
    rows = Consent.objects.filter(achievement=achievement).defer("content_sealed")
    return list(rows.select_related("recorded_by", "withdrawn_by").order_by("-pk"))


def printed_in(achievement: Achievement) -> list[Entry]:
    """Editions that tell of it, the latest first."""
    return list(Entry.objects.filter(achievement=achievement).select_related("edition").order_by("-edition_id"))


def story_of(achievement: Achievement) -> str:
    """In clear."""
    place = Place("achievements_achievement", "story", str(achievement.pk))
    return unseal(bytes(achievement.story_sealed), place)


def label_of(paper: Paper) -> str:
    """What its sender calls the file."""
    return unseal(bytes(paper.label_sealed), Place("achievements_paper", "label", str(paper.pk)))


def content_of(paper: Paper) -> bytes:
    """The bytes of a proof or photo."""
    place = Place("achievements_paper", "content", str(paper.pk))
    return unseal_content(bytes(paper.content_sealed), place)


def named(achievement: Achievement) -> str:
    """The child; of a family its collector."""
    if achievement.member is not None:
        return achievement.member.name
    return achievement.family.called


def deeds(acting: Acting, one: Any) -> list[str]:
    """What this person may do with it now, in the order of the page."""
    village, me = one.family.village_code, acting.person_id
    records = acting.may(May.RECORD_ACHIEVEMENT, village)
    decides = acting.may(May.CONFIRM_ACHIEVEMENT, village) and me not in (one.recorded_by_id, one.submitted_by_id)
    loose = one.state in (State.DRAFT, State.RETURNED)
    holds = {
        "ubah": records and loose, "ajukan": records and loose, "konfirmasi": decides and one.state == State.SUBMITTED,
        "kembalikan": decides and one.state == State.SUBMITTED,
        "persetujuan": records and one.state != State.WITHDRAWN,
        "tarik": (records or acting.may(May.CONFIRM_ACHIEVEMENT, village)) and one.state != State.WITHDRAWN,
    }  # fmt: skip
    return [name for name, allowed in holds.items() if allowed]


def missing_for_submission(one: Any, papers: list[Paper]) -> list[str]:
    """Codes of what has to come first."""
    lacks = [] if any(paper.kind == Paper.Kind.PROOF for paper in papers) else ["PROOF"]
    return [*lacks, *(["CONSENT"] if one.agreed else [])]


def of_family(acting: Acting, family: Family) -> list[Any]:
    """For the family's page, the latest first."""
    return list(achievements(acting).filter(family=family).order_by("-achieved_on", "-pk"))


def may_look(acting: Acting, family: Family) -> bool:
    """Whether achievements of this family are this person's office."""
    return any(acting.may(may, family.village_code) for may in SEES)


def children_of(family: Family) -> QuerySet[Member]:
    """Whose achievements may be recorded: there, and not who collects."""
    rows = Member.objects.filter(family=family, deceased_on=None, left_on=None)
    return rows.exclude(collects_for=family).order_by("-birth_date", "member_no")


def waiting_for_confirmation(acting: Acting) -> QuerySet[Achievement]:
    """Submitted by others, where one confirms."""
    rows = Achievement.objects.filter(
        state=State.SUBMITTED, family__village_code__within=acting.where(May.CONFIRM_ACHIEVEMENT)
    )
    return rows.exclude(recorded_by_id=acting.person_id).exclude(submitted_by_id=acting.person_id)


def returned_to(acting: Acting) -> QuerySet[Achievement]:
    """Those that came back and are this person's to mend."""
    return falling_to(acting, _recorded_in(acting).filter(state=State.RETURNED), submitted_by=acting.person_id)


def lapsed_for(acting: Acting) -> QuerySet[Achievement]:
    """Confirmed ones that consent no longer covers, its time over or the child grown, and this person's to ask for."""
    rows = falling_to(acting, _recorded_in(acting).filter(state=State.CONFIRMED), recorded_by=acting.person_id)
    return rows.annotate(agreed=consent_on(timezone.localdate())).filter(agreed__in=["ENDED", "OF_AGE"])


def _recorded_in(acting: Acting) -> QuerySet[Achievement]:
    return Achievement.objects.filter(family__village_code__within=acting.where(May.RECORD_ACHIEVEMENT))


def has_photo() -> Exists:
    """Whether there is one."""
    return Exists(Paper.objects.filter(achievement=OuterRef("pk"), kind=Paper.Kind.PHOTO))
