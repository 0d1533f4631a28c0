"""Addresses of plans to share families anew, and of what if."""

from django.urls import path

from gandeng.facilitators.views import plan_hand_over, plan_rows, plans, what_if

app_name = "plans"
urlpatterns = [
    path("", plans.plans, name="plans"),
    path("minta/", plans.ask, name="ask"),
    path("bagaimana-jika/", what_if.ask, name="what_if"),
    path("bagaimana-jika/unduh/", what_if.file, name="what_if_file"),
    path("bagaimana-jika/hitung/", what_if.solve, name="what_if_solve"),
    path("bagaimana-jika/hasil/", what_if.result, name="what_if_result"),
    path("<uuid:plan_id>/", plans.plan, name="plan"),
    path("<uuid:plan_id>/pilih/", plans.choose, name="choose"),
    path("<uuid:plan_id>/buang/", plans.drop, name="drop"),
    path("<uuid:plan_id>/setujui/", plans.approve, name="approve"),
    path("<uuid:plan_id>/desa/", plan_rows.rows, name="rows"),
    path("<uuid:plan_id>/desa/<str:village_code>/<uuid:staff_id>/", plan_rows.row, name="row"),
    path("<uuid:plan_id>/desa/<str:village_code>/<uuid:staff_id>/kunci/", plan_rows.lock, name="lock"),
    path("<uuid:plan_id>/lepas-kunci/", plan_rows.unlock, name="unlock"),
    path("<uuid:plan_id>/kembalikan/", plan_rows.restore, name="restore"),
    path("<uuid:plan_id>/serah-terima/", plan_hand_over.hand_over, name="hand_over"),
    path("<uuid:plan_id>/serah-terima/unduh/", plan_hand_over.hand_over_file, name="hand_over_file"),
]
