import shutil
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as office
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.accounts.actions import invite_administrator
from gandeng.accounts.models import Invitation, PublicTry
from gandeng.achievements.models import Achievement
from gandeng.achievements.tests.factories import consent, draft, make_child, years_ago
from gandeng.audit.models import AuditEntry
from gandeng.jobs.models import Job
from gandeng.payments.tests.factories import make_cycle
from gandeng.privacy.disposing import _ENDINGS, dispose, look
from gandeng.privacy.models import Disposal
from gandeng.privacy.register import register
from gandeng.privacy.retention import PeriodsBroken, classes, in_force, stated
from gandeng.privacy.tasks import dispose_daily
from gandeng.reconciliation.models import ResultFile
from gandeng.registry.models import Intake
from gandeng.registry.staging import folder_of
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=400)
SOURCE = "Jadwal Retensi Arsip uji, halaman 4"


@pytest.fixture
def periods(settings, tmp_path):
    """States periods: `periods(sessions=30)`, or the text of a file."""

    def state(text="", *, source=SOURCE, **days):
        lines = [f"{name}:\n  2020-01-01: {{days: {count}, source: '{source}'}}" for name, count in days.items()]
        settings.RETENTION_FILE = tmp_path / "periods.yaml"
        settings.RETENTION_FILE.write_text(text or "\n".join(lines), encoding="utf-8")

    return state


@contextmanager
def then(monkeypatch):
    """Long ago."""
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: LONG_AGO)
        yield


def entries():
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action="retention.done").order_by("id"))


@pytest.fixture
def old(cast, monkeypatch):
    """One old thing of every class, and one young session and invitation."""
    owner, operator = cast("PROVINCE_OFFICER", "63"), cast("DISTRICT_OPERATOR", "6371")
    made = {}
    for name, since in (("lama", LONG_AGO), ("baru", timezone.now())):
        invitation, _ = invite_administrator(name, f"{name}@contoh.test", "63", timezone.localdate())
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=since)
        Session.objects.create(session_key=name, session_data="x", expire_date=since)
        PublicTry.objects.create(network=b"x", hour=since, tries=1)
        Job.objects.create(kind="x", title=name, owner_id=owner.person_id, state="DONE", ended_at=since)
    Job.objects.create(kind="x", title="masih berjalan", owner_id=owner.person_id, state="RUNNING")
    with then(monkeypatch):
        made["intake"], made["file"] = staged(owner), sent(owner)
        draft(operator, *make_child())
    draft(operator, *make_child())
    return made


def staged(owner):
    with in_territory(EVERYWHERE):
        intake = Intake.objects.create(
            region_code="63", cycle="2024-2", families_name="a", members_name="b", families_sha256=uuid4().hex,
            members_sha256=uuid4().hex, folder="x", taken_by_id=owner.person_id,
        )  # fmt: skip
    folder_of(intake.pk).mkdir(parents=True)
    (folder_of(intake.pk) / "families.parquet").write_bytes(b"x")
    return intake


def sent(owner, state="REFUSED"):
    path = Path(office.DATA_DIR) / "results" / uuid4().hex
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"nama;rekening")
    with in_territory(EVERYWHERE), scopes_disabled():
        return ResultFile.objects.create(
            cycle=make_cycle(), channel="BRI", region_code="63", name="bri.csv",
            sha256=uuid4().hex, size_bytes=3, path=str(path), typed_rows=1, typed_rupiah=1, state=state,
            sent_by_id=owner.person_id,
        )  # fmt: skip


def test_without_a_period_everything_is_kept(old, settings, django_capture_on_commit_callbacks):
    settings.RETENTION_FILE = None
    with django_capture_on_commit_callbacks(execute=True):
        assert dispose() == {}
    assert {one.name: one.due.count for one in look() if one.done} == dict.fromkeys(_ENDINGS, 1)
    assert Session.objects.count() == 2
    assert entries() == []


def test_it_works(old, periods, django_capture_on_commit_callbacks):
    """Every class with a sourced period ends what is older, and nothing else; it is written down."""
    periods(**dict.fromkeys(_ENDINGS, 90))
    with django_capture_on_commit_callbacks(execute=True):
        assert dispose() == dict.fromkeys(_ENDINGS, 1)
    assert [one.session_key for one in Session.objects.all()] == ["baru"]
    assert [one.email for one in Invitation.objects.all()] == ["baru@contoh.test"]
    assert {one.title for one in Job.objects.all()} == {"baru", "masih berjalan"}
    assert PublicTry.objects.count() == 1
    with in_territory(EVERYWHERE):
        assert Intake.objects.get(pk=old["intake"].pk).state == "WITHDRAWN"
        assert sorted(Achievement.objects.values_list("what", flat=True)) == ["(dihapus)", "Juara 1 lomba pidato"]
        assert ResultFile.objects.get(pk=old["file"].pk).state == "REFUSED", "what was said of it stays"
    assert not folder_of(old["intake"].pk).exists()
    assert not Path(old["file"].path).exists()
    assert {(one.object_id, one.reason) for one in entries()} == {(name, SOURCE) for name in _ENDINGS}
    assert set(Disposal.objects.values_list("kind", "thing")) == {
        ("staged_lists", str(old["intake"].pk)), ("bank_files", str(old["file"].pk)),
    }  # fmt: skip


def test_what_parents_agreed_to_ends_when_the_child_is_grown(cast, periods):
    """Her time is counted from her birthday: since then nobody has agreed."""
    operator = cast("DISTRICT_OPERATOR", "6371")
    for age in (17, 18, 19):
        born = years_ago(age)
        one = draft(operator, *make_child(born=born), what=f"Juara {age}")
        consent(operator, one, given_on=born + timedelta(days=6200), valid_until=timezone.localdate() + timedelta(400))
    periods(achievements=90)
    assert dispose() == {"achievements": 1}
    with in_territory(EVERYWHERE):
        assert sorted(Achievement.objects.values_list("what", flat=True)) == ["(dihapus)", "Juara 17", "Juara 18"]


def test_twice_is_once(old, periods, django_capture_on_commit_callbacks):
    periods(**dict.fromkeys(_ENDINGS, 90))
    with django_capture_on_commit_callbacks(execute=True):
        dispose()
        before = len(entries())
    with django_capture_on_commit_callbacks(execute=True):
        assert dispose() == dict.fromkeys(_ENDINGS, 0)
    assert len(entries()) == before


def test_what_a_restored_backup_brings_back_ends_again(old, periods, django_capture_on_commit_callbacks):
    periods(bank_files=90, staged_lists=90)
    kept = Path(office.DATA_DIR) / "kept"
    shutil.copy(old["file"].path, kept)
    with django_capture_on_commit_callbacks(execute=True):
        dispose()
    shutil.copy(kept, old["file"].path)
    folder_of(old["intake"].pk).mkdir()
    with django_capture_on_commit_callbacks(execute=True):
        assert dispose() == {"bank_files": 1, "staged_lists": 1}
    assert not Path(old["file"].path).exists()
    assert not folder_of(old["intake"].pk).exists()
    assert Disposal.objects.count() == 2


def test_a_file_whose_day_has_not_committed_stays(old, periods):
    """The bytes go when the row that says so is there for good."""
    periods(bank_files=90)
    dispose()
    assert Path(old["file"].path).exists(), "this test never commits"


def test_it_refuses_files_that_sums_rest_on(cast, periods, monkeypatch, django_capture_on_commit_callbacks):
    owner = cast("PROVINCE_OFFICER", "63")
    with then(monkeypatch):
        taken = sent(owner, state="TAKEN")
    periods(bank_files=7)
    with django_capture_on_commit_callbacks(execute=True):
        assert dispose() == {"bank_files": 0}
    assert Path(taken.path).exists()


def test_a_proposal_ends_nothing(old, periods):
    periods(source="unsourced", sessions=30)
    assert dispose() == {}
    assert Session.objects.count() == 2


def test_the_period_of_the_day_holds(periods, settings):
    periods(
        """sessions:
  2020-01-01: {days: 30, source: "A"}
  2022-01-01: {days: null, source: "B"}
  2024-01-01: {days: 60, source: "C"}"""
    )
    told = stated(settings.RETENTION_FILE)
    days = [in_force(told, "sessions", date(year, 6, 1)) for year in (2019, 2021, 2023, 2025)]
    assert [(one.days, one.source) if one else None for one in days] == [None, (30, "A"), None, (60, "C")]


@pytest.mark.parametrize(
    "text",
    [
        "journal:\n  2020-01-01: {days: 30, source: x}", "families:\n  2020-01-01: {days: 3000, source: x}",
        "sessions:\n  2020-01-01: {days: 3, source: x}", "sessions:\n  2020-01-01: {days: 30}",
        "sessions:\n  2020-01-01: {days: 30, source: ' '}", "sessions: [", "sessions:\n  soon: {days: 30, source: x}",
    ],
)  # fmt: skip
def test_it_refuses_a_file_it_does_not_understand_and_ends_nothing(old, periods, text):
    periods(text)
    with pytest.raises(PeriodsBroken):
        dispose()
    dispose_daily(0)
    assert Session.objects.count() == 2


def test_every_class_is_ended_somewhere_and_every_table_names_one():
    assert {name for name, kept in classes().items() if kept.done} == set(_ENDINGS)
    assert {table.keep for table in register().tables.values()} <= {*classes(), "always"}


def test_money_the_log_and_decisions_are_in_no_class():
    """Whatever an office states, no period reaches them."""
    kept = {name for name, table in register().tables.items() if table.keep == "always"}
    assert kept >= {
        "audit_auditentry", "payments_payment", "payments_journalline", "payments_approval",
        "reconciliation_outcomerow", "reconciliation_signature", "entitlements_entitlement", "registry_intakerow",
    }  # fmt: skip
