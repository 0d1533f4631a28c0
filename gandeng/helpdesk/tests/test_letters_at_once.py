"""Two at the same moment with one code; two letters printed at once."""

from threading import Barrier, Thread

from django.db import connections

from conftest import Cast
from gandeng.accounts.acting import in_territory
from gandeng.helpdesk import public
from gandeng.helpdesk.actions import letters as deeds
from gandeng.helpdesk.actions.cases import CaseRefused
from gandeng.helpdesk.models import Letter
from gandeng.helpdesk.tests.factories import HOME, accompanied, code_for, letter_for


def at_once(deed) -> list[object]:
    """Twice in threads of their own; what each came to."""
    start, seen = Barrier(2), []

    def run():
        start.wait(20)
        try:
            seen.append(deed())
        except CaseRefused as refused:
            seen.append(refused)
        finally:
            connections.close_all()

    both = [Thread(target=run) for _each in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
    return seen


def test_of_two_at_the_same_moment_one_sees_it(own_database):
    facilitator, family = accompanied(Cast())
    number = public.letter_digest(letter_for(facilitator, family))
    code = public.code_digest(number, code_for(facilitator, family))

    def look():
        with in_territory(None):
            return deeds.ask_with(number, code)

    assert sorted(one is None for one in at_once(look)) == [False, True]


def test_of_two_papers_printed_at_once_one_is_in_force(own_database):
    facilitator, family = accompanied(Cast())

    def paper():
        with in_territory(facilitator):
            return deeds.print_letter(facilitator, family, HOME)

    papers = [one for one in at_once(paper) if isinstance(one, bytes)]
    with in_territory(facilitator):
        assert Letter.objects.count() == len(papers) >= 1
