"""A question is planned once for a connection."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from gandeng.web.planned import Question, answer

pytestmark = pytest.mark.django_db


def doubled(factor=2):
    return Question("doubled", "select $1 * %s, $2", (factor,), ("int", "text"))


def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def test_it_works(django_assert_num_queries):
    question = doubled()
    assert answer(question, [1, "a"]) == (2, "a")
    for number in range(10):
        with django_assert_num_queries(1):
            assert answer(question, [number, "b"]) == (number * 2, "b")
    told = "select generic_plans, custom_plans from pg_prepared_statements where name = 'doubled'"
    assert asked(told) == (11, 0), "one plan for all"
    assert asked("show plan_cache_mode") == ("auto",), "for this question alone"


def test_another_question_takes_the_place_of_the_name():
    assert answer(doubled(), [1, "a"]) == (2, "a")
    assert answer(doubled(3), [1, "a"]) == (3, "a")


def test_another_connection_plans_its_own():
    question = doubled()
    assert answer(question, [1, "a"]) == (2, "a")

    def elsewhere():
        try:
            return answer(question, [2, "b"]), asked("show plan_cache_mode")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(elsewhere).result()
    assert told == ((4, "b"), ("auto",)), "also outside a transaction"
