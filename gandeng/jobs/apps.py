"""The app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work with progress: who asked for it, how far it is, where its result is."""

    name = "gandeng.jobs"
    label = "jobs"
