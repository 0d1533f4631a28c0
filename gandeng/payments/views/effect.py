"""What a request would do to what its family is due: the panel of the request's page, once it is asked for."""

from uuid import UUID

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.requests import acting
from gandeng.accounts.rules import allowed
from gandeng.core.calculation import CheckFailed
from gandeng.payments.effect import Effect, NotFitting, effects_of, of_change
from gandeng.policy import PolicyGap
from gandeng.registry.change_queries import ASK_OR_DECIDE, access_change
from gandeng.registry.models import ChangeRequest
from gandeng.registry.views.families import family_part
from gandeng.web.sections import Section


@allowed(*ASK_OR_DECIDE)
@require_safe
def effect(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Before and after, member by member, or why it cannot be calculated."""
    who, change = acting(request), access_change(acting(request), change_id)
    shown = of_change(who, change)
    if shown is None:
        raise Http404
    effects, why = _calculated(change)
    return family_part(
        request, change.family, Section(shown[0], "payments/effect.html", {"effects": effects, "why": why})
    )


def _calculated(change: ChangeRequest) -> tuple[list[Effect], str]:
    try:
        return effects_of(change, timezone.localdate()), ""
    except NotFitting as why:
        return [], str(why)
    except PolicyGap:
        return [], _("Angka kebijakan untuk tahap berikutnya belum ada, jadi belum dapat dihitung.")
    except IntegrityError:
        return [], _("Nomornya sudah dipakai orang lain, jadi permintaan ini tidak dapat disetujui.")
    except CheckFailed:
        return [], _("Belum dapat dihitung. Periksa pengurus keluarga ini dan NIK-nya.")
