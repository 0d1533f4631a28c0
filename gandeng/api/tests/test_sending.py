import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import Grant, Person
from gandeng.api.models import Sending
from gandeng.audit.models import AuditEntry
from gandeng.jobs.work import KINDS
from gandeng.payments.models import Cycle
from gandeng.reconciliation.models import ResultFile
from gandeng.reconciliation.tests.world import identifiers, silent, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def files():
    with in_territory(EVERYWHERE):
        return list(ResultFile.objects.order_by("sent_at"))


def read(who, file):
    with in_territory(who):
        KINDS["reconciliation.take_file"](who, silent, {"file_id": str(file.pk)})


def test_it_works(bri, cycle, ours):
    answer = bri.send(cycle, [told(ours[0])])
    assert answer.status_code == 202, answer.content
    (file,) = files()
    assert answer.json()["receipt"] == answer.headers["Location"] == f"/api/v1/result-files/{file.pk}"
    assert (file.channel, file.region_code, file.typed_rows, file.typed_rupiah) == ("BRI", "6371", 1, 225_000)
    assert file.sent_by_id == bri.acting.person_id
    receipt = bri.client.get(answer.json()["receipt"]).json()
    assert (receipt["state"], receipt["rows"]) == ("RECEIVED", None)
    read(bri.acting, file)
    receipt = bri.client.get(answer.json()["receipt"]).json()
    assert (receipt["state"], receipt["rows"], receipt["rupiah"], receipt["faults"]) == ("TAKEN", 1, 225_000, [])
    (listed,) = bri.get(f"cycles/{cycle.pk}/result-files").json()["items"]
    assert listed == receipt


def test_a_refused_file_says_every_fault_and_no_full_identifier(bri, cycle, ours):
    nik, account = identifiers(ours[0])
    row = told(ours[0], channel="BNI", reason=nik)
    answer = bri.send(cycle, [row], rows=3, rupiah=1)
    read(bri.acting, files()[0])
    receipt = bri.client.get(answer.json()["receipt"])
    assert receipt.json()["state"] == "REFUSED"
    assert len(receipt.json()["faults"]) == 3, "two totals and a channel"
    assert nik not in receipt.content.decode() and account not in receipt.content.decode()


def test_the_same_request_again_is_one_file_and_one_answer(bri, cycle, ours):
    first = bri.send(cycle, [told(ours[0])])
    again = bri.send(cycle, [told(ours[0])])
    assert (again.status_code, again.content) == (202, first.content)
    read(bri.acting, files()[0])
    assert bri.send(cycle, [told(ours[0])]).content == first.content, "also when it has been read"
    assert len(files()) == Sending.objects.count() == 1


@pytest.mark.parametrize("changed", [{"rows": 2}, {"rupiah": 1}, {"name": "lain.csv"}])
def test_another_request_under_the_same_name_is_refused_and_written_down(bri, cycle, ours, changed):
    bri.send(cycle, [told(ours[0])])
    answer = bri.send(cycle, [told(ours[0])], **changed)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert bri.send(cycle, [told(ours[1])]).status_code == 409
    assert len(files()) == 1
    with in_territory(EVERYWHERE):
        assert AuditEntry.objects.filter(action="results.sending_reused").count() == 2


def test_another_key_may_use_the_same_name(bri, cycle, ours, machine, cast):
    other = machine(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    assert bri.send(cycle, [told(ours[0])]).status_code == 202
    assert other.send(cycle, [told(ours[1])]).status_code == 202
    assert len(files()) == 2


def test_the_same_content_under_another_name_came_before(bri, cycle, ours):
    bri.send(cycle, [told(ours[0])])
    answer = bri.send(cycle, [told(ours[0])], again="kirim-0002", name="lain.csv")
    assert (answer.status_code, answer.json()["code"]) == (409, "came_before")
    assert Sending.objects.count() == 1


def test_what_was_refused_may_be_mended_under_the_same_name(bri, cycle, ours):
    assert bri.send(cycle, [told(ours[0])], rows="satu").status_code == 422
    assert bri.send(cycle, [told(ours[0])]).status_code == 202


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rows": "1.0"}, "rows"),
        ({"rows": "1_000"}, "rows"),
        ({"rows": " 1"}, "rows"),
        ({"rupiah": "-1"}, "rupiah"),
        ({"rupiah": "9" * 30}, "rupiah"),
        ({"channel": "BCA"}, "channel"),
        ({"channel": "POS"}, "channel"),
        ({"region_code": "6372"}, "region_code"),
        ({"region_code": "6399"}, "region_code"),
        ({"region_code": "63"}, "region_code"),
        ({"region_code": ""}, "region_code"),
        ({"region_code": "63.71"}, "region_code"),
        ({"again": "x y"}, "Idempotency-Key"),
        ({"again": ""}, "Idempotency-Key"),
    ],
)
def test_it_refuses_what_does_not_fit_and_says_where(bri, cycle, ours, changed, field):
    answer = bri.send(cycle, [told(ours[0])], **changed)
    assert (answer.status_code, [one["name"] for one in answer.json()["fields"]]) == (422, [field]), answer.content
    assert files() == []


def test_not_your_region_is_refused_like_one_that_is_not_there(bri, cycle, ours):
    answers = [bri.send(cycle, [told(ours[0])], region_code=code).content for code in ("6372", "6399")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "field", ["sent_by", "state", "id", "cycle", "sha256", "rows_sha256", "path", "withdrawn_by", "typed_rows", "key"]
)
def test_a_field_nobody_asked_for_is_refused(bri, cycle, ours, field):
    answer = bri.send(cycle, [told(ours[0])], **{field: "1"})
    assert (answer.status_code, [one["name"] for one in answer.json()["fields"]]) == (422, [field])
    other = bri.send(cycle, [told(ours[0])], **{field: SimpleUploadedFile("x", b"x")})
    assert other.status_code == 422
    assert files() == []


def test_it_refuses_a_request_without_file_or_name(bri, cycle, ours):
    answer = bri.post(f"cycles/{cycle.pk}/result-files", {"channel": "BRI", "region_code": "6371"})
    missing = {one["name"] for one in answer.json()["fields"]}
    assert missing == {"rows", "rupiah", "file", "Idempotency-Key"}


def test_it_refuses_a_body_that_is_none(bri, cycle):
    path = f"/api/v1/cycles/{cycle.pk}/result-files"
    bodies = ((b"{}", "application/json"), (b"--x\r\n", "multipart/form-data; boundary=x"), (b"\xff", "text/csv"))
    for body, kind in bodies:
        answer = bri.client.post(path, body, content_type=kind, headers={"idempotency-key": "kirim-0001"})
        assert answer.status_code in (400, 422), kind
    answer = bri.client.post(path, b"x", content_type="multipart/form-data")
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_it_refuses_too_large_a_body_before_reading_it(bri, cycle, settings):
    for limit in (-64 * 1024, 10):  # by what is announced, and by what came
        settings.UPLOAD_BYTES_MAX = limit
        told = {"rows": 1, "file": SimpleUploadedFile("x.csv", b"x" * 11)}
        answer = bri.client.post(f"/api/v1/cycles/{cycle.pk}/result-files", told)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_it_refuses_a_closed_cycle_that_no_open_one_follows(bri, cycle, ours):
    Cycle.objects.filter(pk=cycle.pk).update(state="CLOSED")
    answer = bri.send(cycle, [told(ours[0])])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_received")
    assert "ditutup" in answer.json()["message"]


def test_the_answer_of_old_is_not_given_to_who_lost_the_role(bri, cycle, ours, cast):
    bri.send(cycle, [told(ours[0])])
    Grant.objects.filter(person_id=bri.acting.person_id).update(valid_until=timezone.localdate())
    cast("CHANNEL_OFFICER", "6372", channel="BRI", person=Person.objects.get(pk=bri.acting.person_id))
    assert bri.send(cycle, [told(ours[0])]).json()["code"] == "invalid"
    assert bri.get(f"result-files/{files()[0].pk}").status_code == 404
