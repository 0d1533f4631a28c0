"""Reconciliation of one payment list with what banks and post report: dispositions of rows, outcomes of payments.

The rules and their numbers are those of docs/algorithms/reconciliation.md.
"""

from collections.abc import Mapping

from gandeng.core.calculation import Calculation
from gandeng.core.matching_judgements import JUDGEMENTS, judgements
from gandeng.core.matching_outcomes import checks, outcome_steps
from gandeng.core.matching_rows import row_steps
from gandeng.core.matching_tables import (
    DETAIL_WORDS,
    DISPOSITION_ROWS,
    OUTCOME_NAMES,
    OUTCOME_ROWS,
    OUTCOMES,
    PAYMENTS,
    RESULTS,
    STAGES,
    SUMMARY_ROWS,
    StageDays,
)


def reconciliation(stages: tuple[StageDays, ...], detail_words: Mapping[str, str], *, parts: int = 1) -> Calculation:
    """Disposition of every result row and outcome of every payment.

    Reads   payments      the instructed list, payment_no unique and payment_id unique
            results       every row of every result file, (source, row) unique, result_no in that order
            stages        a row for every stage on the list
            detail_words  a sentence for every code of DETAILS and every damage that occurs
            `parts` > 1 joins that many shares one after the other, for a machine with little memory
    Gives   dispositions, outcomes, summary
    Fails   where an identity of the contract breaks; nothing may be published then
    Source  docs/algorithms/reconciliation.md
    """
    return Calculation(
        name="reconciliation",
        reads=(PAYMENTS, RESULTS, STAGES, DETAIL_WORDS, JUDGEMENTS, OUTCOME_NAMES),
        steps=(*row_steps(len(stages), parts), *outcome_steps()),
        checks=checks(),
        gives=(DISPOSITION_ROWS, OUTCOME_ROWS, SUMMARY_ROWS),
        parameters={
            "stages": tuple((days.stage, days.starts_on, days.late_after) for days in stages),
            "detail_words": tuple(detail_words.items()),
            "judgements": judgements(),
            "outcome_names": tuple(enumerate(OUTCOMES)),
        },
    )
