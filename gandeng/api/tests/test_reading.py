import errno
from uuid import uuid4

import pytest
from django.test import Client

from gandeng.accounts.acting import in_territory
from gandeng.api.tests.conftest import order
from gandeng.audit.models import AuditEntry
from gandeng.documents.tests.certificates import PASSWORD, detached, office_file
from gandeng.payments.actions.packing import path_of
from gandeng.payments.models import Instruction
from gandeng.reconciliation.tests.world import payments_of, send, told
from gandeng.registry.tests.factories import EVERYWHERE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick")]


def acts():
    with in_territory(EVERYWHERE):
        return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_it_works(bri, cycle, bank):
    answer = bri.get("cycles")
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "items": [
            {
                "id": str(cycle.pk), "year": 2024, "stage": 2, "months": 2, "region_code": "63", "state": "INSTRUCTED",
                "channels": ["BRI"], "payments": 2, "total_rupiah": 975_000, "takes_result_files": True,
            }
        ],
        "next_cursor": None,
    }  # fmt: skip
    assert answer.headers["Cache-Control"] == "no-store, private"
    told = bri.get("key").json()
    assert (told["prefix"], told["person"]) == (bri.key.prefix, bank.person_name)
    assert told["roles"] == [
        {"role": "CHANNEL_OFFICER", "title": "Petugas bank atau pos BRI", "region_code": "6371", "channel": "BRI"}
    ]


def test_orders_are_listed_and_fetched_and_each_time_is_written_down(cycle, cast, machine):
    order(cycle, "63", "POS")
    made = order(cycle, "63")
    bri = machine(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    (told,) = bri.get(f"cycles/{cycle.pk}/instructions").json()["items"]
    assert (told["id"], told["total_rupiah"], told["downloads"]) == (str(made.pk), 975_000, 0)
    answers = [bri.post(f"instructions/{made.pk}/download") for _ in range(2)]
    assert [b"".join(answer.streaming_content) for answer in answers] == [b"PK terkunci"] * 2
    assert 'filename="BRI-63.zip"' in answers[0].headers["Content-Disposition"]
    assert 'filename="BRI-63-SALINAN-1.zip"' in answers[1].headers["Content-Disposition"]
    assert answers[0].headers["Cache-Control"] == "no-store, private"
    assert bri.get(f"cycles/{cycle.pk}/instructions").json()["items"][0]["downloads"] == 2
    assert acts().count("instruction.downloaded") == 2
    with in_territory(EVERYWHERE):
        entry = AuditEntry.objects.filter(action="instruction.downloaded").first()
    assert entry.authority == f"Petugas bank atau pos BRI 63, kunci {bri.key.prefix}"


def test_an_order_changed_on_disk_is_not_given_out(cycle, cast, machine):
    made = order(cycle, "63")
    with in_territory(EVERYWHERE):
        Instruction.objects.filter(pk=made.pk).update(sha256="0" * 64)
    answer = machine(cast("CHANNEL_OFFICER", "63", channel="BRI")).post(f"instructions/{made.pk}/download")
    assert (answer.status_code, answer.json()["code"]) == (409, "order_damaged")


def test_differences_come_by_name_masked_and_are_written_down(bri, cycle, ours, bank):
    send(bank, cycle, [told(ours[0]), told(ours[1], "FAILURE", reason="Rekening 001234567890123 pasif")])
    answer = bri.get(f"cycles/{cycle.pk}/differences")
    (one,) = answer.json()["items"]
    assert (one["kind"], one["payment_id"], one["name"]) == ("FAILED", ours[1].pk, ours[1].name)
    assert (one["instructed_rupiah"], one["net_rupiah"], one["at_stake_rupiah"]) == (750_000, 0, 750_000)
    assert one["nik_masked"] == f"••••{ours[1].nik_last4}"
    assert "001234567890123" not in answer.content.decode()
    assert bri.get(f"cycles/{cycle.pk}/differences", kind="OVERPAID").json()["items"] == []
    assert acts()[-2:] == ["differences.read", "differences.read"]


def test_pages_follow_one_another_by_an_opaque_cursor(cycle, cast, machine):
    bri = machine(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    rows = [told(one) for one in payments_of(cycle) if one.channel == "BRI"]
    send(bri.acting, cycle, rows[:1], region="63")
    whole = [one["id"] for one in bri.get(f"cycles/{cycle.pk}/differences").json()["items"]]
    found, cursor = [], ""
    while cursor is not None:
        page = bri.get(f"cycles/{cycle.pk}/differences", limit=1, cursor=cursor).json()
        found += [one["id"] for one in page["items"]]
        last, cursor = cursor, page["next_cursor"]
    assert found == whole and len(whole) == 2
    for wrong in (last[:-1], "x", f"{last}x"):
        assert bri.get(f"cycles/{cycle.pk}/differences", cursor=wrong).status_code == 422
    other = bri.get(f"cycles/{cycle.pk}/differences", cursor=last, kind="UNREPORTED")
    assert other.json()["fields"][0]["name"] == "cursor", "a cursor fits its own list alone"


def test_not_yours_is_not_there_byte_for_byte(bri, cycle, cast, machine):
    post = machine(cast("CHANNEL_OFFICER", "6371", channel="POS"))
    far = machine(cast("CHANNEL_OFFICER", "6271", channel="BRI"))
    file = send(bri.acting, cycle, [told(payments_of(cycle)[0])], typed=None)
    made = order(cycle, "6371")
    nothing = bri.get(f"result-files/{uuid4()}")
    assert nothing.status_code == 404
    for who, addresses in {
        post: (f"result-files/{file.pk}",),
        far: (f"result-files/{file.pk}", f"cycles/{cycle.pk}/differences", f"cycles/{cycle.pk}/result-files"),
        bri: (f"cycles/{uuid4()}/differences", "result-files/bukan-uuid", "tidak/ada", ""),
    }.items():
        for address in addresses:
            answer = who.get(address)
            assert (answer.status_code, answer.content) == (404, nothing.content), address
    for who in (post, far):
        assert who.post(f"instructions/{made.pk}/download").content == nothing.content
    strict = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {bri.text}"})
    assert strict.post("/api/v1/instructions/x/download").content == nothing.content, "no page about forms"
    assert bri.post(f"instructions/{made.pk}/download").status_code == 200


def test_an_auditor_reads_and_does_nothing(cycle, cast, machine, bri, ours):
    made = order(cycle, "6371")
    auditor = machine(cast("AUDITOR", "6371"))
    assert auditor.get("cycles").json()["items"][0]["channels"] == ["BRI", "POS"]
    assert auditor.get(f"cycles/{cycle.pk}/instructions").json()["items"][0]["id"] == str(made.pk)
    for answer in (auditor.post(f"instructions/{made.pk}/download"), auditor.send(cycle, [told(ours[0])])):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert acts().count("key.refused") == 1, "once a minute"


@pytest.mark.parametrize("query", ["region_code=62", "is_staff=1", "limit=1&limit=2", "cycle__region_code="])
def test_a_parameter_nobody_knows_or_told_twice_is_refused(bri, cycle, query):
    for path in ("key", "cycles", f"cycles/{cycle.pk}/differences"):
        answer = bri.client.get(f"/api/v1/{path}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), path


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"limit": "1e2"}, {"kind": "PAID"}, {"state": ""}])
def test_a_parameter_that_does_not_fit_is_refused_in_words(bri, cycle, query):
    answer = bri.get(f"cycles/{cycle.pk}/differences", **query)
    (fault,) = answer.json()["fields"]
    assert (answer.status_code, fault["name"]) == (422, next(iter(query)))
    assert fault["message"] and "Input should" not in fault["message"]


def test_another_method_is_refused_and_named(bri):
    answer = bri.client.delete("/api/v1/cycles")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["code"] == "method_not_allowed"


def test_an_error_of_ours_keeps_nothing_and_gives_a_number(bri, cycle, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("gandeng.api.operations.ordered_in", breaks)
    answer = bri.get("cycles")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "ZeroDivision" not in answer.content.decode()


def test_an_office_without_room_says_so(bri, cycle, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/home/kantor")

    monkeypatch.setattr("gandeng.api.operations.ordered_in", full)
    answer = bri.get("cycles")
    assert (answer.status_code, answer.json()["code"]) == (507, "no_room")
    assert "/home/kantor" not in answer.content.decode()


def test_the_description_is_for_everybody_and_names_what_the_code_knows(client):
    from typing import get_args

    from gandeng.api import schemas
    from gandeng.core.channels import CHANNELS
    from gandeng.documents.exception_sheets import DISPOSITION_KINDS, PAYMENT_KINDS
    from gandeng.reconciliation.models import ExceptionCase, ResultFile

    told = client.get("/api/v1/openapi.json").json()
    assert len(told["paths"]) == 9
    assert all(one["security"] for path in told["paths"].values() for one in path.values())
    assert get_args(schemas.Channel) == CHANNELS
    assert get_args(schemas.Kind) == (*PAYMENT_KINDS, *DISPOSITION_KINDS)
    assert get_args(schemas.FileState) == tuple(ResultFile.State.values)
    assert get_args(schemas.CaseState) == tuple(ExceptionCase.State.values)


def test_a_page_costs_few_questions(bri, cycle, ours, django_assert_max_num_queries):
    send(bri.acting, cycle, [told(ours[0])])
    bri.get("key")
    with django_assert_max_num_queries(12):
        bri.get(f"cycles/{cycle.pk}/differences")


def test_a_bank_tells_the_digest_of_its_copy_by_key(cycle, cast, machine):
    made = order(cycle, "63")
    bri = machine(cast("CHANNEL_OFFICER", "63", channel="BRI"))

    def tell(digest):
        return bri.post(f"instructions/{made.pk}/confirmation", {"sha256": digest})

    def shown():
        return bri.get(f"cycles/{cycle.pk}/instructions").json()["items"][0]["confirmation"]

    assert shown() == "unconfirmed"
    for digest, matches, word in (("1" * 64, False, "differs"), (made.sha256.upper(), True, "matches")):
        answer = tell(digest)
        assert answer.status_code == 200, answer.content
        assert (answer.json()["matches"], shown()) == (matches, word)
    assert tell("0" * 63).status_code == tell("").status_code == 422
    twice = {"sha256": made.sha256, "channel": "BRI"}
    assert bri.post(f"instructions/{made.pk}/confirmation", twice).status_code == 422, "of a field nobody asks for"
    assert (tell(made.list_sha256).status_code, tell(made.list_sha256).json()["code"]) == (409, "digest_of_list")
    assert acts().count("instruction.confirmed") == 2
    other = machine(cast("CHANNEL_OFFICER", "63", channel="BNI"))
    assert other.post(f"instructions/{made.pk}/confirmation", {"sha256": made.sha256}).status_code == 404


def test_the_signature_of_an_order_is_fetched_by_key(cycle, cast, machine, settings, tmp_path):
    made = order(cycle, "63")
    bri = machine(cast("CHANNEL_OFFICER", "63", channel="BRI"))
    answer = bri.post(f"instructions/{made.pk}/signature")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_signed")
    settings.SIGNING_CERTIFICATE = office_file(tmp_path / "office.p12")
    settings.SIGNING_PASSWORD = PASSWORD
    answer = bri.post(f"instructions/{made.pk}/signature")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store, private"
    assert 'filename="BRI-63.zip.p7s"' in answer.headers["Content-Disposition"]
    assert detached(path_of(made), answer.content).bottom_line
    other = machine(cast("CHANNEL_OFFICER", "63", channel="BNI"))
    assert other.post(f"instructions/{made.pk}/signature").status_code == 404
