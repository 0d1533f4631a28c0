"""Addresses under /pengguna/."""

from django.urls import path

from gandeng.accounts import confirming_views, key_views, recovery_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.people, name="people"),
    path("saya/", views.me, name="me"),
    path("isian/", views.typed, name="typed"),
    path("kunci/", key_views.keys, name="keys"),
    path("kunci/<uuid:key_id>/cabut/", key_views.revoke, name="key_revoke"),
    path("undang/", views.invite, name="invite"),
    path("orang/<uuid:person_id>/", views.person, name="person"),
    path("orang/<uuid:person_id>/akun/", views.set_login, name="set_login"),
    path("orang/<uuid:person_id>/undang/", views.invite_known, name="invite_known"),
    path("peran/<uuid:grant_id>/akhiri/", views.end_role, name="end_role"),
    path("peran/<uuid:grant_id>/pengganti/", views.deputy, name="deputy"),
    path("menunggu/", confirming_views.waiting_roles, name="waiting_roles"),
    path("menunggu/<uuid:waiting_grant_id>/", confirming_views.waiting_role, name="waiting_role"),
    path("undangan/<uuid:invitation_id>/tarik/", views.withdraw_invitation, name="withdraw_invitation"),
    path("pemulihan/", recovery_views.recoveries, name="recoveries"),
    path("pemulihan/batal/", recovery_views.withdraw, name="withdraw_recovery"),
    path("pemulihan/<uuid:recovery_id>/", recovery_views.decide, name="recovery"),
    path("pemulihan/<uuid:recovery_id>/tolak/", recovery_views.refuse, name="recovery_refuse"),
    path("kembali/<str:code>/", recovery_views.let_in, name="let_in"),
    path("masuk/<str:code>/", views.accept, name="accept"),
]
