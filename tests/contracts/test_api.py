"""Requests made up from the description of the API, right ones and wrong ones, with the keys of three people.

Schemathesis makes them, always the same ones; the world they are sent to is that of the walk over every address.
"""

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Config, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from gandeng.accounts.keys import make_key
from gandeng.documents.tests.certificates import PASSWORD, office_file
from gandeng.wsgi import application
from tests.house.address_world import FAR, OWN, SIBLING, canary

pytestmark = pytest.mark.django_db

EXAMPLES = 25
OPERATIONS = (
    "GET key", "GET cycles", "GET cycles/{cycle_id}/instructions", "POST instructions/{instruction_id}/download",
    "POST instructions/{instruction_id}/signature", "POST instructions/{instruction_id}/confirmation",
    "GET cycles/{cycle_id}/result-files", "POST cycles/{cycle_id}/result-files", "GET result-files/{file_id}",
    "GET cycles/{cycle_id}/differences",
)  # fmt: skip
KEYS = {
    "BRI": ("CHANNEL_OFFICER", "BRI", (SIBLING, FAR)),
    "POS": ("CHANNEL_OFFICER", "POS", (OWN, SIBLING, FAR)),
    "auditor": ("AUDITOR", "", (SIBLING, FAR)),
}
"""Of Kota Banjarmasin, where BRI alone was ordered to pay; each with the places it must see nothing of."""
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.response_headers_conformance, checks.ignored_auth,
    checks.unsupported_method, checks.allow_header_conformance, checks.negative_data_rejection,
    checks.missing_required_header,
]  # fmt: skip
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def world(everything_once, db, settings, tmp_path):
    settings.API_USES_PER_MINUTE = 10**6
    settings.SIGNING_CERTIFICATE, settings.SIGNING_PASSWORD = office_file(tmp_path / "office.p12"), PASSWORD
    signals = (request_started, request_finished)
    for signal in signals:  # as Django's own client: the connection is the test's and stays open
        signal.disconnect(close_old_connections)
    yield everything_once
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def schema(world):
    """Without keys made up: ours is shown, and `ignored_auth` tries none and a wrong one."""
    config = Config.from_dict({"generation": {"with-security-parameters": False}})
    return openapi.from_wsgi("/api/v1/openapi.json", application, config=config)


def operation_of(schema, label):
    method, path = label.split(" ")
    return schema[f"/api/v1/{path}"][method]


def test_it_works_and_the_list_of_operations_is_whole(schema):
    told = {f"{one.ok().method.upper()} {one.ok().path}" for one in schema.get_all_operations()}
    assert told == {label.replace(" ", " /api/v1/") for label in OPERATIONS}


@pytest.mark.parametrize("who", KEYS)
@pytest.mark.parametrize("label", OPERATIONS)
def test_no_request_breaks_it_or_shows_what_is_not_yours(world, schema, cast, label, who):
    role, channel, foreign = KEYS[who]
    _, key = make_key(cast(role, OWN, channel=channel), name="Server uji", days=30)
    operation, seen = operation_of(schema, label), set()

    def sent(case, place):
        spared = about(case, world, place)
        headers = {"Authorization": f"Bearer {key}"}
        answer = case.call_and_validate(headers=headers, checks=CHECKS, excluded_checks=spared)
        seen.add(answer.status_code)
        assert [place for place in foreign if canary(place).encode() in answer.content] == []
        assert answer.headers["cache-control"] == ["no-store, private"]
        return answer

    if who == "BRI":  # every parameter at its borders, every other method: once is enough
        for case in coverage_of(schema, operation):
            sent(case, OWN)
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in MODES))

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def made_up(data):
        place = data.draw(st.sampled_from((OWN, SIBLING, FAR, None)))
        case = data.draw(cases)
        sent(case, place)

    made_up()
    assert 401 not in seen
    assert seen & {200, 202} or who != "BRI", f"nothing but refusals: {seen}"


def coverage_of(schema, operation):
    return schema.iter_coverage_cases(
        operation,
        generation_modes=list(MODES),
        generation_config=GenerationConfig(deterministic=True, with_security_parameters=False),
    )


def about(case, world, place):
    """A request that is right in its form is about a thing that is there, of that place. Gives checks to leave out."""
    if place and case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = {name: str(world.ids[name][place]) for name in case.path_parameters}
    if place and isinstance(case.body, dict) and not case.meta.is_negative_at(ParameterLocation.BODY):
        ours = {"channel": "BRI", "region_code": place}
        case.body = case.body | {name: told for name, told in ours.items() if name in case.body}
        return [checks.negative_data_rejection]  # which takes any body that was touched for a wrong one
    return []


@pytest.mark.parametrize("who", KEYS)
@pytest.mark.parametrize("label", OPERATIONS)
def test_a_parameter_that_is_unknown_is_refused(world, schema, cast, label, who):
    role, channel, _ = KEYS[who]
    _, key = make_key(cast(role, OWN, channel=channel), name="Server uji", days=30)
    operation = operation_of(schema, label)
    case = operation.Case(
        path_parameters={one.name: str(world.ids[one.name][OWN]) for one in operation.path_parameters}
    )
    for name in ("region_code__startswith", "is_staff", "owner", "fields"):
        case.query = {name: "1"}
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        if who == "auditor" and label.startswith("POST"):
            assert answer.status_code == 403
        else:
            assert (answer.status_code, answer.json()["fields"][0]["name"]) == (422, name)
