"""What a channel says of the file it holds: the digest it has computed of its own copy."""

import re

from django.db import transaction

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May
from gandeng.audit.actions import record
from gandeng.payments.models import Confirmation, Instruction
from gandeng.payments.refused import Refused

_DIGEST = re.compile(r"[0-9a-f]{64}")


def confirm(acting: Acting, instruction: Instruction, told: str) -> Confirmation:
    """Keep what the channel's own officer told, whether it fits or not; it holds no money back.

    `told` is 64 hexadecimal digits, as programs write them: in groups or in capitals. Raises Refused for what is no
    digest, for that of the list inside, which whoever swaps a file copies along, and for that of a file which has been
    packed again since: then the channel fetches the new one.
    """
    authority = acting.authority(May.CONFIRM_ORDER, instruction.region_code, instruction.channel)
    digest = "".join(told.split()).lower()
    if not _DIGEST.fullmatch(digest):
        raise Refused("no_digest")
    with transaction.atomic():
        found = Instruction.objects.select_for_update(no_key=True).get(pk=instruction.pk)
        if digest == found.list_sha256:
            raise Refused("digest_of_list")
        if digest in found.earlier_sha256:
            raise Refused("order_repacked")
        kept = Confirmation.objects.create(
            instruction=found, ours_sha256=found.sha256, told_sha256=digest, person_id=acting.person_id,
            authority=authority,
        )  # fmt: skip
        record(
            acting, "instruction.confirmed", found, region=found.region_code, authority=authority,
            channel=found.channel, sha256=found.sha256, told=digest, matches=kept.matches,
        )  # fmt: skip
    return kept
