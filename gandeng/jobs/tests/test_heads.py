import base64
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.actions import record
from gandeng.audit.heads import NoKey, anchor, seal_log
from gandeng.audit.log_keys import log_key, make_log_key, read
from gandeng.audit.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db


def test_it_works(operator, cast):
    record(operator, "family.seen", region="6371")
    head = seal_log()
    word, day, root, key, signature = anchor(head).split()
    assert (word, day) == ("gandeng-log-head-2", timezone.localdate().isoformat())
    assert key == log_key().public_text
    Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(
        base64.b64decode(signature), f"{word} {day} {root}".encode()
    )
    with in_territory(cast("MINISTRY_OFFICER", "")):
        entry = AuditEntry.objects.get(action="family.seen")
        sealed = AuditEntry.objects.get(action="log.sealed")
    assert [entry.shard, 1, bytes(entry.hash).hex()] in head.ends
    assert (sealed.person_name, sealed.facts["root"]) == ("Gandeng", root)


def test_a_day_has_one_head(operator):
    record(operator, "family.seen", region="6371")
    first = seal_log()
    record(operator, "family.seen", region="6371")
    assert anchor(seal_log()) == anchor(first)
    assert AuditHead.objects.count() == 1


def test_a_head_covers_the_one_before(operator, monkeypatch):
    record(operator, "family.seen", region="6371")
    first = seal_log()
    monkeypatch.setattr(timezone, "localdate", lambda: date(2999, 1, 1))
    assert bytes(seal_log().previous) == bytes(first.root)


def test_the_day_is_that_of_jakarta(operator, monkeypatch):
    """23.30 in London is the next day in Jakarta (docs/threats.md, 30)."""
    from datetime import UTC, datetime

    monkeypatch.setattr(timezone, "now", lambda: datetime(2024, 9, 18, 23, 30, tzinfo=UTC))
    assert seal_log().day == date(2024, 9, 19)


def test_it_refuses_without_a_key(operator, settings, tmp_path):
    settings.LOG_KEY_FILE = tmp_path / "none.json"
    with pytest.raises(NoKey):
        seal_log()


def test_a_key_file_is_its_owner_s_alone_and_never_overwritten(tmp_path):
    path = tmp_path / "deep" / "log-key.json"
    make_log_key(path)
    content = path.read_bytes()
    make_log_key(path)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(read(path).public) == 32
