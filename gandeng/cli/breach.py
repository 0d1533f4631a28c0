"""`gandeng breach`: whom a leak concerns, and drafts of the notices of article 46."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from gandeng.cli.shell import EXIT_REFUSED, stop, tell
from gandeng.office import running
from gandeng.runs.publish import MANIFEST, FolderNotOurs, published
from gandeng.words import say

if TYPE_CHECKING:
    from gandeng.privacy.breach import Leak

_JAKARTA = ZoneInfo("Asia/Jakarta")


def breach(
    since: Annotated[str, typer.Option("--since", help=say("breach.help_since"))],
    out: Annotated[Path, typer.Option("--out", help=say("breach.help_out"))],
    until: Annotated[str, typer.Option("--until", help=say("breach.help_until"))] = "",
    user: Annotated[str, typer.Option("--user", help=say("breach.help_user"))] = "",
    export: Annotated[str, typer.Option("--export", help=say("breach.help_export"))] = "",
    table: Annotated[str, typer.Option("--table", help=say("breach.help_table"))] = "",
) -> None:
    """Families concerned and drafts of letters, whole or not at all."""
    running.set_up()
    from django.utils import timezone

    from gandeng.privacy.breach import LeakUnknown, concerned
    from gandeng.privacy.breach_papers import write

    if sum(map(bool, (user, export, table))) != 1:
        raise stop(EXIT_REFUSED, say("breach.choose_one"))
    start, end = _moment(since), _moment(until) if until else datetime.now(UTC)
    if end <= start:
        raise stop(EXIT_REFUSED, say("breach.not_in_order"))
    try:
        leak = _leak(start, end, user, export, table)
        with published(out, "breach") as folder:
            folder.chmod(0o700)
            count = write(folder, leak, concerned(leak, timezone.localdate()))
            outputs = [{"name": path.name} for path in sorted(folder.iterdir())]
            (folder / MANIFEST).write_text(json.dumps({"kind": "breach", "outputs": outputs}), encoding="utf-8")
    except LeakUnknown as unknown:
        raise stop(EXIT_REFUSED, say(f"breach.{unknown.code}", **unknown.facts)) from None
    except FolderNotOurs:
        raise stop(EXIT_REFUSED, say("breach.foreign", out=out)) from None
    if not count.families:
        tell(say("breach.none"))
    tell(say("breach.found", families=count.families, certain=count.certain, without=count.without))
    tell(say("breach.written", out=out))


def _leak(since: datetime, until: datetime, user: str, export: str, table: str) -> "Leak":
    from gandeng.accounts.models import Person
    from gandeng.privacy.breach import Leak, LeakUnknown

    if table:
        return Leak(since, until, table=table)
    if export:
        if (number := _uuid(export)) is None:
            raise LeakUnknown("no_export", export=export)
        return Leak(since, until, export_id=number)
    number = _uuid(user)
    people = Person.objects.filter(pk=number) if number else Person.objects.filter(logins__email__iexact=user)
    person = people.first()
    if person is None:
        raise LeakUnknown("no_user", user=user)
    return Leak(since, until, person_id=person.pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise stop(EXIT_REFUSED, say("breach.bad_time", text=text)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_JAKARTA)
