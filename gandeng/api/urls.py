"""Addresses under /api/v1/, each with the rule of its operations; what is no address asks for a key as well."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt
from ninja.operation import Operation, PathView

from gandeng.accounts.key_requests import not_allowed
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import Rule, by_key, public
from gandeng.api.operations import api
from gandeng.api.problems import invalid, not_there, too_large, wrong_method

app_name = "api"

PREFIX = "/api/v1/"
_BESIDE_THE_FILE = 64 * 1024
_NAME_SHOWN = 40


@public
@csrf_exempt
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API, for everybody: it says what the code says and holds nothing of an office."""
    if request.method != "GET":
        return wrong_method("GET")
    return JsonResponse(_description())


@cache
def _description() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix=PREFIX))


@by_key(May.USE_KEY)
@csrf_exempt
def nothing(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """404."""
    return not_there()


def _served(operations: dict[str, Operation]) -> Callable[..., HttpResponseBase]:
    """The view of one address: its methods, the right each needs, and nothing asked that nobody knows."""

    def view(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        operation = operations.get(request.method or "")
        if operation is None:
            return wrong_method(", ".join(sorted(operations)))
        if not any(acting(request).may(may) for may in _rule(operation).may or ()):
            return not_allowed(request)
        try:
            return _refused(request, operation) or operation.run(request, **arguments)
        except Exception as error:  # noqa: BLE001 (a body that cannot be read; each kind has its answer)
            return api.on_exception(request, error)

    rights = {may for operation in operations.values() for may in _rule(operation).may or ()}
    by_key(*sorted(rights))(view)
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def _rule(operation: Operation) -> Rule:
    rule: Rule = operation.view_func.rule  # type: ignore[attr-defined]
    return rule


def _refused(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    """A body beyond the limit, before it is read; a parameter or field that is unknown or told twice."""
    if _announced(request) > settings.UPLOAD_BYTES_MAX + _BESIDE_THE_FILE:
        return too_large(settings.UPLOAD_BYTES_MAX)
    told: dict[str, MultiValueDict[str, Any]] = {"query": request.GET}
    if request.method == "POST":
        told |= {"form": request.POST, "file": request.FILES}
        if any((file.size or 0) > settings.UPLOAD_BYTES_MAX for _, files in request.FILES.lists() for file in files):
            return too_large(settings.UPLOAD_BYTES_MAX)
    faults = [fault for source, values in told.items() for fault in _faults(values, _names(operation, source))]
    return invalid(faults) if faults else None


def _announced(request: HttpRequest) -> int:
    """How long the body is to be; a length that is none says nothing."""
    length = str(request.META.get("CONTENT_LENGTH", ""))
    return int(length) if length.isascii() and length.isdigit() else 0


def _faults(told: MultiValueDict[str, Any], known: set[str]) -> Iterator[tuple[str, str]]:
    for name, values in told.lists():
        if name not in known:
            yield name[:_NAME_SHOWN], "Nama ini tidak dikenal di alamat ini."
        elif len(values) > 1:
            yield name, "Nama ini ditulis lebih dari sekali."


def _names(operation: Operation, source: str) -> set[str]:
    """Names an operation knows of a source: `query`, `form`, `file`."""
    models = [model for model in operation.models if model.__ninja_param_source__ == source]
    return {name for model in models for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}


def _paths() -> Iterator[URLPattern]:
    for router in api._get_bound_routers():  # its own way of making addresses knows no rules
        for route, found in router.path_operations.items():
            address = route.replace("{uuidstr:", "<uuid:").replace("}", ">")
            yield path(address, _served(_by_method(found)), name=_name(found))


def _by_method(found: PathView) -> dict[str, Operation]:
    return {method: operation for operation in found.operations for method in operation.methods}


def _name(found: PathView) -> str:
    return str(found.operations[0].operation_id)


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    *_paths(),
    re_path("", nothing, name="nothing"),
]
