"""What the pages share."""

from typing import Any

from django.forms import Form
from django.utils import timezone
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.achievements import queries
from gandeng.achievements.forms import PhotoForm, ProofForm
from gandeng.achievements.models import Achievement, Consent, Paper
from gandeng.achievements.queries import CONSENTS, TONES, named
from gandeng.achievements.yearbook_queries import provinces
from gandeng.web.tabs import tabs_of

STEPS = (Achievement.State.DRAFT, Achievement.State.SUBMITTED, Achievement.State.CONFIRMED)


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts of the package one may open."""
    parts = [("achievements", _("Catatan prestasi"), True), ("book", _("Buku tahunan"), bool(provinces(who)))]
    return tabs_of("achievements", parts, current)


def row(one: Any) -> dict[str, Any]:
    """One in a list."""
    return {
        "one": one, "name": named(one), "tone": TONES.get(one.state, "neutral"),
        "place": region_name(one.family.village_code[:6]), "district": region_name(one.family.village_code[:4]),
        "agreed": CONSENTS[one.agreed] if one.agreed and one.state != Achievement.State.WITHDRAWN else "",
    }  # fmt: skip


def page(who: Acting, one: Any, **forms: Form) -> dict[str, Any]:
    """All of one: what, its papers, consents, editions, and what may be done now."""
    deeds, papers = queries.deeds(who, one), queries.papers_of(one)
    consents, entries = queries.consents_of(one), queries.printed_in(one)
    lacks = queries.missing_for_submission(one, papers) if "ajukan" in deeds else []
    return row(one) | {
        "deeds": deeds, "story": queries.story_of(one), "lacks": lacks, "stepper": _stepper(one),
        "papers": [{"paper": paper, "label": queries.label_of(paper)} for paper in papers],
        "no_photo": not any(paper.kind == Paper.Kind.PHOTO for paper in papers),
        "consents": [_consent(one, each) for each in consents], "entries": entries,
        "missing_book": bool(one.consent) and not one.agreed and not one.consent.covers_book,
        "withdraws_consent": "persetujuan" in deeds and one.consent is not None and not one.consent.withdrawn_at,
        "mine": who.person_id in (one.recorded_by_id, one.submitted_by_id),
        "proof_form": forms.get("bukti") or ProofForm(), "photo_form": forms.get("foto") or PhotoForm(),
    }  # fmt: skip


def _consent(one: Any, consent: Consent) -> dict[str, Any]:
    covered = {
        "book": _("buku tahunan"), "name": _("nama"), "school": _("sekolah"), "photo": _("foto"), "story": _("cerita"),
    }  # fmt: skip
    counts = consent.pk == one.consent_id
    holds = counts and not one.agreed
    words = _("Berlaku") if holds else CONSENTS[one.agreed] if counts else _("Diganti yang lebih baru")
    if consent.withdrawn_at:
        words = CONSENTS["WITHDRAWN"]
    elif not counts and consent.valid_until <= timezone.localdate():
        words = CONSENTS["ENDED"]
    covers = [word for name, word in covered.items() if getattr(consent, f"covers_{name}")]
    return {
        "consent": consent, "words": words, "tone": "good" if holds else "warn" if counts else "neutral",
        "covers": ", ".join(covers) or _("pencatatan saja"),
    }  # fmt: skip


def _stepper(one: Any) -> list[dict[str, str]]:
    if one.state == Achievement.State.WITHDRAWN:
        return []
    now = STEPS.index(one.state) if one.state in STEPS else 0
    last = len(STEPS) - 1
    states = ["done"] * now + ["done" if now == last else "current"] + ["todo"] * (last - now)
    return [{"label": str(step.label), "state": state} for step, state in zip(STEPS, states, strict=True)]
