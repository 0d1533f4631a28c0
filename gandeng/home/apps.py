"""The app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """First pages: what waits for whom, sign-in of the try-out, public verification."""

    name = "gandeng.home"
    label = "home"
