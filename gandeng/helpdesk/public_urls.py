"""Addresses under /lapor/, open to everybody."""

from django.urls import path

from gandeng.helpdesk.views import asking, family_news

app_name = "complain"
urlpatterns = [
    path("", asking.file, name="file"),
    path("lihat/", asking.look, name="look"),
    path("keluarga/", family_news.ask, name="family"),
    path("kasus/", asking.followed, name="followed"),
    path("kasus/dinilai/", asking.rate, name="rate"),
    path("kasus/buka-lagi/", asking.reopen, name="reopen"),
]
