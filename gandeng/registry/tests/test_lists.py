import copy
import errno
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.models import User
from gandeng.audit.models import AuditEntry
from gandeng.audit.sealing import Place, unseal
from gandeng.core.region_code import RegionCode
from gandeng.files.conversion import convert
from gandeng.files.layouts import FAMILIES, MEMBERS
from gandeng.files.limits import LIMITS
from gandeng.files.readers import Reading
from gandeng.jobs.models import Job
from gandeng.jobs.work import KINDS, WorkRefused
from gandeng.registry.actions import ChangeRefused, lists
from gandeng.registry.actions.applying import not_to_hold
from gandeng.registry.change_queries import denied_for
from gandeng.registry.cooling import COOLING_DAYS, NEVER
from gandeng.registry.list_queries import preview_rows
from gandeng.registry.loading import load_registry
from gandeng.registry.merging import hold_families, start_incoming
from gandeng.registry.models import Account, ChangeRequest, Family, Intake, IntakeRow, Member
from gandeng.registry.snapshots import freeze
from gandeng.registry.staging import fill_incoming, folder_of, upload_folder
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, approved, asked, csv_of, small_district, tables, taken
from gandeng.registry.tests.recoded import GONE, NEXT, applied

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture(autouse=True)
def read_here(monkeypatch, request):
    """Children are the business of gandeng.files, and slow to start: one test has them."""

    def read(given, work, _progress):
        work.mkdir()
        readings = [Reading(one.path, one.layout, LIMITS, one.profile, one.source) for one in given]
        return [convert(reading, Path(mkdtemp(dir=work))) for reading in readings]

    if request.node.name != "test_it_works":
        monkeypatch.setattr("gandeng.registry.actions.lists.take_all", read)


@pytest.fixture
def registry(db, district):
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)


@pytest.fixture
def listed(district):
    """The list: as the registry, with one family gone, one new, one changed each way."""
    families, members = copy.deepcopy(tables(district))
    gone = families.pop(0)["family_id"]
    members = [row for row in members if row["family_id"] != gone]
    active = [row for row in families if row["status"] == "ACTIVE" and row["channel"] != "POS"]
    active[0]["account_no"] = "7" * len(active[0]["account_no"])
    active[1]["status"] = "SUSPENDED"
    leaver = next(row for row in members if row["member_id"].endswith("-2"))
    members.remove(leaver)
    child = next(row for row in members if row["school_level"] == "SD")
    child["school_level"] = "SMP"
    families.append({**active[2], "family_id": "K639999999", "collector_member_id": "K639999999-1",
                     "account_no": "8" * len(active[2]["account_no"])})  # fmt: skip
    members.append({**members[0], "family_id": "K639999999", "member_id": "K639999999-1", "nik": "6371014101900099"})
    return families, members, {"gone": gone, "account": active[0]["family_id"], "suspended": active[1]["family_id"],
                               "leaver": leaver["member_id"], "child": child["member_id"]}  # fmt: skip


def _apply(acting, intake):
    with in_territory(acting):
        KINDS["registry.apply"](acting, QUIET, {"intake": str(intake.pk)})
        intake.refresh_from_db()
    return intake


def _undo(acting, intake):
    with in_territory(acting):
        KINDS["registry.undo"](acting, QUIET, {"intake": str(intake.pk), "reason": "Daftar yang salah"})
        intake.refresh_from_db()


def _frozen(folder):
    with in_territory(EVERYWHERE):
        return freeze("6371", folder, on=timezone.localdate())


def test_it_works(client_of, operator, coordinator, registry, listed):
    families, members, changed = listed
    intake = taken(operator, families, members)
    told = intake.preview["counts"]
    assert (told["families"]["added"], told["families"]["leaving"], told["families"]["account"]) == (1, 1, 1)
    assert told["families"]["status"] == 1
    assert (told["members"]["added"], told["members"]["leaving"], told["members"]["school"]) == (1, 1, 1)
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Terapkan daftar ini" in page
    _apply(coordinator, intake)
    with in_territory(EVERYWHERE):
        status = dict(Family.objects.values_list("family_no", "status"))
        assert (status[changed["gone"]], status[changed["suspended"]], status["K639999999"]) == (
            "ENDED", "SUSPENDED", families[-1]["status"],
        )  # fmt: skip
        assert Member.objects.get(member_no=changed["leaver"]).left_on == timezone.localdate()
        assert Member.objects.get(member_no=changed["child"]).school_level == "SMP"
        account = Account.objects.get(family__family_no=changed["account"], valid_until=None)
        new = Member.objects.get(member_no="K639999999-1")
    assert account.usable_from == timezone.localdate() + timedelta(days=COOLING_DAYS)
    assert (account.requested_by_id, account.approved_by_id) == (operator.person_id, coordinator.person_id)
    number = next(row["account_no"] for row in families if row["family_id"] == changed["account"])
    assert unseal(account.account_sealed, Place("registry_account", "account", str(account.pk))) == number
    assert unseal(new.nik_sealed, Place("registry_member", "nik", str(new.pk))) == "6371014101900099"


def test_a_list_without_account_numbers_takes_none_away(client_of, operator, coordinator, registry, district):
    """Families are listed before their accounts are opened, and few lists carry numbers at all."""
    families, members = copy.deepcopy(tables(district))
    known, other = [row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI"][:2]
    new = {**known, "family_id": "K639999999", "collector_member_id": "K639999999-1", "account_no": ""}
    other |= {"channel": "BNI", "account_no": ""}
    for row in families:
        row["account_no"] = ""
    collector = {**members[0], "family_id": "K639999999", "member_id": "K639999999-1", "nik": "6371014101900099"}
    before = set(_accounts())
    intake = taken(operator, [*families, new], [*members, collector])
    told = intake.preview["counts"]["families"]
    assert (told["account"], told["unaccounted"], told["shared"]) == (1, 2, 0)
    assert intake.preview["after"]["families"] >= intake.preview["before"]["families"], "amounts need no account"
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Belum ada nomor rekeningnya" in page
    _apply(coordinator, intake)
    moved = {row for row in before if row[0] == other["family_id"]}
    assert set(_accounts()) == before - moved | {(other["family_id"], "BNI", ""), ("K639999999", "BRI", "")}
    again = taken(operator, [*families, new], [{**members[0], "name": "Nama Lain"}, *members[1:], collector])
    assert again.preview["counts"]["families"]["account"] == 0, "what is as it was is no change"


def test_a_number_of_a_family_the_list_tells_none_of_is_not_given_to_another(operator, coordinator, registry, district):
    families, members = copy.deepcopy(tables(district))
    known, other = [row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI"][:2]
    known["account_no"], other["account_no"] = "", known["account_no"]
    before = {row for row in _accounts() if row[0] != other["family_id"]}
    intake = taken(operator, families, members)
    assert intake.preview["counts"]["families"]["shared"] == 1
    _apply(coordinator, intake)
    assert set(_accounts()) == before | {(other["family_id"], "BRI", "")}
    with in_territory(EVERYWHERE):
        assert Account.objects.get(family__family_no=other["family_id"], valid_until=None).usable_from == NEVER


def test_the_first_number_of_a_family_is_no_change_of_account(operator, coordinator, registry, district):
    families, members = copy.deepcopy(tables(district))
    first, moved = [row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI"][:2]
    number, first["account_no"] = first["account_no"], "7" * len(first["account_no"])
    with in_territory(EVERYWHERE):
        bare = {"account_index": None, "account_sealed": b"", "account_last3": ""}
        Account.objects.filter(family__family_no=first["family_id"]).update(**bare)
    moved |= {"channel": "BNI", "account_no": ""}
    _apply(coordinator, taken(operator, families, members))
    today = timezone.localdate()
    with in_territory(EVERYWHERE):
        in_force = Account.objects.filter(valid_until=None)
        usable = dict(in_force.values_list("family__family_no", "usable_from"))
        assert (usable[first["family_id"]], usable[moved["family_id"]]) == (today, today)
        unopened = in_force.select_related("family").get(family__family_no=moved["family_id"])
        assert not_to_hold("HOLD_ACCOUNT", unopened.family, unopened), "there is no account that could be held"
    first["account_no"] = number
    _apply(coordinator, taken(operator, families, members))
    with in_territory(EVERYWHERE):
        again = Account.objects.get(family__family_no=first["family_id"], valid_until=None)
        assert again.usable_from > today, "a second number waits"


def test_a_number_told_in_two_lists_waits_as_one_told_in_one(operator, coordinator, registry, district):
    """First another bank without a number, then the number there: that family had one."""
    families, members = copy.deepcopy(tables(district))
    family, by_post = (next(row for row in families if row["channel"] == channel) for channel in ("BRI", "POS"))
    for row in (family, by_post):
        row |= {"channel": "BNI", "account_no": ""}
    _apply(coordinator, taken(operator, families, members))
    family["account_no"], by_post["account_no"] = "9" * 10, "8" * 10
    _apply(coordinator, taken(operator, families, members))
    for row in (family, by_post):
        told = _in_force(row["family_id"])
        assert (told.channel, told.account_last3, told.is_new) == ("BNI", row["account_no"][-3:], True)


def test_what_a_family_denied_is_released_by_no_way_of_lists(operator, coordinator, registry, district):
    families, members = copy.deepcopy(tables(district))
    family = next(row for row in families if row["channel"] == "BRI")
    family["account_no"] = denied = "7" * len(family["account_no"])
    _apply(coordinator, taken(operator, families, members))
    with in_territory(EVERYWHERE):
        Account.objects.filter(pk=_in_force(family["family_id"]).pk).update(usable_from=NEVER)
    for channel, number in (("BNI", ""), ("BRI", ""), ("BRI", denied)):
        family |= {"channel": channel, "account_no": number}
        members[0]["name"] += "A"  # another list: the same two files are taken once
        _apply(coordinator, taken(operator, families, members))
    told = _in_force(family["family_id"])
    assert (told.account_last3, told.is_held) == (denied[-3:], True)


@pytest.mark.parametrize("alone", [False, True])
def test_people_the_registry_knows_wait_under_another_family_number_too(
    operator, coordinator, registry, district, alone
):
    """All of them under their own numbers, or one alone whom the list numbers anew: her NIK is known."""
    families, members = copy.deepcopy(tables(district))
    of_family = {row["family_id"]: [one for one in members if one["family_id"] == row["family_id"]] for row in families}
    family = next(row for row in families if row["channel"] == "BRI" and len(of_family[row["family_id"]]) > 2)
    people = of_family[family["family_id"]]
    other = family | {"family_id": "K639999999", "account_no": "7" * len(family["account_no"])}
    if alone:
        people = [next(one for one in people if one["member_id"] != family["collector_member_id"] and one["nik"])]
        people[0]["member_id"] = other["collector_member_id"] = "N639999999"
    else:
        families.remove(family)
    for one in people:
        one["family_id"] = other["family_id"]
    _apply(coordinator, taken(operator, [*families, other], members))
    told = _in_force(other["family_id"])
    assert (told.account_last3, told.is_new) == ("777", True)
    assert told.family.collector_usable_from == told.usable_from


@pytest.mark.parametrize("ended", ["before", "with it", "denied"])
def test_a_family_under_a_new_number_takes_its_account_along(operator, coordinator, registry, district, ended):
    """The ended number had it, and nobody could be paid by it any more. It waits as what known people bring does."""
    families, members = copy.deepcopy(tables(district))
    family = next(row for row in families if row["channel"] == "BRI")
    before = _in_force(family["family_id"])
    if ended == "before":
        with in_territory(EVERYWHERE):
            Family.objects.filter(pk=before.family_id).update(status="ENDED")
    if ended == "denied":
        with in_territory(EVERYWHERE):
            Account.objects.filter(pk=before.pk).update(usable_from=NEVER)
    for one in members:
        if one["family_id"] == family["family_id"]:
            one["family_id"] = "K639999999"
    family["family_id"] = "K639999999"
    intake = taken(operator, families, members)
    assert intake.preview["counts"]["families"]["shared"] == int(ended == "denied")
    _apply(coordinator, intake)
    told = _in_force("K639999999")
    waits = timezone.localdate() + timedelta(days=COOLING_DAYS)
    is_so = (None, NEVER) if ended == "denied" else (before.account_index, waits)
    assert (told.account_index, told.usable_from) == is_so
    _undo(coordinator, intake)
    assert _in_force(before.family.family_no) == before


@pytest.mark.parametrize("ended", ["before", "with it"])
def test_people_of_an_ended_family_may_come_back_under_other_numbers(operator, coordinator, registry, district, ended):
    """Their old rows let the NIK go; nobody else of the district is refused for it."""
    families, members = copy.deepcopy(tables(district))
    family = next(row for row in families if row["channel"] == "BRI")
    before = _in_force(family["family_id"]).family
    if ended == "before":
        with in_territory(EVERYWHERE):
            Family.objects.filter(pk=before.pk).update(status="ENDED")
    people = [one for one in members if one["family_id"] == before.family_no]
    for place, one in enumerate(people):
        one |= {"family_id": "K639999999", "member_id": f"N63999999{place}"}
    family |= {"family_id": "K639999999", "collector_member_id": "N639999990"}
    intake = taken(operator, families, members)
    assert intake.preview["counts"]["members"]["anew"] == len(people) == 3
    _apply(coordinator, intake)
    today = timezone.localdate()
    with in_territory(EVERYWHERE):
        old = Member.objects.filter(family=before).order_by("member_no")
        new = Member.objects.filter(family__family_no="K639999999").order_by("member_no")
        assert [one.left_on for one in old] == [today] * 3
        assert [one.nik_index for one in new] == [one.nik_index for one in old]
        assert new[0].family.collector_usable_from == today + timedelta(days=COOLING_DAYS)
    _undo(coordinator, intake)
    with in_territory(EVERYWHERE):
        assert not Member.objects.filter(family=before).exclude(left_on=None).exists()


def test_a_list_says_whose_collector_it_puts_into_another_family(client_of, operator, registry, district):
    """One of the list, which is suspended and needs none today, and one of another district."""
    families, members = copy.deepcopy(tables(district))
    suspended = next(row for row in families if row["status"] == "SUSPENDED")
    other = next(row for row in families if row["family_id"] != suspended["family_id"])
    next(one for one in members if one["member_id"] == suspended["collector_member_id"])["family_id"] = other[
        "family_id"
    ]
    intake = taken(operator, families, members)
    assert intake.preview["counts"]["collectors"]["elsewhere"] == 1
    page = client_of(operator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Pengurus di keluarga lain" in page
    with in_territory(EVERYWHERE), transaction.atomic():
        Family.objects.filter(family_no=other["family_id"]).update(village_code="6372011001")
        away = Member.objects.get(member_no=other["collector_member_id"])
        fill_incoming(intake.pk, QUIET)
        with connection.cursor() as cursor:
            cursor.execute("delete from incoming_family where family_no = %s", [other["family_id"]])
            cursor.execute("update incoming_member set family_no = %s where id = %s", [suspended["family_id"], away.pk])
        assert lists.counts("6371")["collectors"]["elsewhere"] == 2


def test_another_family_may_be_given_the_account_of_one_that_has_ended(operator, coordinator, registry, district):
    families, _ = tables(district)
    old, new = [_in_force(row["family_id"]).family for row in families if row["channel"] == "BRI"][:2]
    number = next(row["account_no"] for row in families if row["family_id"] == old.family_no)
    with pytest.raises(ChangeRefused, match=old.family_no):
        asked(operator, new, "ACCOUNT", after={"channel": "BRI"}, identifier=number)
    approved(coordinator, asked(operator, old, "END", after={"status": "ENDED"}))
    approved(coordinator, asked(operator, new, "ACCOUNT", after={"channel": "BRI"}, identifier=number))
    told = _in_force(new.family_no)
    assert (told.account_last3, told.is_new) == (number[-3:], True)
    with in_territory(EVERYWHERE):
        assert not Account.objects.filter(family=old, valid_until=None).exists()


def _moved_member(families, members, place):
    """The list puts a member of the first family into the second; gives the number of the first."""
    number = families[0]["family_id"]
    row = next(row for row in members if row["member_id"] == f"{number}-{place}")
    row["family_id"] = families[1]["family_id"]
    return number


@pytest.mark.parametrize("kind", ["COLLECTOR", "LEFT"])
def test_a_request_about_who_is_in_another_family_by_now_is_not_carried_out(
    operator, coordinator, registry, district, kind
):
    families, members = copy.deepcopy(tables(district))
    family = _in_force(families[0]["family_id"]).family
    change = asked(operator, family, kind, place=1, after={"left_on": "2024-03-01"} if kind == "LEFT" else None)
    _moved_member(families, members, 2)
    _apply(coordinator, taken(operator, families, members))
    with pytest.raises(ChangeRefused, match="keluar dari keluarga"):
        approved(coordinator, change)
    with in_territory(EVERYWHERE):
        assert Family.objects.get(pk=family.pk).collector_id == family.collector_id


def test_what_waits_for_a_decision_goes_where_a_list_puts_the_family(operator, coordinator, registry, district):
    families, members = copy.deepcopy(tables(district))
    family = _in_force(families[0]["family_id"]).family
    change = asked(operator, family, "SCHOOL_LEVEL", place=1, after={"school_level": "SMA"})
    families[0]["village_code"] = families[1]["village_code"]
    intake = _apply(coordinator, taken(operator, families, members))
    told = families[1]["village_code"].replace(".", "")
    assert _place_of(change) == told != family.village_code
    _undo(coordinator, intake)
    assert _place_of(change) == family.village_code
    assert approved(coordinator, change).state == "APPROVED"


def _place_of(change):
    with in_territory(EVERYWHERE):
        return ChangeRequest.objects.get(pk=change.pk).village_code


def test_a_child_is_born_also_where_a_list_took_the_last_number_along(operator, coordinator, registry, district):
    families, members = copy.deepcopy(tables(district))
    number = _moved_member(families, members, 3)
    _apply(coordinator, taken(operator, families, members))
    born = {"name": "Bayi Uji", "birth_date": "2024-02-02", "sex": "F"}
    approved(coordinator, asked(operator, _in_force(number).family, "BIRTH", after=born))
    with in_territory(EVERYWHERE):
        assert Member.objects.get(name="Bayi Uji").member_no == f"{number}-4"


def _in_force(number):
    with in_territory(EVERYWHERE):
        return Account.objects.select_related("family").get(family__family_no=number, valid_until=None)


@pytest.mark.parametrize("kind", ["HOLD_ACCOUNT", "HOLD_COLLECTOR"])
@pytest.mark.parametrize("by", ["list", "undoing"])
def test_whoever_brought_it_by_a_list_decides_nothing(cast, operator, coordinator, registry, district, kind, by):
    families, members = copy.deepcopy(tables(district))
    told = next(row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI")
    told |= {"account_no": "7" * len(told["account_no"]), "collector_member_id": f"{told['family_id']}-3"}
    intake = _apply(coordinator, taken(operator, families, members))
    brought, family = coordinator, _in_force(told["family_id"]).family
    if by == "undoing":
        with in_territory(EVERYWHERE):
            Account.objects.filter(family=family, valid_until=None).update(usable_from=timezone.localdate())
            Family.objects.filter(pk=family.pk).update(collector_usable_from=timezone.localdate())
        brought = cast("PROVINCE_HEAD", "63")
        _undo(brought, intake)
    change = asked(cast("DISTRICT_OPERATOR", "6371"), family, kind)
    with pytest.raises(ChangeRefused, match="meminta atau menyetujui penggantiannya"):
        approved(brought, change)
    with in_territory(brought):
        assert list(denied_for(brought)) == []
    assert approved(cast("DISTRICT_COORDINATOR", "6371"), change).state == "APPROVED"


def test_a_list_previewed_by_an_earlier_release_is_asked_for_again(
    operator, coordinator, registry, listed, monkeypatch
):
    counts = lists.counts

    def as_before(region):
        told = counts(region)
        del told["families"]["unaccounted"]
        return told

    with monkeypatch.context() as earlier:
        earlier.setattr(lists, "counts", as_before)
        intake = taken(operator, *listed[:2])
    with pytest.raises(WorkRefused, match="diperbarui"):
        _apply(coordinator, intake)


def _accounts():
    with in_territory(EVERYWHERE):
        in_force = Account.objects.filter(valid_until=None)
        return list(in_force.values_list("family__family_no", "channel", "account_last3"))


def test_the_preview_has_the_rupiah_of_both_sides(operator, registry, district, listed, tmp_path):
    from gandeng.core.cycle import Cycle
    from gandeng.registry.tests.helpers import write_tables
    from gandeng.runs.entitle import entitle

    families, members, _ = listed
    intake = taken(operator, families, members)
    lists = {"before": district, "after": write_tables(tmp_path / "after", families, members)}
    for side, folder in lists.items():
        files = (folder / "families.parquet", folder / "members.parquet")
        run = entitle(*files, tmp_path / side / "out", cycle=Cycle(2024, 2))
        assert intake.preview[side]["rupiah"] == sum(row["rupiah"] for row in run.by_channel) > 0
    rows = preview_rows(intake)
    assert rows["difference"] == rows["after"]["rupiah"] - rows["before"]["rupiah"]
    assert sum(row["difference"] for row in rows["districts"]) == rows["difference"]


def test_taking_changes_nothing_and_keeps_nothing_in_the_open(
    operator, registry, listed, tmp_path, django_capture_on_commit_callbacks
):
    families, members, _ = listed
    before = _frozen(tmp_path / "a")
    with django_capture_on_commit_callbacks(execute=True):
        intake = taken(operator, families, members)
    assert _frozen(tmp_path / "b") == before
    kept = b"".join(path.read_bytes() for path in folder_of(intake.pk).iterdir())
    assert not any(row["nik"].encode() in kept for row in members)
    assert not any(row["account_no"].encode() in kept for row in families if row["account_no"])
    assert not list(upload_folder("0" * 32).parent.iterdir())


def test_the_list_of_today_changes_nothing(operator, coordinator, registry, district, tmp_path):
    before = _frozen(tmp_path / "a")
    families, members = tables(district)
    intake = _apply(coordinator, taken(operator, families, members))
    assert _frozen(tmp_path / "b") == before
    with in_territory(EVERYWHERE):
        assert not IntakeRow.objects.filter(intake=intake).exists()


def test_undone_as_a_whole_it_never_was(operator, coordinator, registry, listed, tmp_path):
    families, members, _ = listed
    _frozen(tmp_path / "a")
    intake = _apply(coordinator, taken(operator, families, members))
    _undo(coordinator, intake)
    _frozen(tmp_path / "c")
    assert tables(tmp_path / "c") == tables(tmp_path / "a")
    assert intake.state == "UNDONE"


@pytest.mark.parametrize("paid_by_already", [False, True])
def test_what_was_paid_by_is_replaced_by_undoing_as_slowly_as_by_any_other_way(
    operator, coordinator, registry, district, paid_by_already
):
    """One person undoes, weeks later perhaps: whoever comes back to the counter then is new there."""
    families, members = copy.deepcopy(tables(district))
    told = next(row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI")
    before = _in_force(told["family_id"])
    told |= {"account_no": "7" * len(told["account_no"]), "collector_member_id": f"{told['family_id']}-3"}
    intake = _apply(coordinator, taken(operator, families, members))
    today = timezone.localdate()
    if paid_by_already:
        with in_territory(EVERYWHERE):
            Account.objects.filter(pk=_in_force(told["family_id"]).pk).update(usable_from=today)
            Family.objects.filter(pk=before.family_id).update(collector_usable_from=today)
    _undo(coordinator, intake)
    after = _in_force(told["family_id"])
    assert (after.pk, after.family.collector_id) == (before.pk, before.family.collector_id)
    day = today + timedelta(days=COOLING_DAYS) if paid_by_already else ON
    assert (after.usable_from, after.family.collector_usable_from) == (day, day)


def test_it_refuses_to_undo_what_was_touched_since(operator, coordinator, registry, listed):
    families, members, changed = listed
    intake = _apply(coordinator, taken(operator, families, members))
    with in_territory(EVERYWHERE):
        family = Family.objects.get(family_no=changed["suspended"])
        family.status = "ACTIVE"
        family.save()
    with pytest.raises(WorkRefused, match="1 baris"):
        _undo(coordinator, intake)
    with in_territory(EVERYWHERE):
        assert Family.objects.filter(family_no="K639999999").exists()


def test_it_refuses_to_undo_an_added_family_somebody_works_with(operator, coordinator, registry, listed):
    from gandeng.registry.actions import Proof, Wanted, request_change

    families, members, _ = listed
    intake = _apply(coordinator, taken(operator, families, members))
    with in_territory(operator):
        family = Family.objects.get(family_no="K639999999")
        request_change(operator, family, "MOVE", None, Wanted({"village_code": "6371021001"}), "Pindah rumah", Proof())
    with pytest.raises(WorkRefused, match="sudah dipakai"):
        _undo(coordinator, intake)


def test_it_refuses_the_same_files_twice(operator, registry, listed):
    families, members, _ = listed
    taken(operator, families, members)
    with pytest.raises(WorkRefused, match="sudah diambil"):
        taken(operator, families, members)


def test_it_refuses_one_person_for_both(client_of, cast, registry, listed):
    both = cast("DISTRICT_OPERATOR", "6371")
    both = cast("DISTRICT_COORDINATOR", "6371", person=User.objects.get(person_id=both.person_id).person)
    intake = taken(both, *listed[:2])
    with pytest.raises(WorkRefused, match="orang lain"):
        _apply(both, intake)
    page = reverse("registry:intake", args=[intake.pk])
    assert "Terapkan daftar ini" not in client_of(both).get(page).content.decode()
    client_of(both).post(f"{page}terapkan/")
    assert not Job.objects.exists()
    with in_territory(EVERYWHERE), pytest.raises(IntegrityError, match="intake_two_people"), transaction.atomic():
        Intake.objects.filter(pk=intake.pk).update(
            state="APPLIED", applied_by=both.person_id, applied_at=timezone.now()
        )


def test_it_refuses_who_has_no_right_there(client_of, operator, coordinator, stranger, cast, registry, listed):
    intake = taken(operator, *listed[:2])
    page = reverse("registry:intake", args=[intake.pk])
    assert client_of(stranger).get(page).status_code == 404
    assert client_of(cast("DISTRICT_COORDINATOR", "6372")).post(f"{page}terapkan/").status_code == 404
    assert client_of(operator).post(f"{page}terapkan/").status_code == 403
    assert client_of(cast("FACILITATOR", "6371011001")).get(page).status_code == 403
    with pytest.raises(PermissionDenied):
        taken(coordinator, *listed[:2])
    with pytest.raises(PermissionDenied):
        taken(stranger, *listed[:2])
    with pytest.raises(PermissionDenied):
        _apply(cast("PROVINCE_OFFICER", "63"), intake)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _f, m: m[3].update(nik="123"), "Baris 5"),
        (lambda f, _m: f[2].update(status="KAYA"), "status"),
        (lambda f, _m: f[2].update(village_code="63.72.01.1001"), "luar wilayah"),
        (lambda f, _m: f[2].update(village_code="63.71.99.9999"), "tidak dikenal"),
        (lambda _f, m: m[1].update(nik=m[0]["nik"]), "NIK yang sama"),
        (lambda _f, m: m[0].update(family_id="K630099999"), "K630099999"),
    ],
)
def test_it_refuses_a_list_that_does_not_fit_and_says_where(operator, registry, district, spoil, says):
    families, members = copy.deepcopy(tables(district))
    spoil(families, members)
    with pytest.raises(WorkRefused, match=says):
        taken(operator, families, members)
    with in_territory(EVERYWHERE):
        assert not Intake.objects.exists()
    uploads = upload_folder("0" * 32).parent
    assert not list(uploads.iterdir())


def test_it_refuses_a_nik_of_a_family_elsewhere_in_words(operator, registry, district):
    families, members = copy.deepcopy(tables(district))
    make_family("6371011001", nik="6371014101900077", status="GRADUATED")
    members[5]["nik"] = "6371014101900077"
    with pytest.raises(WorkRefused, match=members[5]["member_id"]) as refused:
        taken(operator, families, members)
    assert "6371014101900077" not in str(refused.value)


def test_it_refuses_to_apply_when_the_registry_moved_on(operator, coordinator, registry, listed):
    intake = taken(operator, *listed[:2])
    make_family("6371011001")
    with pytest.raises(WorkRefused, match="berubah sejak pratinjau"):
        _apply(coordinator, intake)


def test_it_refuses_to_apply_over_what_was_approved_since_the_preview(operator, coordinator, registry, district):
    """The account was another before as well: the counts are the same, and what would be taken back is not."""
    families, members = copy.deepcopy(tables(district))
    told = next(row for row in families if row["status"] == "ACTIVE" and row["channel"] == "BRI")
    told["account_no"] = "7" * len(told["account_no"])
    intake = taken(operator, families, members)
    family = _in_force(told["family_id"]).family
    approved(coordinator, asked(operator, family, "ACCOUNT", after={"channel": "BNI"}, identifier="1234567890"))
    with pytest.raises(WorkRefused, match="Registri berubah"):
        _apply(coordinator, intake)
    assert _in_force(told["family_id"]).channel == "BNI"


def test_two_members_may_change_numbers(operator, coordinator, registry, district, tmp_path):
    families, members = copy.deepcopy(tables(district))
    members[0]["nik"], members[1]["nik"] = members[1]["nik"], members[0]["nik"]
    _frozen(tmp_path / "a")
    intake = _apply(coordinator, taken(operator, families, members))
    with in_territory(EVERYWHERE):
        member = Member.objects.get(member_no=members[0]["member_id"])
    assert unseal(member.nik_sealed, Place("registry_member", "nik", str(member.pk))) == members[0]["nik"]
    _undo(coordinator, intake)
    _frozen(tmp_path / "b")
    assert tables(tmp_path / "b") == tables(tmp_path / "a")


def test_a_list_can_be_put_away(client_of, operator, coordinator, registry, listed, django_capture_on_commit_callbacks):
    intake = taken(operator, *listed[:2])
    address = reverse("registry:withdraw_list", args=[intake.pk])
    assert client_of(operator).post(address, {"reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        client_of(operator).post(address, {"reason": "Daftar yang salah"})
    assert not folder_of(intake.pk).exists()
    with in_territory(EVERYWHERE):
        assert Intake.objects.get(pk=intake.pk).state == "WITHDRAWN"
    with pytest.raises(WorkRefused):
        _apply(coordinator, intake)
    assert taken(operator, *listed[:2]).state == "STAGED"


def test_the_pages_send_a_list_and_ask_for_what_follows(client_of, operator, coordinator, registry, listed):
    families, members, _ = listed
    sent = {
        "region": "6371", "cycle": "2024-2",
        "families": SimpleUploadedFile("../keluarga.csv", csv_of(FAMILIES, families)),
        "members": SimpleUploadedFile("anggota.csv", csv_of(MEMBERS, members)),
    }  # fmt: skip
    assert client_of(operator).get(reverse("registry:take")).status_code == 200
    assert client_of(operator).post(reverse("registry:take"), sent).status_code == 302
    job = Job.objects.get()
    assert (job.kind, job.arguments["families_name"]) == ("registry.take", "keluarga.csv")
    with in_territory(operator):
        url = KINDS[job.kind](operator, QUIET, job.arguments)
    assert client_of(operator).get(url).status_code == 200
    assert client_of(operator).get("/keluarga/daftar/").content.decode().count("keluarga.csv") == 1
    assert client_of(coordinator).post(f"{url}terapkan/").status_code == 302
    assert Job.objects.filter(kind="registry.apply").count() == 1


def test_without_room_it_says_so_and_nothing_is_left(client_of, operator, registry, listed, monkeypatch):
    def full(self, chunk_size=None):
        yield b"family_id"
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(InMemoryUploadedFile, "chunks", full)
    families, members, _ = listed
    sent = {
        "region": "6371", "cycle": "2024-2", "families": SimpleUploadedFile("keluarga.csv", csv_of(FAMILIES, families)),
        "members": SimpleUploadedFile("anggota.csv", csv_of(MEMBERS, members)),
    }  # fmt: skip
    before = list(upload_folder(str(uuid4())).parent.glob("*"))
    answer = client_of(operator).post(reverse("registry:take"), sent)
    assert answer.status_code == 422
    assert "Ruang penyimpanan kantor penuh" in answer.content.decode()
    assert not Job.objects.exists()
    assert list(upload_folder(str(uuid4())).parent.glob("*")) == before


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"region": "6372"}, "pilihan"), ({"cycle": "2024"}, "Tulis seperti"), ({"cycle": "1999-1"}, ""),
        ({"families": SimpleUploadedFile("x.exe", b"1")}, "Berkas keluarga: Berkas harus CSV, XLSX, atau Parquet."),
        ({"members": None}, "Berkas anggota: Pilih berkasnya."),
    ],
)  # fmt: skip
def test_it_refuses_what_is_sent_wrong(client_of, operator, typed, says):
    sent = {
        "region": "6371", "cycle": "2024-2", "families": SimpleUploadedFile("a.csv", b"1"),
        "members": SimpleUploadedFile("b.csv", b"1"),
    } | typed  # fmt: skip
    page = client_of(operator).post(reverse("registry:take"), {key: value for key, value in sent.items() if value})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert not Job.objects.exists()


def test_acts_are_written_down(operator, coordinator, registry, listed):
    intake = _apply(coordinator, taken(operator, *listed[:2]))
    _undo(coordinator, intake)
    with in_territory(EVERYWHERE):
        rows = AuditEntry.objects.filter(action__startswith="list.").order_by("id")
        told = list(rows.values_list("action", flat=True))
    assert told == ["list.taken", "list.applied", "list.undone"]


def _under(village, families):
    """The same families as far as they are listed, under another code of their village."""
    return [row | {"village_code": RegionCode(GONE).dotted()} if row["village_code"] == village else row
            for row in families]  # fmt: skip


def _stand_under_an_old_code(village):
    with in_territory(EVERYWHERE):
        for table in (Family, Member, Account):
            table.objects.filter(village_code=village).update(village_code=GONE)


def test_it_warns_of_a_change_of_codes_nobody_recorded(client_of, operator, coordinator, registry, district):
    families, members = tables(district)
    village = families[0]["village_code"]
    _stand_under_an_old_code(village.replace(".", ""))
    moved = sum(row["village_code"] == village for row in families)
    intake = taken(operator, families, members)
    assert intake.preview["codes"] == moved == intake.preview["counts"]["families"]["village"]
    warned = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Kode desa berubah" in warned
    with in_territory(operator):
        lists.withdraw_list(operator, intake, "Kodenya dicatat dahulu")
    applied(operator, coordinator, (GONE, village.replace(".", ""), True))
    intake = taken(operator, families, members)
    assert (intake.preview["codes"], intake.preview["counts"]["families"]["village"]) == (0, 0)
    quiet = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Kode desa berubah" not in quiet


def test_a_list_with_codes_of_old_means_the_villages_of_today(operator, coordinator, registry, district):
    families, members = tables(district)
    village = families[0]["village_code"]
    _stand_under_an_old_code(village.replace(".", ""))
    applied(operator, coordinator, (GONE, NEXT, True))
    applied(operator, coordinator, (NEXT, village.replace(".", ""), True))
    intake = taken(operator, _under(village, families), members)
    assert intake.preview["counts"]["families"]["village"] == 0
    _apply(coordinator, intake)
    with in_territory(EVERYWHERE):
        assert not Family.objects.filter(village_code=GONE).exists()


def test_undone_families_go_back_to_the_village_of_today(operator, coordinator, registry, district):
    families, members = tables(district)
    village, other = (row["village_code"] for row in families[:2])
    _stand_under_an_old_code(village.replace(".", ""))
    here = {row["family_id"] for row in families if row["village_code"] == village}
    listed = [row | {"village_code": other} if row["family_id"] in here else row for row in families]
    intake = _apply(coordinator, taken(operator, listed, members))
    applied(operator, coordinator, (GONE, NEXT, True))
    applied(operator, coordinator, (NEXT, village.replace(".", ""), True))
    _undo(coordinator, intake)
    with in_territory(EVERYWHERE):
        for table, key in ((Family, "family_no"), (Member, "family__family_no"), (Account, "family__family_no")):
            found = set(table.objects.filter(**{f"{key}__in": here}).values_list("village_code", flat=True))
            assert found == {village.replace(".", "")}


def test_it_tells_of_new_members_who_look_like_others_of_the_list(client_of, operator, coordinator, registry, district):
    """Not of those who stood there before, nor of the dead, nor of families that end."""
    families, members = tables(district)
    family = families[3]
    child = {**members[5], "name": "Kembang Rahayu", "birth_date": date(2019, 4, 9), "sex": "F", "deceased_on": None}
    twice = {**child, "name": "Kembang Rahaju", "nik": "6371014904190077"}
    new = [
        {**child, "family_id": family["family_id"], "member_id": f"{family['family_id']}-8", "nik": "6371014904190011"},
        {**twice, "family_id": families[5]["family_id"], "member_id": f"{families[5]['family_id']}-8"},
    ]
    intake = taken(operator, families, [*members, *new])
    numbers = sorted(row["member_id"] for row in new)
    assert intake.preview["alike"] == {"members": 2, "pairs": [numbers]}
    page = client_of(coordinator).get(reverse("registry:intake", args=[intake.pk])).content.decode()
    assert "Anggota baru yang mirip" in page and " dan ".join(numbers) in page
    _apply(coordinator, intake)
    again = [*members, *new, {**members[0], "member_id": f"{family['family_id']}-9", "family_id": family["family_id"],
                              "name": "Lain Sekali", "nik": "6371014101900055", "deceased_on": None}]  # fmt: skip
    assert taken(operator, families, again).preview["alike"] == {"members": 0, "pairs": []}
    ended = [row | {"status": "ENDED"} if row["family_id"] == family["family_id"] else row for row in families]
    with in_territory(operator):
        lists.undo_list(coordinator, str(intake.pk), "Dicoba lagi", QUIET)
    assert taken(operator, ended, [*members, *new]).preview["alike"]["members"] == 0


def test_families_a_list_holds_are_found_by_place_and_by_number_and_no_others_are_read():
    """A district's list must not read the nation's families."""
    here, listed, _elsewhere = make_family(), make_family("7371011001"), make_family("7371011001")
    held, plans = [], []

    def look(execute, sql, params, many, context):
        if "for no key update" not in sql:
            return execute(sql, params, many, context)
        execute(f"explain {sql}", params, many, context)
        plans.append("\n".join(line for (line,) in context["cursor"].fetchall()))
        answer = execute(sql.replace("select from", "select f.family_no from", 1), params, many, context)
        held.extend(number for (number,) in context["cursor"].fetchall())
        return answer

    with in_territory(EVERYWHERE), connection.cursor() as cursor:
        start_incoming()
        cursor.execute(
            """insert into incoming_family select id, family_no, '', village_code, status, '', id, '', null, '', '',
                null, '', null, null from registry_family where id = %s""",
            [listed.pk],
        )
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_indexscan = off")  # of few rows the whole index of ids is as cheap
        with connection.execute_wrapper(look):
            hold_families("6371")
    assert sorted(held) == sorted([here.family_no, listed.family_no])
    assert "(village_code >= '6371'::text)" in plans[0]
    assert all("Cond" in line for line in plans[0].splitlines() if "village_code >=" in line), "by an index"
