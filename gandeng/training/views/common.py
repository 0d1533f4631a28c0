"""What the pages share: tabs of the package, of one event, and links of a participant."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.training.day_queries import own_open_days
from gandeng.training.evaluation_queries import may_give
from gandeng.training.event_lists import EVENT_TONES, PARTICIPANT_TONES
from gandeng.training.event_queries import Standing
from gandeng.training.models import Event, Participant
from gandeng.training.paper_queries import Own, own_papers
from gandeng.training.question_queries import StillSits
from gandeng.web.tabs import tabs_of

OFFICES = (May.PLAN_TRAINING, May.SEE_STAFF)
"""Who opens pages of the office; a participant's own pages are for everybody who is signed in."""


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    office = who.may(May.SEE_STAFF) or who.may(May.PLAN_TRAINING)
    named = [
        ("events", _("Kegiatan"), office),
        ("courses", _("Katalog"), office),
        ("needs", _("Kebutuhan"), who.may(May.PLAN_TRAINING)),
        ("problems", _("Masalah"), office),
        ("own", _("Pelatihan saya"), who.may(May.ACCOMPANY) or office),
    ]
    return tabs_of("training", named, current)


def event_tabs(standing: Standing, current: str) -> list[dict[str, Any]]:
    """The parts of one event. `current` is the name of the address."""
    named = [
        ("event", _("Ringkasan"), True),
        ("participants", _("Peserta"), True),
        ("agenda", _("Acara dan bahan"), True),
        ("attendance", _("Kehadiran"), True),
        ("tests", _("Tes"), True),
        ("evaluation", _("Evaluasi"), standing.runs),
        ("event_problems", _("Masalah"), True),
        ("costs", _("Biaya"), standing.runs),
        ("closing", _("Hasil dan laporan"), True),
    ]
    return tabs_of("training", named, current, standing.event.pk)


def event_page(standing: Standing, current: str) -> dict[str, Any]:
    """What `training/event_head.html` reads: every page of one event includes it."""
    event = standing.event
    return {
        "standing": standing, "event": event, "region": region_name(event.region_code),
        "tone": EVENT_TONES[event.state], "tabs": event_tabs(standing, current),
        "trail": [{"label": _("Pelatihan"), "url": reverse("training:events")}, {"label": event.number}],
    }  # fmt: skip


def own_links(standing: Standing) -> list[dict[str, str]]:
    """What a participant can do in her event now: `label`, `url`, `note`. Beside the invitation and the agenda."""
    event = standing.event
    told = [_link(_("Kehadiran saya"), reverse("attend:mine", args=[event.pk]), "")]
    if any(one.event_id == event.pk for one in own_open_days(standing.acting)):
        told.insert(
            0, _link(_("Catat kehadiran hari ini"), reverse("attend:type"), _("Pindai atau ketik kode di ruangan."))
        )
    told += [
        _link(str(one.paper.get_kind_display()), reverse("training:sit", args=[one.paper.pk]), _paper_note(one))
        for one in own_papers(standing)
    ]
    if may_give(standing):
        told.append(_link(_("Nilai kegiatan ini"), reverse("training:opinion", args=[event.pk]), _("Tanpa nama.")))
    if event.state == Event.State.INVITED:
        told.append(_link(_("Ajukan masalah lapangan"), reverse("training:raise_problem", args=[event.pk]), ""))
    return told


def _link(label: str, url: str, note: str) -> dict[str, str]:
    return {"label": label, "url": url, "note": note}


def _paper_note(own: Own) -> str:
    if own.may_answer:
        return _("Belum diserahkan.") if own.sitting else _("Terbuka, belum Anda mulai.")
    if own.score_shown:
        return _("Nilainya sudah tampil.")
    return _("Sudah diserahkan.") if own.sitting and own.sitting.handed_in_at else _("Sudah ditutup.")


def participant_row(one: Participant) -> dict[str, Any]:
    """A participant with the words of her place."""
    return {
        "row": one, "tone": PARTICIPANT_TONES[one.state], "district": region_name(one.region_code),
        "home": region_name(one.home_code) if one.home_code else _("Tidak tercatat"),
    }  # fmt: skip


def event_row(one: Event) -> dict[str, Any]:
    """An event in a list."""
    return {"event": one, "tone": EVENT_TONES[one.state], "region": region_name(one.region_code)}


def _unless_sitting(page: str, about: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Whoever is still to sit the tests goes to `page` of what the address names `about`, and reads why."""

    def sent_back(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def unless_sitting(request: HttpRequest, **named: Any) -> HttpResponse:
            try:
                return view(request, **named)
            except StillSits as why:
                messages.error(request, str(why))
                return redirect(page, named[about])

        return unless_sitting

    return sent_back


to_the_course = _unless_sitting("training:course", "course_id")
to_the_tests = _unless_sitting("training:tests", "event_id")
