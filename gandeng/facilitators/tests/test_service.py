"""Terms, posts and leave: one at a time on any day, whatever is recorded in whatever order."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gandeng.accounts.acting import in_territory
from gandeng.facilitators.actions import leaving, service
from gandeng.facilitators.actions.caseload import assign_unaccompanied
from gandeng.facilitators.actions.staff import StaffRefused, Terms
from gandeng.facilitators.head_count import head_count
from gandeng.facilitators.models import Employment, Leave, Post, Staff
from gandeng.facilitators.tests.factories import JOINED, make_staff
from gandeng.registry.tests.factories import make_family

pytestmark = pytest.mark.django_db
SWORN_IN = date(2025, 10, 3)
WHY = "Uji"


def days_of(rows):
    return sorted((row.valid_from, row.valid_until) for row in rows if row.valid_from != row.valid_until)


def test_it_works(operator):
    siti = make_staff()
    with in_territory(operator):
        made = service.employ(operator, siti, Terms("PPPK", SWORN_IN, "D3", "NIP 1"))
        assert made.job_title == "PENGELOLA"
        assert days_of(siti.employments.all()) == [(JOINED, SWORN_IN), (SWORN_IN, None)]
        lead = service.give_post(operator, siti, "SUB_DISTRICT_LEAD", "637101", SWORN_IN)
        service.end_post(operator, lead, day=date(2026, 1, 1), reason=WHY)
        leave = service.go_on_leave(operator, siti, "ANNUAL", since=date(2026, 2, 1), until=date(2026, 2, 10))
        service.come_back(operator, leave, day=date(2026, 2, 8))
        assert days_of(siti.leaves.all()) == [(date(2026, 2, 1), date(2026, 2, 8))]
        assert days_of(siti.posts.filter(role="SUB_DISTRICT_LEAD")) == [(SWORN_IN, date(2026, 1, 1))]
        assert Staff.objects.get(pk=siti.pk).education == "D3"


def test_what_was_entered_wrongly_never_counted_and_what_it_ended_goes_on(operator):
    siti = make_staff()
    with in_territory(operator):
        wrong = service.employ(operator, siti, Terms("PPPK", SWORN_IN, "S1"))
        service.take_back(operator, wrong, reason=WHY)
        assert days_of(siti.employments.all()) == [(JOINED, None)]
        with pytest.raises(StaffRefused, match="sudah dibatalkan"):
            service.take_back(operator, wrong, reason=WHY)


@pytest.mark.parametrize(
    ("act", "words", "field"),
    [
        (lambda o, s: service.employ(o, s, Terms("CONTRACT", date(2020, 1, 1))), "baru bergabung", "since"),
        (lambda o, s: service.employ(o, s, Terms("PPPK", SWORN_IN)), "pendidikan", "education"),
        (lambda o, s: service.employ(o, s, Terms("CONTRACT", SWORN_IN, until=SWORN_IN)), "sesudah hari", "until"),
        (lambda o, s: service.give_post(o, s, "FACILITATOR", "6371", SWORN_IN), "sudah dipegangnya", "role"),
        (lambda o, s: service.give_post(o, s, "SUPERVISOR", "6372", SWORN_IN), "catat mutasi", "place"),
        (
            lambda o, s: service.end_post(o, s.posts.get(), day=date(2023, 1, 1), reason=WHY),
            "Pilih hari itu atau sesudahnya", "day",
        ),
        (
            lambda o, s: service.go_on_leave(o, s, "LONG", since=SWORN_IN, until=SWORN_IN),
            "sesudah hari mulai", "until",
        ),
    ],
)  # fmt: skip
def test_it_refuses_in_words_beside_the_field(operator, act, words, field):
    siti = make_staff()
    with in_territory(operator):
        with pytest.raises(StaffRefused, match=words) as why:
            act(operator, siti)
        assert why.value.field == field


def test_it_refuses_terms_before_later_ones_and_leave_upon_leave(operator):
    siti = make_staff()
    with in_territory(operator):
        service.employ(operator, siti, Terms("CONTRACT", date(2026, 6, 1)))
        with pytest.raises(StaffRefused, match="Batalkan dahulu"):
            service.employ(operator, siti, Terms("CONTRACT", date(2026, 3, 1)))
        service.go_on_leave(operator, siti, "LONG", since=date(2026, 2, 1), until=date(2026, 3, 1))
        with pytest.raises(StaffRefused, match="sudah cuti"):
            service.go_on_leave(operator, siti, "LONG", since=date(2026, 2, 27), until=date(2026, 4, 1))


def test_a_facilitator_with_families_keeps_her_post(operator, cast):
    make_family("6371011001")
    siti, coordinator = make_staff(), cast("DISTRICT_COORDINATOR", "6371")
    with in_territory(coordinator):
        assign_unaccompanied(coordinator, "6371011001", siti, day=timezone.localdate(), reason=WHY)
    with in_territory(operator):
        for act in (
            lambda post: service.end_post(operator, post, day=timezone.localdate() + timedelta(9), reason=WHY),
            lambda post: service.take_back(operator, post, reason=WHY),
        ):
            with pytest.raises(StaffRefused, match="masih mendampingi 1 keluarga"):
                act(siti.posts.get())


def test_it_refuses_the_next_district(stranger):
    siti = make_staff()
    with in_territory(stranger), pytest.raises(Exception, match="keep_staff"):
        service.employ(stranger, siti, Terms("CONTRACT", SWORN_IN))


START = date(2026, 1, 1)
days = st.integers(0, 12).map(lambda n: START + timedelta(n))
acts_of_somebody = st.lists(
    st.one_of(
        st.tuples(st.just("employ"), days, st.sampled_from(["CONTRACT", "PPPK"])),
        st.tuples(st.just("post"), days, st.sampled_from(["FACILITATOR", "SUPERVISOR"])),
        st.tuples(st.just("end"), days, st.integers(0, 3)),
        st.tuples(st.just("leave"), days, st.integers(1, 4)),
        st.tuples(st.just("back"), st.sampled_from(["Employment", "Post", "Leave"]), st.integers(0, 3)),
        st.tuples(st.just("leaves"), days, st.just("RESIGNED")),
        st.tuples(st.just("returns"), days, st.just("")),
    ),
    max_size=10,
)


def do(acting, staff, act):
    """One act, or its refusal; anything else fails the test."""
    staff = Staff.objects.select_related("person").get(pk=staff.pk)
    kind, first, second = act
    models = {"Employment": Employment, "Post": Post, "Leave": Leave}
    if kind == "employ":
        service.employ(acting, staff, Terms(second, first, "S1"))
    elif kind == "post":
        service.give_post(acting, staff, second, "6371", first)
    elif kind == "leave":
        service.go_on_leave(acting, staff, "LONG", since=first, until=first + timedelta(second))
    elif kind == "leaves":
        leaving.end_service(acting, staff, day=first, because=second, reason=WHY)
    elif kind == "returns":
        leaving.undo_end(acting, staff, reason=WHY)
    elif kind == "end" and (posts := list(staff.posts.order_by("valid_from", "pk"))):
        service.end_post(acting, posts[second % len(posts)], day=first, reason=WHY)
    elif kind == "back" and (rows := list(models[first].objects.filter(staff=staff).order_by("valid_from", "pk"))):
        service.take_back(acting, rows[second % len(rows)], reason=WHY)


def on(rows, day):
    return [row for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(acts_of_somebody, min_size=1, max_size=2))
def test_in_any_order_never_two_at_once_and_the_head_count_is_the_naive_one(operator, told):
    with transaction.atomic(), in_territory(operator):
        people = [make_staff(joined=START + timedelta(n)) for n in range(len(told))]
        for staff, acts in zip(people, told, strict=True):
            for act in acts:
                try:
                    with transaction.atomic():
                        do(operator, staff, act)
                except StaffRefused:
                    pass
        people = list(Staff.objects.all())
        posts, terms, leaves = list(Post.objects.all()), list(Employment.objects.all()), list(Leave.objects.all())
        for n in range(-1, 15):
            day = START + timedelta(n)
            here = {one.pk for one in people if one.joined_on <= day and (one.left_on is None or day < one.left_on)}
            for one in people:
                assert len(on([row for row in terms if row.staff_id == one.pk], day)) <= 1
                assert len(on([row for row in leaves if row.staff_id == one.pk], day)) <= 1
                roles = [row.role for row in on(posts, day) if row.staff_id == one.pk]
                assert len(roles) == len(set(roles))
                assert one.pk in here or not roles, "whoever left has no post"
            count = head_count(operator, "", day)
            assert count.working == len(here) == sum(row.working for row in count.intake)
            assert count.away == len({row.staff_id for row in on(leaves, day)} & here)
            assert dict(count.roles) == {
                role: len([1 for row in on(posts, day) if row.role == role and row.staff_id in here])
                for role in {row.role for row in on(posts, day) if row.staff_id in here}
            }
            assert sum(number for *_, number in count.terms) == len({row.staff_id for row in on(terms, day)} & here)
        transaction.set_rollback(True)
