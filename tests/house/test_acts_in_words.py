"""Every act the log keeps stands on its page in words, in both languages, and no words are of an act there is not."""

import ast
import re

import pytest

from gandeng.audit.facts import told
from gandeng.commitments.models import Step as CommitmentStep
from gandeng.conduct.models import Step as ConductStep
from gandeng.graduation.models import Step as GraduationStep
from gandeng.helpdesk.models import CaseEvent
from gandeng.reconciliation.actions.exceptions import Act
from gandeng.signs.models import Step as SignStep
from gandeng.training.models import ProblemStep
from gandeng.words import LANGUAGES, sentences
from tests.house.source import modules

RECORDS = {
    "record",
    "LogLine",
    "record_first_today",
    "note",
    "_note",
    "_tell",
    "_record",
    "_noted",
    "_told",
    "_log",
    "write",
}
"""What writes an entry, or hands an act on to what does."""
ACT = re.compile(r"[a-z_]+\.[a-z_]+")


def kinds_of(model, field="kind"):
    return [kind for kind, _words in model._meta.get_field(field).flatchoices]


OF_KINDS = {
    "commitment": kinds_of(CommitmentStep), "conduct": kinds_of(ConductStep), "exception": [*Act],
    "graduation": kinds_of(GraduationStep), "helpdesk": kinds_of(CaseEvent, "what"), "problem": kinds_of(ProblemStep),
    "signs": kinds_of(SignStep),
}  # fmt: skip
"""Acts whose code is made of a kind: `helpdesk.answered`."""
BESIDE = {"identifier.revealed.nik", "identifier.revealed.kk", "identifier.revealed.account"}
"""Of one act, by what was revealed: a family's report says which."""


def name_of(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def recorded():
    """Codes that stand in a call that writes an entry; readers of files note what they saw, not what somebody did."""
    found = set()
    for module in (module for path, module in modules().items() if "files" not in path.parts):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name_of(node) in RECORDS:
                either = (
                    part for arg in node.args for part in (getattr(arg, "body", arg), getattr(arg, "orelse", arg))
                )
                told = {one.value for one in either if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                found |= {one for one in told if ACT.fullmatch(one)}
    return found


def texts(*nodes):
    walked = (one for node in nodes for one in ast.walk(node) if isinstance(one, ast.Constant))
    return {one.value for one in walked if isinstance(one.value, str)}


def made_of_kinds():
    return {f"{prefix}.{kind.lower()}" for prefix, kinds in OF_KINDS.items() for kind in kinds}


def test_every_act_has_its_words():
    known = recorded()
    assert len(known) > 100, "the calls are found"
    for language in LANGUAGES:
        assert not (known | made_of_kinds()) - sentences(language, "acts").keys()


def test_no_words_are_of_an_act_nobody_does():
    said = texts(*modules().values())
    assert not sentences("id", "acts").keys() - made_of_kinds() - BESIDE - said


NO_FACTS = {"object_type", "object_id", "region", "authority", "reason"}
"""What each entry has a column for."""


def test_every_fact_has_its_name_in_words():
    names = set()
    for module in modules().values():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name_of(node) in {"record", "record_first_today"}:
                names |= {each.arg for each in node.keywords if each.arg}
            if isinstance(node, ast.Call) and name_of(node) == "LogLine":
                (facts,) = [each.value for each in node.keywords if each.arg == "facts"]
                names |= texts(*facts.keys)
    assert len(names) > 50, "the calls are found"
    for language in LANGUAGES:
        assert not names - NO_FACTS - sentences(language, "acts_facts").keys()


@pytest.mark.parametrize("prefix", OF_KINDS)
def test_acts_made_of_a_kind_are_made_in_code(prefix):
    assert f"{prefix}." in texts(*modules().values())


@pytest.mark.parametrize(("about", "name", "value", "said"), [
    ("Cycle", "cycle", "2024-2", "tahap 2 tahun 2024"), ("Draw", "stage", "2024-2", "tahap 2 tahun 2024"),
    ("Sheet", "quarter", "2026-3", "Triwulan 3 tahun 2026"),
    ("Sign", "kind", "TRAVEL", "Jarak yang tidak mungkin ditempuh"),
    ("Entry", "kind", "field.visit", "Kunjungan rumah"), ("Target", "whose", "PENATA", "Penata Layanan Operasional"),
    ("Skill", "for_roles", ["FACILITATOR", "SUB_DISTRICT_LEAD"], "Pendamping sosial, Ketua tim kecamatan"),
])  # fmt: skip
def test_a_code_that_no_field_words_is_said_as_people_say_it(about, name, value, said):
    """Whatever is no such code stays."""
    assert told(name, value, about).text == said
    assert told("cycle", "11111111-1111", "Cycle").text == "11111111-1111"
