"""Addresses under /lapangan/keputusan/tanda/."""

from django.urls import path

from gandeng.signs.views import lists, one

app_name = "signs"
urlpatterns = [
    path("", lists.signs, name="signs"),
    path("dilihat/", lists.looked, name="looked"),
    path("saya/", lists.mine, name="mine"),
    path("periksa/", lists.look, name="look"),
    path("<uuid:sign_id>/", one.sign, name="sign"),
    path("<uuid:sign_id>/tanyakan/", one.ask, name="ask"),
    path("<uuid:sign_id>/jelaskan/", one.explain, name="explain"),
    path("<uuid:sign_id>/tutup/", one.close, name="close"),
]
