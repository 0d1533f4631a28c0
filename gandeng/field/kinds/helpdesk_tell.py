"""helpdesk.tell: a complaint or question a family told its facilitator. One entry, one case of the same id.

A sensitive one goes where the site's goes: to heads of offices alone. It is not held because of its family, for whoever
would decide may be whom it complains of; who wrote it down does not find it again; and its entry names neither the
family nor the case.
"""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.field.kinds import Given, Kind, Line, Refused, refused_by
from gandeng.helpdesk.actions.from_field import tell_of_family
from gandeng.helpdesk.forms import FamilyForm
from gandeng.helpdesk.published import kind_words, kinds


def is_secret(body: dict[str, Any]) -> bool:
    """Of a sensitive kind, or of one nobody can tell."""
    kind = kinds().get(str(body.get("kind")))
    return kind is None or kind.sensitive


def take(acting: Acting, given: Given) -> str:
    """Take it in; the address of the case, "" for one she does not find again."""
    form = FamilyForm({"kind": given.typed("kind")["kind"], "what": given.typed("words")["words"]})
    if not form.is_valid():
        raise Refused(
            *(replace(one, field={"what": "words"}.get(one.field, one.field)) for one in refused_by(form).why)
        )
    told, secret = form.cleaned_data, is_secret(given.body)
    case = tell_of_family(
        acting, uuid4() if secret else given.record_id, kind=told["kind"], what=given.signed(told["what"]),
        family=given.about, region=given.entry.region_code,
    )  # fmt: skip
    return "" if secret else reverse("helpdesk:case", args=[case])


def compare(_acting: Acting, given: Given) -> list[Line]:
    """There is nothing it stands beside."""
    told = given.typed("kind", "words")
    return [
        Line(_("Jenis laporan"), kind_words(told["kind"]) if told["kind"] in kinds() else told["kind"]),
        Line(_("Isi"), told["words"]),
    ]


KIND = Kind("helpdesk.tell", 1, gettext_lazy("Laporan keluarga"), take, compare, May.TELL_CASE, secret=is_secret)
