"""What an office is run from says what there is: commands, options, paths, users and settings, without a container."""

import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from gandeng.cli.main import app
from gandeng.office import database
from tests.house.source import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
DIRECTIVES = {
    "Unit": {"Description", "Wants", "After"},
    "Service": {
        "Type", "User", "EnvironmentFile", "ExecStartPre", "ExecStart", "Restart", "RestartSec", "NoNewPrivileges",
        "ProtectSystem", "ProtectHome", "PrivateTmp", "ReadWritePaths",
    },
    "Timer": {"OnCalendar", "Persistent"},
    "Install": {"WantedBy"},
}  # fmt: skip
"""Of systemd.unit(5), .service(5), .exec(5), .timer(5): those there are here. A slip is only logged there."""
NOT_FOR_OFFICES = {
    "GANDENG_DEMO": "opens every door",
    "GANDENG_DEBUG": "errors show data",
    "GANDENG_AS_OWNER": "set by the commands that need it",
    "GANDENG_SIGNING_PASSWORD": "a file of its own is told instead",
    "GANDENG_EMAIL_BACKEND": "of the tests and the try-out",
}


def unit(path: Path) -> ConfigParser:
    """As systemd reads it: names with their capitals."""
    found = ConfigParser(interpolation=None, strict=False)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(path.read_text(encoding="utf-8"))
    return found


def parsed(command: str) -> dict[str, Any]:
    """What the command line makes of it, without doing it. Raises a usage error for what it does not know."""
    words = shlex.split(command)
    assert Path(words[0]).name == "gandeng", command
    group: Any = typer.main.get_command(app)
    with group.make_context("gandeng", words[1:], resilient_parsing=False) as context:
        name, chosen, rest = group.resolve_command(context, words[1:])
        told: dict[str, Any] = chosen.make_context(name, rest, parent=context).params
    return told


def office() -> dict[str, str]:
    lines = (DEPLOY / "office.env").read_text(encoding="utf-8").splitlines()
    pairs = [line.lstrip("# ") for line in lines if re.match(r"(# )?[A-Z_]+=", line)]
    return dict(pair.split("=", 1) for pair in pairs)


def home() -> str:
    """Of the user of site and worker. What the system puts there is not the office's: its files have a folder in it."""
    return str(Path(office()["GANDENG_DATA"]).parent)


def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def container() -> Iterator[tuple[str, str]]:
    """Instruction and what it says, lines joined."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    yield from (tuple(line.split(None, 1)) for line in lines)  # type: ignore[misc]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_says_what_systemd_and_the_command_know(path: Path) -> None:
    told = unit(path)
    assert {f"{name} {each}" for name in told.sections() for each in set(told[name]) - DIRECTIVES[name]} == set()
    if path.suffix == ".timer":
        assert path.with_suffix(".service") in UNITS
        return
    service = told["Service"]
    if service.get("Type") != "oneshot":
        assert service["Restart"] == "always", "a worker that loses the database ends with 0"
    if "ExecStartPre" in service:
        parsed(service["ExecStartPre"].removeprefix("-"))
    known = parsed(service["ExecStart"])
    installed = next(what for instruction, what in container() if instruction == "WORKDIR")
    assert service["ExecStart"].startswith(f"{installed}/.venv/bin/gandeng ")
    user = re.compile(rf"useradd --system (--uid \d+ )?--create-home --home-dir {home()} {service['User']}\b")
    assert any(user.search(what) for _, what in container())
    assert user.search((ROOT / "docs" / "operations.md").read_text(encoding="utf-8"))
    assert service["EnvironmentFile"] == "/etc/gandeng/office.env"
    written = str(known["out"]) if "out" in known else home()
    assert service["ReadWritePaths"] == written, "the only place it may write, where the rest is shut"


def test_a_wrong_option_is_found() -> None:
    with pytest.raises(Exception, match=r"(?i)no such option|tidak"):
        parsed("gandeng serve --threads 2")
    with pytest.raises(Exception, match=r"(?i)no such command|tidak"):
        parsed("gandeng server")


def test_the_folder_of_the_files_is_made_empty() -> None:
    """A backup comes back into an empty folder alone, and a new home is none: it has the shell's files in it."""
    made = f"install --directory --owner gandeng --mode 700 {office()['GANDENG_DATA']}"
    assert any(what.endswith(made) for _, what in container())


def test_the_image_copies_what_is_there_and_runs_a_command() -> None:
    made = ""
    for instruction, what in container():
        if instruction == "COPY":
            *sources, _ = what.split()
            assert [one for one in sources if not (ROOT / one).exists()] == []
        elif instruction == "RUN":
            made += what
            locks = re.findall(r"-r (\S+)", what)
            assert [one for one in locks if not (ROOT / one).is_file()] == []
        elif instruction == "USER":
            assert re.search(rf"useradd .*\b{what}\b", made), "before it is used"
        elif instruction == "CMD":
            assert parsed(shlex.join(yaml.safe_load(what)))["host"] == "0.0.0.0"  # noqa: S104 (inside the image)
        else:
            assert instruction in ("FROM", "WORKDIR", "ENV", "VOLUME", "EXPOSE"), instruction


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_what_the_image_installs_in_one_step_agrees() -> None:
    steps = [re.findall(r"-r (\S+)", step) for name, what in container() if name == "RUN" for step in what.split("&&")]
    assert {lock for step in steps for lock in step} == {"requirements/build.lock", "requirements/run.lock"}
    for step in steps:
        wanted = [pair for lock in step for pair in pinned(lock).items()]
        assert len(dict(wanted)) == len(set(wanted)), f"pip refuses two releases of one package: {step}"


def test_the_image_finds_what_it_copies_and_nothing_private() -> None:
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("*\n", 1)[1].splitlines()
    copied = {one for name, what in container() if name == "COPY" for one in what.split()[:-1]}
    assert {line.removeprefix("!") for line in let_in if line.startswith("!")} == copied


def test_the_image_builds_the_package_from_what_it_copies(tmp_path: Path) -> None:
    for name, what in container():
        for one in what.split()[:-1] if name == "COPY" else ():
            if (ROOT / one).is_dir():
                shutil.copytree(ROOT / one, tmp_path / one, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / one, tmp_path)
    build = "from flit_core.buildapi import build_wheel; print(build_wheel('.'))"
    told = subprocess.run([sys.executable, "-c", build], cwd=tmp_path, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(tmp_path / told.stdout.strip()) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("gandeng/")}
    tracked = {str(path.relative_to(tmp_path)) for path in (tmp_path / "gandeng").rglob("*") if path.is_file()}
    assert packed == tracked, "a template, a policy or a table that is left out is missed on the first day only there"


def test_the_services_name_one_another_and_what_is_there() -> None:
    told = composed()
    services = told["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy", "podman starts nothing that needs a container that has ended"
            assert "healthcheck" in services[other], name
        if "command" in service:
            parsed(shlex.join(service.get("entrypoint", ())) + " " + service["command"])
        assert ("build" in service) == (name == "gandeng"), "made once, for all that run its image"
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
        volumes = [one.split(":")[0] for one in service.get("volumes", ())]
        assert {one for one in volumes if not one.startswith("./")} <= set(told["volumes"])
        assert set(service.get("secrets", ())) <= set(told["secrets"])
    keys = Path(office()["GANDENG_KEY_FILE"]).parent
    for name in ("web", "worker"):
        assert f"./secrets/keys:{keys}:ro" in services[name]["volumes"]
    for name in ("web", "worker", "gandeng"):
        assert f"office:{home()}" in services[name]["volumes"]


def test_by_hand_keys_are_changed_and_backups_kept() -> None:
    """`podman compose run --rm gandeng keys rotate`: the keys may be written there, and there alone."""
    backups = parsed(unit(DEPLOY / "gandeng-backup.service")["Service"]["ExecStart"])["out"]
    by_hand = composed()["services"]["gandeng"]
    assert by_hand["entrypoint"] == ["gandeng"]
    assert f"./secrets/keys:{Path(office()['GANDENG_KEY_FILE']).parent}" in by_hand["volumes"]
    assert f"./backups:{backups}" in by_hand["volumes"]


def test_what_is_private_lies_where_git_does_not_look() -> None:
    told = composed()
    private = [secret["file"] for secret in told["secrets"].values()]
    for service in told["services"].values():
        private += [service["env_file"]] if "env_file" in service else []
        private += [one.split(":")[0] for one in service.get("volumes", ()) if one.startswith("./")]
    left_out = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for one in private:
        assert f"/deploy/{Path(one).parts[0]}/" in left_out, one


def test_the_settings_of_an_office_are_those_the_program_reads() -> None:
    code = (ROOT / "gandeng" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:GANDENG_|DATABASE_)[A-Z_]+)"', code))
    assert set(office()) - read == set(), "nobody reads it"
    assert read - set(office()) - set(NOT_FOR_OFFICES) == set(), "nobody is told of it"
    assert set(NOT_FOR_OFFICES) <= read


def test_the_roles_are_those_that_migrations_and_addresses_name() -> None:
    made = re.findall(r"create role (\w+)", (DEPLOY / "database-roles.sql").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(made) == {database.OWNER, database.APP}
    assert office()["DATABASE_URL"].startswith(f"postgres://{database.APP}:")
    assert office()["DATABASE_OWNER_URL"].startswith(f"postgres://{database.OWNER}:")


def test_the_page_of_the_folder_names_every_file() -> None:
    page = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DEPLOY.iterdir() if path.name != "README.md" and f"`{path.name}`" not in page] == []
