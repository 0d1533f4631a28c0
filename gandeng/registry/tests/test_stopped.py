"""Whom a list took out of payment is told, and waits for it until somebody wrote it down."""

import copy
import html
import re
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.audit.models import AuditEntry
from gandeng.jobs.work import KINDS
from gandeng.registry.actions.stopped import TellingRefused, tell_stopped, untell_stopped
from gandeng.registry.loading import load_registry
from gandeng.registry.models import Family, StoppedByList, Telling
from gandeng.registry.stopped_queries import TOLD, stopped, untold
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import ON, QUIET, few_queries, small_district, tables, taken
from gandeng.web.paging import page_by_key

pytestmark = pytest.mark.django_db

URL = "/keluarga/dihentikan/"
GONE, PUT_BY, WAS_PUT_BY, ENDED = "K630000001", "K630000002", "K630000020", "K630000003"


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    return small_district(tmp_path_factory.mktemp("sim") / "district", families=24)


@pytest.fixture
def applied(settings, tmp_path, operator, coordinator, district):
    """A list without one family, that suspends a second, ends a third, and leaves one as suspended as it was."""
    settings.DATA_DIR = tmp_path / "data"
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    families, members = copy.deepcopy(tables(district))
    families = [row for row in families if row["family_id"] != GONE]
    members = [row for row in members if row["family_id"] != GONE]
    for row in families:
        row["status"] = {PUT_BY: "SUSPENDED", ENDED: "ENDED"}.get(row["family_id"], row["status"])
    return _do("apply", coordinator, taken(operator, families, members))


def _do(what, acting, intake, **told):
    with in_territory(acting):
        KINDS[f"registry.{what}"](acting, QUIET, {"intake": str(intake.pk), **told})
        intake.refresh_from_db()
    return intake


def _waiting(acting, **filters):
    with in_territory(acting):
        return [one.family.family_no for one in stopped(filters).order_by("family__family_no")]


def _rows(acting, *numbers):
    with in_territory(acting):
        return list(StoppedByList.objects.filter(family__family_no__in=numbers).order_by("family__family_no"))


def test_whom_a_list_ends_or_suspends_waits_until_told_and_again_where_that_was_a_mistake(
    client_of, operator, coordinator, applied
):
    assert _waiting(operator) == [GONE, PUT_BY, ENDED]
    desk = client_of(operator)
    desk.get(URL)
    with few_queries():
        page = desk.get(URL).content.decode()
    assert "Tidak lagi terdaftar" in page and "Ditangguhkan" in page and "Berakhir" in page and WAS_PUT_BY not in page
    assert "Siapa yang belum diberi tahu" in desk.get(f"/keluarga/daftar/{applied.pk}/").content.decode()
    ids = [str(one.pk) for one in _rows(operator, GONE, PUT_BY)]
    today = timezone.localdate().isoformat()
    sent = {"chosen": ids, "told_how": "VISIT", "told_on": today}
    assert desk.post(URL, sent | {"chosen": []}).status_code == 422
    assert desk.post(URL, sent | {"told_on": ""}).status_code == 422
    early = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "baru diterapkan" in desk.post(URL, sent | {"told_on": early}).content.decode()
    assert _waiting(operator) == [GONE, PUT_BY, ENDED]
    assert "Dicatat: 2 keluarga." in desk.post(URL, sent, follow=True).content.decode()
    assert _waiting(operator) == [ENDED] and _waiting(operator, shelf=TOLD) == [GONE, PUT_BY]
    family = _rows(operator, GONE)[0].family_id
    assert "Diberi tahu bahwa keluarga dihentikan oleh daftar" in desk.get(f"/keluarga/{family}/").content.decode()
    assert "Didatangi" in desk.get(URL, {"shelf": TOLD}).content.decode()
    assert desk.post(f"{URL}belum/", {"chosen": ids[:1]}).status_code == 302
    assert _waiting(operator) == [GONE, ENDED]
    with in_territory(EVERYWHERE):
        acts = AuditEntry.objects.filter(action__startswith="family.told").values_list("action", flat=True)
        assert sorted(acts) == ["family.told_by_mistake", "family.told_of_list", "family.told_of_list"]


def test_a_mistake_is_taken_back_on_any_page_of_the_list(client_of, operator, applied, monkeypatch):
    monkeypatch.setattr("gandeng.registry.views.stopped.page_by_key", partial(page_by_key, size=1))
    with in_territory(operator):
        told = _rows(operator, GONE, PUT_BY)
        tell_stopped(operator, told, Telling.CALL, timezone.localdate())
    desk = client_of(operator)
    first, last = sorted(told, key=lambda one: one.pk)
    page = desk.get(URL, {"shelf": TOLD, "after": first.pk}).content.decode()
    assert str(last.pk) in page and str(first.pk) not in page.split("<tbody")[-1].split("</table")[0]
    action = html.unescape(re.search(r'action="([^"]+/belum/[^"]*)"', page)[1])
    assert "Kembali menunggu: 1 keluarga." in desk.post(action, {"chosen": [last.pk]}, follow=True).content.decode()
    with in_territory(operator):
        assert set(stopped({"shelf": TOLD})) == {first}


def test_what_was_told_already_or_never_is_refused(operator, applied):
    with in_territory(operator):
        rows = _rows(operator, GONE)
        assert tell_stopped(operator, rows, Telling.NOBODY, None) == 1
        with pytest.raises(TellingRefused, match="sudah dicatat"):
            tell_stopped(operator, rows, Telling.CALL, timezone.localdate())
        with pytest.raises(TellingRefused, match="belum dicatat"):
            untell_stopped(operator, _rows(operator, PUT_BY))
        assert StoppedByList.objects.get(pk=rows[0].pk).how == "NOBODY"


def test_undone_the_list_takes_it_along_also_once_told(operator, coordinator, applied):
    with in_territory(operator):
        rows = _rows(operator, GONE)
        tell_stopped(operator, rows, Telling.CALL, timezone.localdate())
    _do("undo", coordinator, applied, reason="Daftar yang salah")
    with in_territory(EVERYWHERE):
        assert not StoppedByList.objects.exists()
        with pytest.raises(TellingRefused, match="dibatalkan"):
            untell_stopped(operator, rows)


def test_who_is_paid_again_waits_for_nothing_and_the_last_list_counts(operator, coordinator, district, applied):
    families, members = copy.deepcopy(tables(district))
    _do("apply", coordinator, taken(operator, families, members))
    assert _waiting(operator) == []
    families = [row for row in families if row["family_id"] != GONE]
    members = [row for row in members if row["family_id"] != GONE]
    again = _do("apply", coordinator, taken(operator, families, members))
    assert _waiting(operator) == [GONE]
    with in_territory(operator):
        assert stopped({}).get().intake_id == again.pk


def test_it_is_there_where_the_family_is_and_counted_for_whoever_asks_changes(client_of, cast, operator, applied):
    mine = _rows(operator, GONE)[0]
    with in_territory(EVERYWHERE):
        village = Family.objects.get(pk=mine.family_id).village_code
    near, far = cast("FACILITATOR", village), cast("DISTRICT_OPERATOR", "6372")
    with in_territory(near):
        assert mine.pk in set(untold(near).values_list("pk", flat=True))
    assert _waiting(far) == [] and _waiting(cast("CHANNEL_OFFICER", "6371", channel="BRI")) == []
    reader = client_of(cast("AUDITOR", "6371"))
    assert GONE in reader.get(URL).content.decode()
    assert "Catat keluarga" not in reader.get(URL).content.decode()
    sent = {"chosen": [str(mine.pk)], "told_how": "NOBODY", "told_on": ""}
    assert reader.post(URL, sent).status_code == 403
    assert "Tidak ada yang menunggu" in client_of(far).get(URL).content.decode()
    elsewhere = "637102" if village.startswith("637101") else "637101"
    with in_territory(EVERYWHERE):
        Family.objects.filter(family_no__in=[PUT_BY, ENDED]).update(village_code=village)
    assert "Tidak ada yang cocok" in client_of(operator).get(URL, {"region": elsewhere}).content.decode()
    with in_territory(far), pytest.raises((PermissionDenied, TellingRefused)):
        tell_stopped(far, [mine], Telling.NOBODY, None)
    assert _waiting(operator) == [GONE, PUT_BY, ENDED]


def test_the_list_of_a_wider_region_hides_no_family_it_stops(client_of, cast, operator, applied):
    mine = _rows(operator, GONE)[0]
    with in_territory(EVERYWHERE):
        village = Family.objects.get(pk=mine.family_id).village_code
    assert mine.applied_on == timezone.localdate(applied.applied_at)
    for narrower in (cast("FACILITATOR", village), cast("SUB_DISTRICT_LEAD", village[:6])):
        with in_territory(narrower):
            assert mine.pk in set(untold(narrower).values_list("pk", flat=True)), "the first page counts it"
        desk = client_of(narrower)
        page = desk.get(URL).content.decode()
        assert GONE in page and applied.families_name not in page
    sent = {"chosen": [str(mine.pk)], "told_how": "CALL", "told_on": timezone.localdate().isoformat()}
    assert (
        "Dicatat: 1 keluarga." in client_of(cast("FACILITATOR", village)).post(URL, sent, follow=True).content.decode()
    )


@pytest.mark.parametrize(
    "statement",
    ["update registry_stoppedbylist set status = 'SUSPENDED' where status = 'ENDED'",
     "delete from registry_stoppedbylist", "truncate registry_stoppedbylist cascade",
     "update registry_stoppedbylist set how = 'CALL'"],
)  # fmt: skip
def test_the_database_keeps_whom_a_list_stopped(applied, statement):
    with pytest.raises(DatabaseError), in_territory(EVERYWHERE), transaction.atomic():
        connection.cursor().execute(statement)
    with in_territory(EVERYWHERE):
        assert StoppedByList.objects.filter(how="").count() == 3


def test_a_family_that_was_not_in_the_programme_is_told_nothing(operator, coordinator, district, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    load_registry(EVERYWHERE, district, on=ON, report=QUIET)
    make_family("6371011001", status="VALIDATED")
    _do("apply", coordinator, taken(operator, *tables(district)))
    assert _waiting(operator) == []
