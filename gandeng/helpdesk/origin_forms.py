"""What is asked where a case is opened from a problem or an exception."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.models import Person
from gandeng.accounts.roles import May
from gandeng.helpdesk import queries
from gandeng.helpdesk.actions.cases import Told
from gandeng.helpdesk.models import Case
from gandeng.helpdesk.origin_queries import Thing
from gandeng.helpdesk.published import kinds
from gandeng.web.fields import CHOOSE, no_long_number, text_field


def _kinds() -> list[tuple[str, str]]:
    """A sensitive case is not opened here: this page would show that there is one."""
    return [(code, kind.name.said()) for code, kind in kinds().items() if not kind.sensitive]


class OpenForm(forms.Form):
    """Kind, words and, where one works cases of the place, who is to see to it."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis laporan"), choices=_kinds, error_messages=CHOOSE)
    what = text_field(
        gettext_lazy("Apa yang perlu diselesaikan"), most=2000, rows=6, min_length=10, validators=[no_long_number]
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Penanggung jawab"), required=False, error_messages=CHOOSE,
        help_text=gettext_lazy("Tanpa pilihan, kasusnya menunggu di meja pengaduan wilayah itu."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput())
    field_order = ("kind", "what", "owner")

    def __init__(self, acting: Acting, thing: Thing, data: Any = None) -> None:
        super().__init__(data, initial={"kind": thing.kind, "what": thing.what, "key": uuid4()})
        self.region_code, self.people = thing.region_code, _people(acting, thing)
        if not self.people:
            del self.fields["owner"]
            return
        offered = [(key, one.name) for key, one in self.people.items()]
        self.fields["owner"].choices = [("", _("Belum ada")), *offered]  # type: ignore[attr-defined]
        if str(thing.owner_id) in self.people:
            self.initial["owner"] = str(thing.owner_id)

    def told(self) -> Told:
        """What was entered."""
        data = self.cleaned_data
        return Told(data["kind"], self.region_code, data["what"], Case.Came.FIELD)

    def chosen(self) -> Person | None:
        """Who was chosen."""
        return self.people.get(self.cleaned_data.get("owner", ""))


def _people(acting: Acting, thing: Thing) -> dict[str, Person]:
    if not acting.may(May.WORK_CASES, thing.region_code):
        return {}
    place = Case(region_code=thing.region_code, sensitive=False)
    return {str(one.pk): one for one in queries.people_for(place, accused=False)}
