"""graduation.checklist, .visit, .statement and .told: what is done with a family on its way out. One entry, one step.

The forms are those of the site, so that the same thing is refused in the same words. The step has the entry's id.
"""

import json
from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.kinds import Conflict, Given, Kind, Line, Refused, Why, named_in, refused_by
from gandeng.field.pictures import as_upload
from gandeng.field.words import too_many_photos
from gandeng.graduation.actions import GraduationRefused, check, state_own, tell, visit
from gandeng.graduation.forms import ITEM, ChecklistForm, StatementForm, StepForm
from gandeng.graduation.models import Case, Step
from gandeng.graduation.moves import OPEN, State, StepKind
from gandeng.graduation.published import items_of
from gandeng.graduation.queries import cases
from gandeng.graduation.words import facts_told, signed_words
from gandeng.registry.queries import members_of, present

_PAPERS_MAX = 1


def take_checklist(acting: Acting, given: Given) -> str:
    """Keep the answers."""
    case = _preparing(given)
    answers = {f"{ITEM}{code}": answer for code, answer in _answers(given).items()}
    form = ChecklistForm(_typed(given) | answers, kind=StepKind.CHECKLIST, items=items_of(case.kind))
    told = _cleaned(form)
    words = given.signed(told["words"])
    return _done(case, lambda: check(acting, case, told["on_day"], form.answers(), words, step_id=given.record_id))


def take_visit(acting: Acting, given: Given) -> str:
    """Keep what she found at the family's."""
    case = _preparing(given)
    told = _cleaned(StepForm(_typed(given, "result"), kind=StepKind.VISIT))
    words = given.signed(told["words"])
    return _done(case, lambda: visit(acting, case, told["on_day"], told["result"], words, step_id=given.record_id))


def take_statement(acting: Acting, given: Given) -> str:
    """Keep the family's own statement: its signature from the strokes, or the photo of the stamped paper."""
    case = _preparing(given)
    if len(given.photos) > _PAPERS_MAX:
        raise Refused(Why(too_many_photos(_PAPERS_MAX), "photo"))
    paper = {"photo": as_upload(given.photos[0])} if given.photos else {}
    signers = present(members_of(given.family))
    typed = _typed(given, "signer") | {"strokes": _strokes(given)}
    form = StatementForm(typed, paper, kind=StepKind.STATEMENT, signers=signers)
    told = _cleaned(form)
    words = given.signed(signed_words(case, told["words"]))
    return _done(case, lambda: state_own(
        acting, case, told["on_day"], form.signer(), told["picture"], drawn=told["drawn"], words=words,
        step_id=given.record_id,
    ))  # fmt: skip


def take_told(acting: Acting, given: Given) -> str:
    """Keep that she told the family. Refused where what she told of is not, or no longer, what stands."""
    case = _case(given)
    if vars(case)["state"] != State.APPROVED:
        raise Refused(Why(_as_it_stands(case), "case"))
    approved = Step.objects.filter(case=case, kind=StepKind.APPROVED).order_by("number").last()
    if approved is None or given.body.get("approval") != approved.number:
        raise Refused(Why(_("Graduasinya disetujui ulang sejak daftar Anda diambil. Sampaikan lagi."), "case"))
    told = _cleaned(StepForm(_typed(given), kind=StepKind.TOLD))
    words = given.signed(told["words"])
    return _done(case, lambda: tell(acting, case, told["on_day"], words, step_id=given.record_id))


def _case(given: Given) -> Case:
    found = _of_family(given)
    if found is None:
        raise Refused(Why(_("Proses graduasi itu bukan milik keluarga ini."), "case"))
    return found


def _of_family(given: Given) -> Case | None:
    found: Case | None = named_in(cases().filter(family=given.family), given.body.get("case"))
    return found


def _preparing(given: Given) -> Case:
    """A case that is prepared. Conflict where it went on meanwhile and may be given back; Refused where it is over."""
    case = _case(given)
    state = vars(case)["state"]
    if state == State.PREPARING:
        return case
    if state in OPEN and not given.by_office:
        words = _("Proses graduasi ini sudah berjalan: %(state)s. Catatan Anda disimpan; kantor yang memutuskan.")
        raise Conflict(words % {"state": State(state).label})
    raise Refused(Why(_as_it_stands(case), "case"))


def _as_it_stands(case: Case) -> str:
    state = State(vars(case)["state"]).label
    return _("Proses graduasi ini sekarang: %(state)s. Langkah ini tidak dapat dicatat.") % {"state": state}


def _typed(given: Given, *names: str) -> dict[str, str]:
    return given.typed("words", *names) | {"on_day": given.day("on_day").isoformat()}


def _answers(given: Given) -> dict[str, str]:
    """By code of the item, what can be read as an answer."""
    told = given.body.get("answers")
    return {code: each for code, each in told.items() if isinstance(each, str)} if isinstance(told, dict) else {}


def _strokes(given: Given) -> str:
    """As the field of the page has them."""
    told = given.body.get("strokes")
    return json.dumps(told) if told else ""


def _cleaned(form: StepForm) -> dict[str, Any]:
    if not form.is_valid():
        raise refused_by(form)
    return form.cleaned_data


def _done(case: Case, act: Callable[[], Step]) -> str:
    try:
        act()
    except GraduationRefused as why:
        raise Refused(Why(str(why), why.field)) from why
    return reverse("graduation:case", args=[case.pk])


def compare(_acting: Acting, given: Given) -> list[Line]:
    """Beside the last step of its kind."""
    kind, case, told = _STEPS[given.entry.kind], _of_family(given), given.typed("on_day", "words")
    last = Step.objects.filter(case=case, kind=kind).order_by("number").last() if case else None
    state = str(State(vars(case)["state"]).label) if case else _("tidak ada")
    return [
        Line(_("Macam graduasi"), *([case.get_kind_display()] * 2 if case else ["", ""])),
        Line(_("Keadaan"), "", state),
        Line(_("Hari"), told["on_day"], last.on_day.isoformat() if last else ""),
        Line(_("Isi"), _facts(_as_step(given, kind)), _facts(last) if last else ""),
        Line(_("Catatan"), told["words"], last.words if last else ""),
    ]


def _facts(step: Step) -> str:
    return "; ".join(facts_told(step))


def _as_step(given: Given, kind: StepKind) -> Step:
    """What would be kept of it, for its words."""
    told = given.typed("result", "signer")
    facts: dict[StepKind, dict[str, Any]] = {
        StepKind.CHECKLIST: {"answers": _answers(given)},
        StepKind.VISIT: {"result": told["result"]},
        StepKind.STATEMENT: {
            "how": "PHOTO" if given.entry.photos else "DRAWN",
            "signer": next((one.member_no for one in members_of(given.family) if str(one.pk) == told["signer"]), "?"),
        },
    }  # fmt: skip
    return Step(kind=kind, facts=facts.get(kind, {}))


_RIGHT = May.REQUEST_CHANGE
CHECKLIST = Kind("graduation.checklist", 1, gettext_lazy("Daftar periksa graduasi"), take_checklist, compare, _RIGHT)
VISIT = Kind("graduation.visit", 1, gettext_lazy("Kunjungan graduasi"), take_visit, compare, _RIGHT)
STATEMENT = Kind(
    "graduation.statement", 1, gettext_lazy("Pernyataan graduasi keluarga"), take_statement, compare, _RIGHT
)
TOLD = Kind("graduation.told", 1, gettext_lazy("Keluarga diberi tahu graduasinya"), take_told, compare, _RIGHT)
KINDS = (CHECKLIST, VISIT, STATEMENT, TOLD)
_STEPS = {
    CHECKLIST.name: StepKind.CHECKLIST, VISIT.name: StepKind.VISIT, STATEMENT.name: StepKind.STATEMENT,
    TOLD.name: StepKind.TOLD,
}  # fmt: skip
