"""What a file of answers says of whom, what of it stands, and who finds it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, blind, seal
from gandeng.civil_registry import queries, taking
from gandeng.civil_registry.models import Answer, Matching, Standing, Withdrawal
from gandeng.civil_registry.tests.factories import SOURCE, answer, sent, taken
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.actions.applying import nik_of
from gandeng.registry.models import Family, Member
from gandeng.registry.staging import upload_folder
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import QUIET, few_queries
from gandeng.runs.tests.samples import read_in_this_process

pytestmark = pytest.mark.django_db
REASON = "Berkas bulan lain."
OTHER = "3175064405900003"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch, request):
    settings.DATA_DIR = tmp_path / "data"
    if request.node.name != "test_it_works":
        read_in_this_process(monkeypatch)


@pytest.fixture
def members(db):
    return people(make_family(members=5))


def people(family):
    with in_territory(EVERYWHERE), scopes_disabled():
        return list(Member.objects.filter(family=family).select_related("family").order_by("member_no"))


def standing(acting=EVERYWHERE):
    with in_territory(acting), scopes_disabled():
        return {one.member_id: one for one in Standing.objects.all()}


def changed(member, **fields):
    with in_territory(EVERYWHERE), scopes_disabled():
        Member.objects.filter(pk=member.pk).update(**fields)


def with_nik(member, nik, index=None):
    changed(
        member, nik_sealed=seal(nik, Place("registry_member", "nik", str(member.pk))),
        nik_index=index or blind("nik", nik), nik_last4=nik[-4:],
    )  # fmt: skip


def test_it_works(operator, members):
    """From a real child process to what stands."""
    same, named, gone, lost, unasked = members
    matching = taken(
        operator, answer(same), answer(named, "DIFFERS", name="Siti Lain Uji"),
        answer(gone, "DECEASED", deceased_on="2024-05-01"), answer(lost, "NOT_FOUND", name="", birth_date="", sex=""),
        {"nik": OTHER, "result": "MATCH"},
    )  # fmt: skip
    told = standing()
    assert unasked.pk not in told and len(told) == 4
    assert {pk: (one.result, one.differs, one.asks) for pk, one in told.items()} == {
        same.pk: ("MATCH", False, False), named.pk: ("DIFFERS", True, True),
        gone.pk: ("DECEASED", False, True), lost.pk: ("NOT_FOUND", False, True),
    }  # fmt: skip
    assert (told[named.pk].name, told[gone.pk].deceased_on) == ("Siti Lain Uji", date(2024, 5, 1))
    with in_territory(operator):
        assert (matching.rows, queries.counted(matching)["MATCH"], Answer.objects.count()) == (5, 1, 4)
        entry = AuditEntry.objects.get(action="civil_registry.taken")
    assert (entry.reason, entry.facts["rows"], entry.facts["kept"]) == (SOURCE, 5, 4)


def test_what_is_the_same_is_not_kept_and_no_nik_is(operator, members, settings):
    first = members[0]
    taken(operator, answer(first, name=first.name.upper() + "."))
    with in_territory(EVERYWHERE), scopes_disabled():
        kept = Answer.objects.get()
    assert (kept.name, kept.birth_date, kept.sex, kept.asks) == ("", None, "", False)
    assert not list(upload_folder(str(uuid4())).parent.iterdir()), "the file as it was sent is gone"
    nik = nik_of(first)
    with connection.cursor() as cursor, in_territory(EVERYWHERE):
        for table in ("matching", "answer"):
            cursor.execute(f"select t::text from civil_registry_{table} t")
            assert not any(nik in row or blind("nik", nik).hex() in row for (row,) in cursor.fetchall())


@pytest.mark.parametrize("name", ["Ma'ruf", "MA`RUF", "maruf", "Ma‘ruf ", "Maruf.", "- Ma´ruf"])
def test_a_name_is_the_same_but_for_signs(operator, members, name):
    changed(members[0], name="Ma'ruf")
    member = people(members[0].family)[0]
    taken(operator, answer(member, name=name))
    assert not standing()[member.pk].differs


@pytest.mark.parametrize(("field", "told", "mended"), [
    ("name", "Siti Rohmah", "Siti Rohmah"), ("birth_date", "1990-05-18", date(1990, 5, 18)), ("sex", "M", "M"),
])  # fmt: skip
def test_a_difference_goes_when_the_record_is_put_right(operator, members, field, told, mended):
    first = members[0]
    taken(operator, answer(first, "DIFFERS", **{field: told}))
    assert standing()[first.pk].differs and getattr(standing()[first.pk], field) == mended
    changed(first, **{field: mended})
    assert not standing()[first.pk].differs and not getattr(standing()[first.pk], field)


def test_said_to_match_and_named_otherwise_is_a_difference(operator, members):
    taken(operator, answer(members[0], "MATCH", name="Siti Rohmah"))
    assert standing()[members[0].pk].differs and standing()[members[0].pk].asks


def test_said_to_differ_and_not_in_what(operator, members):
    taken(operator, answer(members[0], "DIFFERS", name="", birth_date="", sex=""))
    assert standing()[members[0].pk].differs


def test_the_newest_day_counts_whichever_file_came_last(operator, members):
    first = members[0]
    taken(operator, answer(first, "MATCH"), on=date(2024, 8, 12))
    taken(operator, answer(first, "NOT_FOUND"), on=date(2024, 5, 2))
    assert standing()[first.pk].result == "MATCH"
    taken(operator, answer(first, "DOUBLE"), on=date(2024, 8, 12))
    assert standing()[first.pk].result == "DOUBLE", "of one day the one that came later"


def test_a_file_that_was_withdrawn_does_not_count(operator, members):
    first = members[0]
    taken(operator, answer(first, "MATCH"), on=date(2024, 5, 2))
    newer = taken(operator, answer(first, "DECEASED"))
    with in_territory(operator):
        taking.withdraw(operator, newer, REASON)
        assert standing()[first.pk].result == "MATCH"
        with pytest.raises(taking.WithdrawalRefused):
            taking.withdraw(operator, newer, REASON)
        assert queries.still_asking(newer) == dict.fromkeys(Answer.Result.values, 0)
        assert queries.counted(newer)["DECEASED"] == 1, "what it said is still told"
        assert AuditEntry.objects.get(action="civil_registry.withdrawn").reason == REASON


def test_the_file_of_a_province_counts_and_is_withdrawn_for_its_districts(operator, cast, members):
    first, province = members[0], cast("PROVINCE_OFFICER", "63")
    matching = taken(province, answer(first, "NOT_FOUND"), region="63")
    assert standing(operator)[first.pk].result == "NOT_FOUND"
    with in_territory(operator):
        assert not queries.matchings(operator).exists(), "the file is the province's"
    with in_territory(province):
        taking.withdraw(province, matching, REASON)
    assert standing(operator) == {}


def test_another_nik_ends_what_was_said_of_the_former(operator, members):
    first, second = members[:2]
    taken(operator, answer(first, "NOT_FOUND"), answer(second, "NOT_FOUND"))
    with_nik(first, OTHER)
    assert set(standing()) == {second.pk}
    with_nik(first, nik_of(first))
    assert set(standing()) == {second.pk}, "it was changed, and back"


def test_an_index_by_a_later_key_is_the_same_nik(operator, members):
    first = members[0]
    taken(operator, answer(first, "NOT_FOUND"))
    nik = nik_of(first)
    with_nik(first, nik, b"\x00\x02" + blind("nik", nik))
    assert set(standing()) == {first.pk}
    with_nik(first, OTHER, b"\x00\x02" + blind("nik", OTHER))
    assert standing() == {}


@pytest.mark.parametrize("fields", [{"deceased_on": date(2024, 5, 1)}, {"left_on": date(2024, 5, 1)}])
def test_whoever_died_or_left_is_not_asked_about(operator, members, fields):
    taken(operator, answer(members[0], "DECEASED"), answer(members[1], "NOT_FOUND"))
    changed(members[0], **fields)
    assert set(standing()) == {members[1].pk}
    later = taken(operator, answer(members[0], "DECEASED"), on=date(2024, 9, 1))
    with in_territory(operator):
        assert sum(queries.counted(later).values()) == 0


def test_people_elsewhere_are_counted_and_not_kept(operator, cast, members):
    (stranger,) = people(make_family("6372011001"))
    matching = taken(operator, answer(members[0]), answer(stranger, "DECEASED"))
    assert set(standing()) == {members[0].pk}
    with in_territory(operator):
        assert (matching.rows, sum(queries.counted(matching).values())) == (2, 1)
    neighbour = cast("DISTRICT_OPERATOR", "6372")
    assert standing(neighbour) == {}
    with in_territory(neighbour):
        assert not Matching.objects.exists() and not Answer.objects.exists()


@pytest.mark.parametrize(("told", "words"), [
    ({"result": "HIDUP"}, "result"), ({"nik": "637101"}, "nik"), ({"birth_date": "1990-02-30"}, "birth_date"),
    ({"sex": "X"}, "sex"), ({"result": ""}, "result"),
])  # fmt: skip
def test_a_file_with_one_row_that_is_wrong_is_refused_whole(operator, members, told, words):
    with pytest.raises(WorkRefused, match=words):
        taken(operator, answer(members[0]), answer(members[1], **told))
    with in_territory(operator):
        assert not Matching.objects.exists() and not Answer.objects.exists()


@pytest.mark.parametrize("told", [
    {"result": "DECEASED", "deceased_on": "2024-08-13"}, {"birth_date": "2024-09-01"},
    {"result": "DECEASED", "deceased_on": "1980-01-01"},
])  # fmt: skip
def test_days_that_cannot_be_are_refused(operator, members, told):
    with pytest.raises(WorkRefused, match="tanggal yang tidak mungkin"):
        taken(operator, answer(members[0], **told))


def test_a_death_beside_another_result_is_refused(operator, members):
    with pytest.raises(WorkRefused, match="hasilnya lain"):
        taken(operator, answer(members[0], "MATCH", deceased_on="2024-05-01"))


def test_a_nik_twice_is_refused_and_not_told(operator, members):
    with pytest.raises(WorkRefused) as refused:
        taken(operator, answer(members[0], "MATCH"), answer(members[0], "DECEASED"))
    assert nik_of(members[0]) not in str(refused.value)


def test_the_same_file_twice_is_refused_until_it_is_withdrawn(operator, members):
    first = taken(operator, answer(members[0]))
    with pytest.raises(WorkRefused, match="sudah diambil"):
        taken(operator, answer(members[0]), on=date(2024, 8, 13))
    with in_territory(operator):
        taking.withdraw(operator, first, REASON)
    assert taken(operator, answer(members[0]))


def test_words_as_offices_write_them(operator, members):
    rows = [answer(one, word) for one, word in zip(members, ["padan", "Tidak Padan", "TIDAK ONLINE", "NIK Ganda",
                                                              "Meninggal dunia"], strict=True)]  # fmt: skip
    renamed = [
        {"NIK": row["nik"], "Hasil": row["result"], "Nama": row["name"], "Jenis kelamin": "Perempuan"} for row in rows
    ]
    taken(operator, *renamed, columns=("NIK", "Hasil", "Nama", "Jenis kelamin"))
    told = standing()
    assert [told[one.pk].result for one in members] == ["MATCH", "DIFFERS", "NOT_FOUND", "DOUBLE", "DECEASED"]


def test_it_is_for_those_who_take_lists_there(coordinator, cast, members):
    for acting in (coordinator, cast("DISTRICT_OPERATOR", "6372"), cast("FACILITATOR", "6371011001")):
        with pytest.raises(PermissionDenied):
            taken(acting, answer(members[0]))


def test_it_changes_nothing(operator, members):
    with in_territory(EVERYWHERE), scopes_disabled():
        before = list(Family.objects.values()), list(Member.objects.order_by("pk").values())
        taken(operator, *(answer(one, "DECEASED") for one in members))
        assert before == (list(Family.objects.values()), list(Member.objects.order_by("pk").values()))


INSERT = """insert into civil_registry_answer (matching_id, family_id, member_id, village_code, result, checked_on,
    name, sex) values (%s, %s, %s, %s, 'DECEASED', %s, '', '')"""


def test_an_answer_comes_with_its_file_alone(operator, members):
    matching = taken(operator, answer(members[0]))
    told = [matching.pk, members[1].family_id, members[1].pk, members[1].village_code, matching.checked_on]
    with connection.cursor() as cursor, in_territory(operator):
        cursor.execute("set constraints all immediate")
        cursor.execute(INSERT, told)  # the test's own transaction is still the file's
        told[2] = members[2].pk
        for place, other in ((1, make_family().pk), (3, "6371011002"), (4, date(2024, 8, 13))):
            with pytest.raises(DatabaseError, match="with its file"), transaction.atomic():
                cursor.execute(INSERT, [*told[:place], other, *told[place + 1 :]])


@pytest.mark.parametrize("table", [Matching, Withdrawal])
def test_nobody_writes_in_another_name(operator, coordinator, members, table):
    matching = taken(operator, answer(members[0]))
    fields = {"region_code": "6371", "checked_on": date(2024, 8, 12), "source": SOURCE, "rows": 1}
    row = table(by_id=coordinator.person_id, **(fields if table is Matching else {"matching": matching, "reason": "x"}))
    with in_territory(operator), pytest.raises(DatabaseError, match="who writes it"), transaction.atomic():
        row.save(force_insert=True)


def test_the_pages(client_of, operator, members):
    client = client_of(operator)
    matching = taken(
        operator, answer(members[0], "DIFFERS", name="Siti Rohmah"), answer(members[1], "DECEASED"), answer(members[2])
    )
    page = client.get(reverse("civil_registry:matchings")).content.decode()
    assert "jawaban.csv" in page and "12 Agustus 2024" in page
    with few_queries():
        page = client.get(reverse("civil_registry:matching", args=[matching.pk])).content.decode()
    assert "Siti Rohmah" in page and members[2].name not in page and reverse(
        "registry:ask", args=[members[1].family_id, "DEATH"]) in page  # fmt: skip
    page = client.get(reverse("civil_registry:matching", args=[matching.pk]), {"result": "DECEASED"}).content.decode()
    assert members[1].name in page and "Siti Rohmah" not in page
    address = reverse("civil_registry:matching", args=[matching.pk])
    assert client.get(address, {"result": "X"}).status_code == 404
    assert client.get(address, {"result": "NOT_FOUND"}).content.decode().count("Tidak ada yang cocok") == 1
    panel = reverse("civil_registry:of_family", args=[members[0].family_id])
    page = client.get(panel, headers={"hx-request": "true"}).content.decode()
    assert "Siti Rohmah" in page and page.count("Belum dipadankan") == 2 and "Padan" in page
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": REASON}).status_code == 302
    assert "Ditarik oleh" in client.get(address).content.decode()
    assert client.post(address, {"reason": REASON}).status_code == 404


def test_a_file_is_sent(client_of, operator, members):
    client = client_of(operator)
    address = reverse("civil_registry:take")
    assert client.get(address).status_code == 200
    assert client.post(address, {"region": ""}).status_code == 422
    waiting = sent(answer(members[0]))
    told = {"region": "6371", "checked_on": "2024-08-12", "source": SOURCE}
    with (upload_folder(waiting.upload) / "list.csv").open("rb") as file:
        soon = f"{timezone.localdate() + timedelta(1):%Y-%m-%d}"
        assert "belum tiba" in client.post(address, told | {"file": file, "checked_on": soon}).content.decode()
    for day in ("0001-01-01", "1999-12-31", "30-02-2024"):
        with (upload_folder(waiting.upload) / "list.csv").open("rb") as file:
            assert client.post(address, told | {"file": file, "checked_on": day}).status_code == 422, day
    with (upload_folder(waiting.upload) / "list.csv").open("rb") as file:
        assert client.post(address, told | {"file": file}).status_code == 302
    with in_territory(operator), transaction.atomic():
        job = Job.objects.get()
        url = KINDS[job.kind](operator, QUIET, job.arguments)
    assert client.get(url).status_code == 200
