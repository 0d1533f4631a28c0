"""Addresses under /sertifikat/."""

from django.urls import path

from gandeng.certificates.views import certificate, listing, needs, skills

app_name = "certificates"
urlpatterns = [
    path("", listing.certificates, name="certificates"),
    path("unduh/", listing.export, name="export"),
    path("cetak/", listing.bundle, name="bundle"),
    path("cetak/hasil/", listing.bundle_result, name="bundle_result"),
    path("cetak/berkas/", listing.bundle_file, name="bundle_file"),
    path("saya/", listing.own, name="own"),
    path("kebutuhan/", needs.needs, name="needs"),
    path("kebutuhan/unduh/", needs.export, name="export_needs"),
    path("keahlian/", skills.skills, name="skills"),
    path("keahlian/baru/", skills.enter, name="enter_skill"),
    path("keahlian/<uuid:skill_id>/ubah/", skills.change, name="change_skill"),
    path("keahlian/<uuid:skill_id>/akhiri/", skills.end, name="end_skill"),
    path("luar/<uuid:staff_id>/", certificate.record_outside, name="record_outside"),
    path("<uuid:certificate_id>/", certificate.certificate, name="certificate"),
    path("<uuid:certificate_id>/pdf/", certificate.pdf, name="pdf"),
    path("<uuid:certificate_id>/bukti/", certificate.evidence, name="evidence"),
    path("<uuid:certificate_id>/cabut/", certificate.revoke, name="revoke"),
    path("<uuid:certificate_id>/perbarui/", certificate.renew, name="renew"),
]
