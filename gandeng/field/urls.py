"""Addresses under /lapangan/: the door of the app, and the pages of the office."""

from django.urls import path, register_converter

from gandeng.field import app_views
from gandeng.field.views import decisions, devices, doors, sheets, visits


class Digest:
    """A SHA-256 in hexadecimal."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Digest, "sha256")

app_name = "field"
urlpatterns = [
    path("", app_views.app, name="app"),
    path("sw.js", app_views.worker, name="worker"),
    path("manifest.webmanifest", app_views.manifest, name="manifest"),
    path("keputusan/", decisions.decisions, name="decisions"),
    path("keputusan/<uuid:field_entry_id>/", decisions.entry, name="entry"),
    path("keputusan/<uuid:field_entry_id>/foto/<sha256:sha256>/", decisions.photo, name="entry_photo"),
    path("lembar/<uuid:field_sheet_id>/", sheets.sheet, name="sheet"),
    path("lembar/<uuid:field_sheet_id>/foto/<sha256:sha256>/", sheets.photo, name="sheet_photo"),
    path("perangkat/", devices.devices, name="devices"),
    path("perangkat/<uuid:device_id>/cabut/", devices.revoke, name="revoke"),
    path("kunjungan/", visits.visits, name="visits"),
    path("kunjungan/<uuid:field_visit_id>/foto/<sha256:sha256>/", visits.photo, name="visit_photo"),
    path("kunjungan/keluarga/<uuid:family_id>/", visits.family_visits, name="family_visits"),
    path("v1/perangkat", doors.devices, name="v1_devices"),
    path("v1/perangkat/<uuid:device_id>/bagian", doors.share, name="v1_share"),
    path("v1/muatan", doors.families, name="v1_families"),
    path("v1/foto/<sha256:sha256>", doors.photo, name="v1_photo"),
    path("v1/kirim", doors.entries, name="v1_entries"),
    path("v1/jawaban", doors.decided, name="v1_decided"),
]
