"""A long list of families holds one that is none: the file is known by it, and nothing else ever knows it."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from gandeng.accounts.acting import in_territory
from gandeng.exports import actions
from gandeng.exports.files import path_of
from gandeng.registry.models import Family
from gandeng.registry.queries import families_visible_to
from gandeng.registry.tests.factories import EVERYWHERE
from gandeng.registry.tests.test_long_exports import (  # noqa: F401 (fixtures)
    entries,
    families,
    fresh,
    opened,
    ready,
)

pytestmark = pytest.mark.django_db


def file_of(who, export):
    with in_territory(who):
        password = actions.show_password(who, export)
    (_, *rows), manifest = opened(path_of(export.pk), password)
    return rows, manifest


def test_it_works(operator, coordinator, client_of):
    """Found again, a list names the export it was taken with."""
    first, second = ready(operator, coordinator), ready(operator, coordinator)
    rows, manifest = file_of(operator, first)
    mark = next(row for row in rows if row[0] == first.mark_no)
    assert mark[1] == first.mark_name
    assert (manifest["rows"], manifest["invented_rows"], len(rows)) == (3, 1, 4)
    assert first.mark_no != second.mark_no
    page = client_of(coordinator).post(
        reverse("exports:trace"), {"found": "\n".join(" ; ".join(row).upper() for row in rows)}
    )
    shown = page.content.decode()
    assert str(first.pk) in shown
    assert str(second.pk) not in shown
    assert entries("export.traced")[-1].facts["found"] == [str(first.pk)]


def test_the_digest_and_the_id_of_a_file_name_it_too(operator, coordinator, client_of):
    export = ready(operator, coordinator)
    for told in (export.rows_sha256, export.sha256, str(export.pk)):
        assert str(export.pk) in client_of(coordinator).post(
            reverse("exports:trace"), {"found": f"berkas {told}, ditemukan di pasar"}
        ).content.decode()  # fmt: skip


def test_the_registry_never_knows_the_invented_family(operator, coordinator, families):  # noqa: F811
    """So no list, no calculation and no sum can: payments are of families in the registry."""
    before = len(families)
    export = ready(operator, coordinator)
    with in_territory(EVERYWHERE):
        assert Family.objects.count() == before
        assert not Family.objects.filter(family_no=export.mark_no).exists()
    with in_territory(operator):
        assert not families_visible_to(operator, {"q": export.mark_no}).exists()


def test_lines_stay_in_order_and_whole(operator, coordinator):
    export = ready(operator, coordinator)
    rows, _ = file_of(operator, export)
    numbers = [row[0] for row in rows]
    assert numbers == sorted(numbers)
    assert export.rows == len(rows) - 1


def test_its_number_is_said_to_nobody_who_has_the_file(operator, coordinator, client_of):
    export = ready(operator, coordinator)
    page = client_of(operator).get(reverse("exports:export", args=[export.pk])).content.decode()
    assert "keluarga rekaan" in page
    assert export.mark_no not in page
    assert export.mark_name not in page


def test_it_refuses_whoever_reads_no_log_and_other_territories(operator, coordinator, cast, client_of):
    export = ready(operator, coordinator)
    told = {"found": export.mark_no}
    assert client_of(operator).post(reverse("exports:trace"), told).status_code == 403
    elsewhere = client_of(cast("DISTRICT_COORDINATOR", "6372")).post(reverse("exports:trace"), told).content.decode()
    assert str(export.pk) not in elsewhere
    assert client_of(coordinator).post(reverse("exports:trace"), {"found": ""}).status_code == 422


def test_the_mark_never_changes(operator, coordinator):
    export = ready(operator, coordinator)
    export.mark_name = "Lain"
    with in_territory(EVERYWHERE), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        export.save(update_fields=["mark_name"])
    assert fresh(export).mark_name != "Lain"
