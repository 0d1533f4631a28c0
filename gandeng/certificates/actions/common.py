"""What every act here shares."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from gandeng.web.refusals import Refusal, guarded


class CertificateRefused(Refusal):
    """An act about skills or certificates."""


def refusing(constraints: Mapping[str, CertificateRefused]) -> AbstractContextManager[None]:
    """What a guard of the database refuses, in words, by its name; acts inside are undone. Others go on as they are."""
    return guarded(constraints.get)
