"""Addresses of the caseload: `0` stands for the nation."""

from django.urls import path, register_converter

from gandeng.facilitators.views import caseload, caseload_acts, own_families, unaccompanied

app_name = "caseload"


class _Region:
    """Digits of a region's code; whether there is such a place, the view asks."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """As the rest of the program names it."""
        return "" if value == "0" else value

    def to_url(self, value: str) -> str:
        """As the address does."""
        return value or "0"


register_converter(_Region, "caseload_region")

urlpatterns = [
    path("", caseload.top, name="top"),
    path("melebihi/", caseload.overloaded, name="overloaded"),
    path("saya/", own_families.mine, name="mine"),
    path("tanpa-pendamping/", unaccompanied.unaccompanied, name="unaccompanied"),
    path("tanpa-pendamping/<caseload_region:village_code>/", unaccompanied.assign, name="assign"),
    path("serah-terima/<uuid:staff_id>/", caseload_acts.hand_over, name="hand_over"),
    path("perpindahan/", caseload_acts.changes, name="changes"),
    path("perpindahan/<uuid:act_id>/", caseload_acts.change, name="change"),
    path("perpindahan/<uuid:act_id>/unduh/", caseload_acts.change_export, name="change_export"),
    path("perpindahan/<uuid:act_id>/batalkan/", caseload_acts.undo, name="undo"),
    path("<caseload_region:region>/", caseload.load, name="load"),
    path("<caseload_region:region>/pendamping/", caseload.people, name="people"),
    path("<caseload_region:region>/batas/", caseload.limit, name="limit"),
    path("<caseload_region:region>/unduh/", caseload.export, name="export"),
    path("<caseload_region:region>/tanpa-pendamping/unduh/", unaccompanied.take_list, name="unaccompanied_export"),
]
