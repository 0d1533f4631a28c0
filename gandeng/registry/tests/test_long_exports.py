"""Many rows leave the office only by two people: asked, decided, made, fetched within a day, swept."""

import csv
import io
import json
from datetime import timedelta

import pytest
import pyzipper
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.audit.models import AuditEntry
from gandeng.exports import actions, queries, views
from gandeng.exports.actions.budget import ROWS_A_DAY
from gandeng.exports.files import home, path_of
from gandeng.exports.models import ExportRequest, TakenAway
from gandeng.exports.refused import Refused
from gandeng.exports.sources import KINDS
from gandeng.exports.tasks import sweep_hourly
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS as WORK
from gandeng.jobs.work import WorkRefused
from gandeng.registry.tests.factories import EVERYWHERE, make_family

pytestmark = pytest.mark.django_db

DECIDE = {"decision": "approve", "reason": ""}
PURPOSE = "Pemutakhiran data oleh Bappeda Kota Banjarmasin"


def silent(*_):
    pass


@pytest.fixture(autouse=True)
def families(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return [make_family(name="=HYPERLINK(1)"), make_family(), make_family("6371021001"), make_family("6372011001")]


@pytest.fixture
def known(monkeypatch):
    """Identity was shown a moment ago."""
    monkeypatch.setattr(views, "ask_again", lambda _request: None)


def asked(who, kind="keluarga", **arguments):
    told = dict.fromkeys(KINDS[kind].arguments, "") | arguments
    with in_territory(who):
        return actions.ask(who, kind, told, KINDS[kind].source(who, told), PURPOSE)


def decided(who, export, *, approve=True, reason=""):
    with in_territory(who):
        actions.decide(who, export, approve=approve, reason=reason)


def made(who, export):
    with in_territory(who), transaction.atomic():
        WORK["exports.make"](who, silent, {"export": str(export.pk)})
    return fresh(export)


def ready(who, decider, **arguments):
    export = asked(who, **arguments)
    decided(decider, export)
    return made(who, export)


def fresh(export):
    with in_territory(EVERYWHERE):
        return ExportRequest.objects.get(pk=export.pk)


def entries(action):
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.filter(action=action).order_by("id"))


def opened(path, password):
    with pyzipper.AESZipFile(path) as archive:
        archive.setpassword(password.encode())
        names = archive.namelist()
        listed = next(name for name in names if name.endswith(".csv"))
        text = archive.read(listed).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";")), json.loads(archive.read("manifest.json"))


def test_its_title_is_indonesian_whoever_asks(operator, client_of, families):
    browser = client_of(operator)
    browser.cookies["language"] = "en"
    page = browser.get(reverse("exports:ask", args=["keluarga"])).content.decode()
    assert "Ask for a long download" in page
    assert "Nomor keluarga" in page, "as the columns stand in the file"
    browser.post(reverse("exports:ask", args=["keluarga"]), {"purpose": PURPOSE})
    with in_territory(EVERYWHERE):
        export = ExportRequest.objects.get()
    assert export.title == "Keluarga, Kota Banjarmasin"
    assert export.asked_authority == "Operator data kabupaten/kota 6371"


def test_it_works(operator, coordinator, client_of, families, known):
    browser, second = client_of(operator), client_of(coordinator)
    answer = browser.post(reverse("exports:ask", args=["keluarga"]), {"purpose": PURPOSE})
    export = answer.url
    page = second.get(reverse("exports:exports")).content.decode()
    assert PURPOSE in page
    answer = second.post(f"{export}putuskan/", DECIDE)
    assert answer.status_code == 302
    job = Job.objects.get(kind="exports.make")
    assert job.owner_id == operator.person_id
    with in_territory(EVERYWHERE):
        row = ExportRequest.objects.get()
    row = made(operator, row)
    page = browser.get(export).content.decode()
    assert "Unduh berkas terkunci" in page
    told = browser.post(f"{export}kata-sandi/").content.decode()
    password = told.split("<code>")[1].split("</code>")[0]
    got = browser.post(f"{export}unduh/")
    content = b"".join(got.streaming_content)
    assert content == path_of(row.pk).read_bytes()
    assert got["Content-Disposition"] == f'attachment; filename="{row.name}"'
    rows, manifest = opened(io.BytesIO(content), password)
    listed = [line[0] for line in rows[1:] if line[0] != row.mark_no]
    assert listed == sorted(one.family_no for one in families[:3])
    assert "'=HYPERLINK(1)" in {line[1] for line in rows}
    assert (manifest["rows"], manifest["purpose"], manifest["columns"]) == (3, PURPOSE, rows[0])
    assert manifest["asked_by"]["name"] == operator.person_name
    assert manifest["approved_by"]["name"] == coordinator.person_name
    assert manifest["region"]["code"] == "6371"
    for action in ("export.asked", "export.approved", "export.made", "export.password_shown", "export.downloaded"):
        [entry] = entries(action)
        assert entry.region_code == "6371"


def test_the_digest_in_the_manifest_is_that_of_the_rows(operator, coordinator, tmp_path):
    from gandeng.files.digests import sha256_of

    export = ready(operator, coordinator)
    with in_territory(operator):
        password = actions.show_password(operator, export)
    with pyzipper.AESZipFile(path_of(export.pk)) as archive:
        archive.setpassword(password.encode())
        archive.extractall(tmp_path / "out")
    _, manifest = opened(path_of(export.pk), password)
    assert sha256_of(tmp_path / "out" / "keluarga.csv") == manifest["rows_sha256"] == export.rows_sha256
    assert sha256_of(path_of(export.pk)) == export.sha256


def test_the_file_is_locked_its_owner_s_and_nothing_stands_in_the_open(operator, coordinator, families):
    export = ready(operator, coordinator)
    assert [path.name for path in home().iterdir()] == [f"{export.pk.hex}.zip"]
    assert path_of(export.pk).stat().st_mode & 0o777 == 0o600
    assert families[0].family_no.encode() not in path_of(export.pk).read_bytes()
    with pytest.raises(RuntimeError, match="password"), pyzipper.AESZipFile(path_of(export.pk)) as archive:
        archive.read("keluarga.csv")


def test_a_list_is_narrowed_as_on_its_page(operator, coordinator):
    export = ready(operator, coordinator, region="637102")
    assert (export.region_code, export.rows, export.arguments) == ("637102", 1, {"region": "637102"})


# Two people


def test_it_refuses_one_s_own_yes(cast):
    both = cast("DISTRICT_COORDINATOR", "6371")
    export = asked(both)
    with pytest.raises(Refused, match="orang lain"):
        decided(both, export)
    with in_territory(both):
        assert list(queries.waiting(both)) == []


def test_two_roles_of_one_person_are_one_person(cast, operator, client_of):
    export = asked(operator)
    from gandeng.accounts.models import Person

    both = cast("DISTRICT_HEAD", "6371", person=Person.objects.get(pk=operator.person_id))
    assert client_of(both).post(
        reverse("exports:decide", args=[export.pk]), {"decision": "approve"}
    ).status_code == 404  # fmt: skip


def test_the_database_refuses_one_person_too(operator, coordinator):
    export = asked(operator)
    with in_territory(EVERYWHERE):
        for changed in (
            {"state": "APPROVED"}, {"state": "APPROVED", "decided_by_id": operator.person_id}, {"state": "READY"},
            {"state": "EXPIRED", "decided_by_id": coordinator.person_id}, {"purpose": "lain"}, {"region_code": "63"},
            {"arguments": {"q": "x"}}, {"asked_by_id": coordinator.person_id}, {"rows_asked": 1},
        ):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                ExportRequest.objects.filter(pk=export.pk).update(**changed)
        with pytest.raises(DatabaseError), transaction.atomic():
            ExportRequest.objects.filter(pk=export.pk).delete()
    decided(coordinator, export)
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError), transaction.atomic():
        ExportRequest.objects.filter(pk=export.pk).update(decided_reason="lain")


@pytest.mark.parametrize(
    ("role", "region"), [("DISTRICT_OPERATOR", "6371"), ("DISTRICT_COORDINATOR", "6372"), ("AUDITOR", "6371"),
                         ("PROVINCE_OFFICER", "63")],
)  # fmt: skip
def test_it_refuses_whoever_has_no_right_over_all_of_it(operator, cast, role, region):
    export = asked(operator)
    other = cast(role, region)
    with pytest.raises(PermissionDenied):
        decided(other, export)
    with in_territory(other):
        assert list(queries.waiting(other)) == []


def test_a_part_of_the_territory_is_not_enough(cast, coordinator):
    export = asked(cast("PROVINCE_OFFICER", "63"))
    with pytest.raises(PermissionDenied):
        decided(coordinator, export)
    head = cast("PROVINCE_HEAD", "63")
    decided(head, export)
    assert fresh(export).state == "APPROVED"


def test_a_decision_and_a_password_ask_who_it_is_once_more(operator, coordinator, left_open):
    export = asked(operator)
    assert left_open(coordinator).post(reverse("exports:decide", args=[export.pk]), DECIDE).status_code in (302, 403)
    assert fresh(export).state == "ASKED"
    decided(coordinator, export)
    made(operator, export)
    assert left_open(operator).post(reverse("exports:password", args=[export.pk])).status_code in (302, 403)
    assert bytes(fresh(export).password_sealed)


def test_it_is_decided_once(operator, coordinator, cast):
    export = asked(operator)
    decided(coordinator, export, approve=False, reason="Tidak perlu nama")
    with pytest.raises(Refused, match="tidak menunggu"):
        decided(cast("DISTRICT_HEAD", "6371"), export)
    assert Job.objects.filter(kind="exports.make").count() == 0


def test_a_no_says_why(operator, coordinator, client_of, known):
    export = asked(operator)
    browser = client_of(coordinator)
    answer = browser.post(reverse("exports:decide", args=[export.pk]), {"decision": "refuse", "reason": " "})
    assert (answer.status_code, "Tulis alasan menolak" in answer.content.decode()) == (422, True)
    browser.post(reverse("exports:decide", args=[export.pk]), {"decision": "refuse", "reason": "Terlalu luas"})
    page = client_of(operator).get(reverse("exports:export", args=[export.pk])).content.decode()
    assert "Ditolak" in page and "Terlalu luas" in page


def test_it_is_taken_back_before_a_decision_and_not_after(operator, coordinator, client_of):
    first, second = asked(operator), asked(operator)
    browser = client_of(operator)
    assert browser.post(reverse("exports:withdraw", args=[first.pk])).status_code == 302
    with pytest.raises(Refused):
        decided(coordinator, first)
    decided(coordinator, second)
    assert browser.post(reverse("exports:withdraw", args=[second.pk])).status_code == 422


# Asking


def test_it_refuses_without_a_purpose(operator, client_of):
    answer = client_of(operator).post(reverse("exports:ask", args=["keluarga"]), {"purpose": "x"})
    assert answer.status_code == 422
    assert TakenAway.objects.count() == 0


def test_it_refuses_an_empty_list_and_a_full_number(operator, client_of):
    browser, url = client_of(operator), reverse("exports:ask", args=["keluarga"])
    empty = browser.post(f"{url}?status=GRADUATED", {"purpose": PURPOSE})
    number = browser.get(f"{url}?q=6371012345670001")
    assert (empty.status_code, "kosong" in empty.content.decode()) == (422, True)
    assert (number.status_code, "Nomor lengkap" in number.content.decode()) == (422, True)
    assert browser.get(f"{url}?lain=1").status_code == 400


def test_nobody_asks_for_what_the_role_does_not_see(cast, client_of):
    bank = cast("CHANNEL_OFFICER", "6371", channel="BRI")
    assert client_of(bank).get(reverse("exports:ask", args=["keluarga"])).status_code == 403


# Fetching


def test_the_asker_alone_fetches(operator, coordinator, cast, client_of):
    export = ready(operator, coordinator)
    for other in (coordinator, cast("DISTRICT_OPERATOR", "6371")):
        for name in ("download", "password"):
            assert client_of(other).post(reverse(f"exports:{name}", args=[export.pk])).status_code == 404
        with in_territory(other), pytest.raises(Refused):
            actions.download(other, export)


def test_the_password_is_shown_once_and_kept_nowhere(operator, coordinator):
    export = ready(operator, coordinator)
    with in_territory(operator):
        password = actions.show_password(operator, export)
        with pytest.raises(Refused, match="sudah ditampilkan"):
            actions.show_password(operator, export)
    assert bytes(fresh(export).password_sealed) == b""
    with in_territory(EVERYWHERE):
        assert all(password not in str(entry.facts) for entry in AuditEntry.objects.all())


def test_whoever_loses_the_role_loses_the_file(operator, coordinator, client_of):
    export = ready(operator, coordinator)
    Grant.objects.filter(person_id=operator.person_id).update(valid_until=timezone.localdate())
    assert client_of(operator).post(reverse("exports:download", args=[export.pk])).status_code in (403, 404)


def test_whoever_is_left_with_a_part_of_its_region_loses_the_file(cast):
    """A province's list is nothing for somebody who answers questions in one district by now."""
    asker, head = cast("PROVINCE_OFFICER", "63"), cast("PROVINCE_HEAD", "63")
    export = ready(asker, head)
    Grant.objects.filter(person_id=asker.person_id).update(valid_until=timezone.localdate())
    left = cast("HELPDESK", "6371", person=Person.objects.get(pk=asker.person_id))
    for fetch in (actions.show_password, actions.download):
        with in_territory(left), pytest.raises(PermissionDenied):
            fetch(left, export)


def test_whoever_loses_the_role_before_it_is_made_gets_none(operator, coordinator):
    from gandeng.accounts.acting import acting_for

    export = asked(operator)
    decided(coordinator, export)
    Grant.objects.filter(person_id=operator.person_id).update(valid_until=timezone.localdate())
    gone = acting_for(operator.person_id, timezone.localdate())
    with in_territory(gone), pytest.raises(WorkRefused):
        WORK["exports.make"](gone, silent, {"export": str(export.pk)})
    assert list(home().iterdir()) == []


def test_a_territory_that_grew_takes_no_more_than_was_approved(operator, coordinator, cast):
    export = asked(operator)
    decided(coordinator, export)
    wider = cast("PROVINCE_OFFICER", "63", person=Person.objects.get(pk=operator.person_id))
    with in_territory(wider), pytest.raises(WorkRefused, match="berubah"):
        WORK["exports.make"](wider, silent, {"export": str(export.pk)})


def test_a_file_that_was_changed_is_not_given_out(operator, coordinator, client_of):
    export = ready(operator, coordinator)
    path_of(export.pk).write_bytes(b"x" + path_of(export.pk).read_bytes()[1:])
    answer = client_of(operator).post(reverse("exports:download", args=[export.pk]))
    assert (answer.status_code, "tidak sama lagi" in answer.content.decode()) == (422, True)


# A day


@pytest.fixture
def later(monkeypatch):
    now = timezone.now()

    def move(**by):
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(**by))

    return move


def test_it_lives_24_hours_and_is_swept(operator, coordinator, client_of, later):
    export = ready(operator, coordinator)
    later(hours=23, minutes=50)
    sweep_hourly(timestamp=0)
    with in_territory(operator):
        actions.download(operator, export)
    later(hours=24, minutes=1)
    with in_territory(operator), pytest.raises(Refused, match="habis"):
        actions.download(operator, export)
    sweep_hourly(timestamp=0)
    assert list(home().iterdir()) == []
    row = fresh(export)
    assert (row.state, bytes(row.password_sealed)) == ("EXPIRED", b"")
    [entry] = entries("export.swept")
    assert entry.person_name == "Gandeng"
    assert "Masa unduh habis" in client_of(operator).get(reverse("exports:export", args=[export.pk])).content.decode()


def test_what_a_killed_job_left_is_swept_a_day_later(operator, coordinator):
    import os
    import time

    export = ready(operator, coordinator)
    stray, folder = home() / "aa.zip", home() / "bb.open"
    stray.write_bytes(b"x")
    folder.mkdir()
    (folder / "keluarga.csv").write_bytes(b"x")
    actions.sweep()
    assert stray.exists() and folder.exists(), "a job that runs now has not told its row yet"
    for path in (stray, folder, path_of(export.pk)):
        os.utime(path, (time.time() - 90_000,) * 2)
    actions.sweep()
    assert [path.name for path in home().iterdir()] == [path_of(export.pk).name]


def test_a_job_killed_in_between_makes_it_when_it_runs_again(operator, coordinator, monkeypatch):
    from gandeng.exports.actions import making

    export = asked(operator)
    decided(coordinator, export)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(making, "write_locked_zip", killed)
        with pytest.raises(KeyboardInterrupt):
            made(operator, export)
    assert fresh(export).state == "APPROVED"
    assert list(home().iterdir()) == []
    assert made(operator, export).state == "READY"
    with pytest.raises(WorkRefused):
        made(operator, export)


# Alone


def test_small_exports_of_a_day_have_a_bound(operator, client_of):
    browser = client_of(operator)
    TakenAway.objects.create(
        person_id=operator.person_id, day=timezone.localdate() - timedelta(days=1), what="x", rows=ROWS_A_DAY
    )
    TakenAway.objects.create(person_id=operator.person_id, day=timezone.localdate(), what="x", rows=ROWS_A_DAY - 3)
    first = browser.post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi"})
    assert first.status_code == 200, "three rows are left"
    second = browser.post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi"})
    assert (second.status_code, "5.000 baris sehari" in second.content.decode()) == (422, True)
    [entry] = entries("export.refused_alone")
    assert (entry.person_id, dict(entry.shown_facts)) == (operator.person_id, {"rows": 3, "taken": ROWS_A_DAY})
    assert len(entries("families.exported")) == 1


def test_the_bound_is_each_person_s_own(operator, cast, client_of):
    TakenAway.objects.create(person_id=operator.person_id, day=timezone.localdate(), what="x", rows=ROWS_A_DAY)
    other = client_of(cast("DISTRICT_OPERATOR", "6371"))
    assert other.post("/keluarga/unduh/", {"purpose": "Bahan rapat koordinasi"}).status_code == 200


def test_the_page_says_how_many_are_left(operator, client_of):
    TakenAway.objects.create(person_id=operator.person_id, day=timezone.localdate(), what="x", rows=1_200)
    assert "3.800 dari 5.000" in client_of(operator).get(reverse("exports:exports")).content.decode()
