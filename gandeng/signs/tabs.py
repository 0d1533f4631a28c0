"""The parts of this package, beside those of the field."""

from django.utils.translation import gettext_lazy as _

from gandeng.accounts.roles import May

REVIEWS = (_("Tanda yang perlu dilihat"), (May.REVIEW_SIGNS,))
MINE = (_("Tanda tentang catatan Anda"), (May.ACCOMPANY,))
