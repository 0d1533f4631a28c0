from datetime import date
from pathlib import Path

import pytest

from gandeng.policy.figures import Figure, PolicyBroken, load_figures
from gandeng.policy.sources import Grade
from gandeng.policy.tests.copies import folder, rewrite

__all__ = ["folder"]

NAMES = sorted(load_figures().by_name)


def faults(folder: Path) -> list[tuple[str, str | None]]:
    with pytest.raises(PolicyBroken) as refused:
        load_figures(folder)
    return [(fault.code, fault.column) for fault in refused.value.faults]


def test_it_works() -> None:
    figures = load_figures()
    rate = figures.on("benefit/primary_school", date(2024, 4, 1))
    assert rate is not None
    assert (rate.value, rate.grade, rate.since) == (900_000, Grade.PORTAL, date(2024, 1, 1))
    assert figures.on("benefit/rights_victim", date(2024, 4, 30)) is None
    assert figures.on("benefit/fixed_part", date(2020, 1, 1)) is None


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_says_where_it_comes_from(name: str) -> None:
    figure: Figure = load_figures().by_name[name]
    for entry in figure.values.values():
        assert (entry.grade is Grade.UNSOURCED) == (entry.source == "unsourced")
        assert entry.note or entry.source != "unsourced"


def test_conflicts_are_exposed() -> None:
    pairs = {(name, conflict.with_) for name, conflict in load_figures().conflicts()}
    assert ("component/elderly_age_min", "evidence/elderly_age_in_regulation") in pairs
    assert ("benefit/pregnancy", "covid_2020/pregnancy") in pairs


def test_it_refuses_a_value_without_a_source(folder: Path) -> None:
    rewrite(folder, "benefit/elderly", ', source: "W26", grade: C', "")
    assert set(faults(folder)) == {("policy.invalid", "benefit/elderly")}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"W26"', '"W999"', "policy.unknown_source"),
        ("grade: C", "grade: A", "policy.grade_of_no_source"),
        ("value: 2400000", "value: 2400000.0", "policy.invalid"),
        ("value: 2400000", "value: -1", "policy.invalid"),
        ("value: 2400000", "value: true", "policy.invalid"),
        ("value: 2400000", "value: much", "policy.invalid"),
        ("unit: rupiah", "unit: dollars", "policy.invalid"),
        ('\n  en: "Rate of an elderly member"', "", "policy.invalid"),
        ('en: "Rate of an elderly member"', 'en: " "', "policy.invalid"),
        ('en: "Rate of an elderly member"', 'en: "Rate"\n  fr: "Taux"', "policy.invalid"),
        ('    note:\n      id: "Pers', '    note: "Only one language"\n    also:\n      id: "Pers', "policy.invalid"),
        ("unit: rupiah", "unit: rupiah\ncolour: red", "policy.invalid"),
        ("2021-01-01", "2018-01-01", "policy.invalid"),
        ("2021-01-01", "2019-01-01", "policy.unreadable"),
        ("values:", "values: [", "policy.unreadable"),
        ("covid_2020/elderly", "covid_2020/nobody", "policy.conflict_with_nothing"),
    ],
)
def test_it_refuses_a_figure_that_is_not_well_formed(folder: Path, old: str, new: str, code: str) -> None:
    rewrite(folder, "benefit/elderly", old, new)
    assert set(faults(folder)) == {(code, "benefit/elderly")}


def test_it_refuses_an_unsourced_value_that_does_not_explain_itself(folder: Path) -> None:
    rewrite(folder, "benefit/elderly", 'source: "W26", grade: C', 'source: "unsourced", grade: U')
    assert faults(folder) == [("policy.invalid", "benefit/elderly")]


def test_it_refuses_a_source_without_a_name(folder: Path) -> None:
    rewrite(folder, "sources", '  title: "Pedoman Pelaksanaan PKH 2016"\n', "")
    assert ("policy.invalid", "sources") in faults(folder)


def test_what_is_said_follows_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = load_figures()
    figure, source = figures.by_name["benefit/elderly"], figures.sources["W2"]
    assert figure.description.said() == "Indeks bantuan anggota lanjut usia"
    assert source.said() == "5.0 Penyaluran Bantuan Sosial PKH (materi pelatihan 2018)"
    assert figures.sources["N1"].said() == "Besaran per tahap, tanpa tanggal, bergaya 2024"
    monkeypatch.setenv("GANDENG_LANG", "en")
    assert figure.description.said() == "Rate of an elderly member"
    assert source.said() == "5.0 Penyaluran Bantuan Sosial PKH (training slides 2018)"
    assert figure.description.said("id") == "Indeks bantuan anggota lanjut usia"


def test_it_names_every_fault_at_once(folder: Path) -> None:
    rewrite(folder, "benefit/elderly", '"W26"', '"W999"')
    rewrite(folder, "limit/members_max", "value: 4", "value: four")
    (folder / "sources.yaml").write_text("W1: {}\n")
    found = faults(folder)
    assert ("policy.invalid", "sources") in found
    assert {"limit/members_max", "benefit/elderly"} <= {column for _, column in found}
