"""In which language something is said: pages in their reader's, what is kept or leaves the office in Indonesian."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from gandeng.words import speaking


@contextmanager
def saying(language: str) -> Iterator[None]:
    """Sentences of pages and of `gandeng.words` alike."""
    with translation.override(language), speaking(language):
        yield


@contextmanager
def indonesian() -> Iterator[None]:
    """Of the office, whoever reads: papers, lists, the log."""
    with saying("id"):
        yield
