import string
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gandeng.cli import policy
from gandeng.policy import load_figures
from gandeng.policy.tests.copies import folder, rewrite
from gandeng.words import sentences

__all__ = ["folder"]
RUN = CliRunner()


def test_it_works() -> None:
    result = RUN.invoke(policy.app, ["show", "--on", "2024-05-01", "--figure", "benefit/rights_victim"])
    assert result.exit_code == 0
    assert "Rp10.800.000 setahun" in result.stdout
    assert "W24" in result.stdout


def test_unsourced_figures_are_marked() -> None:
    result = RUN.invoke(policy.app, ["show", "--year", "2023", "--figure", "benefit/elderly"])
    assert "TANPA SUMBER" in result.stdout


def test_a_figure_that_says_otherwise_is_told_of_the_years_it_stands() -> None:
    told = {year: RUN.invoke(policy.app, ["show", "--year", year]).stdout for year in ("2017", "2020", "2023")}
    assert [year for year, words in told.items() if "covid_2020/elderly" in words] == ["2020"]


def test_a_day_before_all_figures_is_refused_in_words() -> None:
    result = RUN.invoke(policy.app, ["show", "--on", "2001-01-01"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Tidak ada angka yang berlaku" in result.stderr


def test_the_screen_speaks_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["show", "--on", "2018-02-01", "--figure", "component/order"]
    indonesian = RUN.invoke(policy.app, arguments).stdout
    monkeypatch.setenv("GANDENG_LANG", "en")
    english = RUN.invoke(policy.app, arguments).stdout
    assert "Ibu hamil atau nifas" in indonesian
    assert "Komponen yang ada" in indonesian
    assert "Urutannya" in indonesian
    assert "PREGNANCY" not in indonesian + english
    assert "Pregnancy or childbed" in english
    assert "The components there are" in english
    assert "The regulation says 60, many reports of practice say 70" in RUN.invoke(policy.app, ["check"]).stdout


def test_every_code_of_a_figure_has_words() -> None:
    for figure in load_figures().by_name.values():
        for entry in figure.values.values():
            codes = entry.value if isinstance(entry.value, tuple) else (entry.value,)
            assert all(policy.code_in_words(code) != code for code in codes if isinstance(code, str))
    assert policy.code_in_words("NEW_CODE") == "NEW_CODE"


@pytest.mark.parametrize("year", range(2017, 2027))
def test_every_year_can_be_shown(year: int) -> None:
    result = RUN.invoke(policy.app, ["show", "--year", str(year)])
    assert result.exit_code == 0
    assert "limit/members_max" in result.stdout


def test_one_figure_is_shown_over_time() -> None:
    result = RUN.invoke(policy.app, ["show", "--figure", "benefit/fixed_part"])
    assert "Rp550.000 setahun" in result.stdout
    assert "tidak berlaku lagi" in result.stdout


def test_the_check_lists_what_is_unsourced_and_what_conflicts() -> None:
    result = RUN.invoke(policy.app, ["check"])
    assert result.exit_code == 0
    assert "component/elderly_age_min, sejak 2023-01-01" in result.stdout
    assert "evidence/elderly_age_in_regulation" in result.stdout


def test_it_refuses_a_broken_policy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(folder, "benefit/elderly", '"W26"', '"W999"')
    rewrite(folder, "limit/members_max", "value: 4", "value: four")
    monkeypatch.setattr(policy, "load_figures", lambda: load_figures(folder))
    result = RUN.invoke(policy.app, ["check"])
    assert result.exit_code == 1
    assert "W999" in result.stderr
    assert "limit/members_max" in result.stderr
    assert "Isian seluruh berkas tidak sah (nilainya tidak sesuai dengan unit)" in result.stderr
    assert result.stdout == ""


def test_it_refuses_a_policy_with_a_gap(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite(folder, "limit/members_max", "2017-01-01", "2018-01-01")
    monkeypatch.setattr(policy, "load_figures", lambda: load_figures(folder))
    result = RUN.invoke(policy.app, ["check"])
    assert result.exit_code == 1
    assert "2017-1" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["--figure", "benefit/sma"], ["--on", "yesterday"], ["--on", "2024-01-01", "--year", "2024"], ["--year", "1"]],
)
def test_it_refuses_what_it_cannot_read(arguments: list[str]) -> None:
    result = RUN.invoke(policy.app, ["show", *arguments])
    assert result.exit_code == 2
    assert result.stdout == ""


def test_both_languages_say_the_same_things() -> None:
    indonesian, english = sentences("id", "policy"), sentences("en", "policy")
    assert list(indonesian) == list(english)
    for code, sentence in indonesian.items():
        assert braces(sentence) == braces(english[code]), code


def braces(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
