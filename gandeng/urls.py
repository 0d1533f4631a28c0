"""Addresses, each with its rule (accounts.rules)."""

from django.urls import include, path, re_path

from gandeng.accounts.recovery_views import ask
from gandeng.home import doors
from gandeng.home import views as home

urlpatterns = [
    path("", home.home, name="home"),
    path("health", home.health, name="health"),
    path("health/worker", home.health_of_worker, name="health_of_worker"),
    path("bahasa/", home.language, name="language"),
    path("coba/", doors.open_doors, name="demo_people"),
    path("coba/<int:user_id>/", doors.sign_in, name="demo_sign_in"),
    path("periksa/sertifikat/", include("gandeng.certificates.public_urls")),
    path("periksa/surat/", include("gandeng.graduation.public_urls")),
    path("periksa/", include("gandeng.reconciliation.public_urls")),
    path("hadir/", include("gandeng.training.attend_urls")),
    re_path(
        r"^akun/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", ask, name="account_reset_password_from_key"
    ),
    path("akun/", include("allauth.urls")),
    path("pengguna/", include("gandeng.accounts.urls")),
    path("jejak/", include("gandeng.accounts.log_urls")),
    path("pekerjaan/", include("gandeng.jobs.urls")),
    path("unduhan/", include("gandeng.exports.urls")),
    path("keluarga/dukcapil/", include("gandeng.civil_registry.urls")),
    path("keluarga/rapikan/", include("gandeng.cleansing.urls")),
    path("keluarga/mirip/", include("gandeng.duplicates.urls")),
    path("keluarga/", include("gandeng.registry.urls")),
    path("pendamping/", include("gandeng.facilitators.urls")),
    path("beban/", include("gandeng.facilitators.caseload_urls")),
    path("pemerataan/", include("gandeng.facilitators.plan_urls")),
    path("kode-etik/", include("gandeng.conduct.urls")),
    path("sertifikat/", include("gandeng.certificates.urls")),
    path("pelatihan/", include("gandeng.training.urls")),
    path("prestasi/", include("gandeng.achievements.urls")),
    path("p2k2/", include("gandeng.family_sessions.urls")),
    path("pembayaran/", include("gandeng.payments.urls")),
    path("tindak-lanjut/", include("gandeng.follow_up.urls")),
    path("sekolah/", include("gandeng.commitments.own_urls")),
    path("komitmen/", include("gandeng.commitments.urls")),
    path("graduasi/", include("gandeng.graduation.urls")),
    path("pemantauan/", include("gandeng.monitoring.urls")),
    path("pengaduan/", include("gandeng.helpdesk.urls")),
    path("lapor/", include("gandeng.helpdesk.public_urls")),
    path("lapangan/keputusan/tanda/", include("gandeng.signs.urls")),
    path("lapangan/", include("gandeng.field.urls")),
    path("rekonsiliasi/", include("gandeng.reconciliation.urls")),
    path("kinerja/", include("gandeng.performance.urls")),
    path("ringkasan/", include("gandeng.reporting.urls")),
    path("data-pribadi/", include("gandeng.privacy.urls")),
    path("api/v1/", include("gandeng.api.urls")),
]

handler400 = "gandeng.home.errors.bad_request"
handler403 = "gandeng.home.errors.not_allowed"
handler404 = "gandeng.home.errors.not_found"
handler500 = "gandeng.home.errors.broken"
