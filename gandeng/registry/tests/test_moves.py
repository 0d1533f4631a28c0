"""That a family came to live in another district is noted, by whatever moves it."""

import pytest
from django.db import DatabaseError, connection, transaction

from gandeng.accounts.acting import in_territory
from gandeng.jobs.work import KINDS
from gandeng.regions.places import villages_of
from gandeng.registry.actions import approve_change
from gandeng.registry.models import Family, Move
from gandeng.registry.tests.factories import EVERYWHERE, make_family
from gandeng.registry.tests.helpers import QUIET, asked, small_district, tables, taken

pytestmark = pytest.mark.django_db


def _moves(number=""):
    with in_territory(EVERYWHERE):
        rows = Move.objects.filter(family__family_no=number) if number else Move.objects.all()
        return rows.count()


def _moved(operator, decides, family, village):
    change = asked(operator, family, "MOVE", after={"village_code": village})
    with in_territory(decides):
        approve_change(decides, change, "Sesuai bukti")


def test_a_move_to_another_district_is_noted_and_one_within_is_not(operator, coordinator, cast):
    family = make_family("6371011001")
    _moved(operator, coordinator, family, "6371021001")
    assert _moves() == 0
    with in_territory(EVERYWHERE):
        family.refresh_from_db()
    _moved(operator, cast("PROVINCE_HEAD", "63"), family, "6372011001")
    assert _moves(family.family_no) == 1
    with in_territory(operator):
        assert not Move.objects.exists()
    with in_territory(cast("DISTRICT_OPERATOR", "6372")):
        assert Move.objects.count() == 1


def test_nobody_writes_changes_or_takes_one_out(operator, cast):
    family = make_family("6371011001")
    _moved(operator, cast("PROVINCE_HEAD", "63"), family, "6372011001")
    for sql in (
        "insert into registry_move (family_id, moved_at) select id, now() from registry_family",
        "update registry_move set moved_at = now()", "delete from registry_move", "truncate registry_move",
    ):  # fmt: skip
        with (
            in_territory(EVERYWHERE),
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert _moves() == 1


def test_a_list_s_moves_are_noted_and_go_with_a_family_that_lists_undone_take_along(
    settings, tmp_path, cast, tmp_path_factory
):
    """One list brings a family, the next moves it; undone, the second moves it back, the first takes it away."""
    settings.DATA_DIR = tmp_path / "data"
    officer, head = cast("PROVINCE_OFFICER", "63"), cast("PROVINCE_HEAD", "63")
    families, members = tables(small_district(tmp_path_factory.mktemp("sim") / "district", families=3))

    def do(what, intake):
        with in_territory(head):
            KINDS[f"registry.{what}"](head, QUIET, {"intake": str(intake.pk), "reason": "Daftar yang salah"})

    first = taken(officer, families, members, region="63")
    do("apply", first)
    number = families[0]["family_id"]
    families[0]["village_code"] = villages_of("6372")[0].code.dotted()
    second = taken(officer, families, members, region="63")
    do("apply", second)
    assert (_moves(number), _moves()) == (1, 1)
    do("undo", second)
    assert _moves() == 2
    do("undo", first)
    with in_territory(EVERYWHERE):
        assert not Family.objects.filter(family_no=number).exists()
    assert _moves() == 0
