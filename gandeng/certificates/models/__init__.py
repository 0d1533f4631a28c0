"""Skills, and the certificates that show who has them."""

from gandeng.certificates.models.papers import Certificate, Evidence, Revocation
from gandeng.certificates.models.skills import Skill

__all__ = ["Certificate", "Evidence", "Revocation", "Skill"]
