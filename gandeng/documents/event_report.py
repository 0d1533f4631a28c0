"""The report of a training, as its office publishes it, from what was taken down when the event was closed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gandeng.core.money import format_number, format_rupiah
from gandeng.documents.blocks import Block, column, digest_line, heading, items, note, numbered, paragraph, row, table
from gandeng.documents.masking import printable
from gandeng.documents.numerals import long_date
from gandeng.documents.typesetting import midnight, typeset
from gandeng.words import language, say

Content = Mapping[str, Any]
_LACKS = ("ABSENT", "NO_TEST", "BELOW")


def write_event_report(content: Content, digest: str) -> bytes:
    """The PDF; the same content gives the same bytes, whatever became of the problems since."""
    day = date.fromisoformat(content["closed_on"])
    return typeset("minutes", _document(content, digest, day), midnight(day))


def _document(content: Content, digest: str, day: date) -> Block:
    event = content["event"]
    title = say("event_report.title", number=event["number"])
    blocks = [
        *_about(content), *_participants(content), *_attendance(content), *_agenda(content), *_results(content),
        *_evaluation(content), *_problems(content), *_costs(content), *_closing(content, digest, day),
    ]  # fmt: skip
    return {
        "language": language(),
        "region": "ID",
        "date": [day.year, day.month, day.day],
        "title": printable(title),
        "of_pages": say("minutes.of_pages", page="{page}", pages="{pages}"),
        "of_sheets": say("minutes.of_sheets", page="{page}", pages="{pages}"),
        "documents": [
            {
                "footer": printable(title),
                "letterhead": [printable(content["office"].upper()), say("event_report.programme")],
                "title": [say("event_report.heading"), printable(event["title"].upper())],
                "number": say("event_report.number", number=event["number"]),
                "blocks": numbered(blocks),
            }
        ],
    }


def _about(content: Content) -> list[Block]:
    event = content["event"]
    lines = [
        say("event_report.kind", kind=event["kind"]),
        say("event_report.days", first=_day(event["starts_on"]), last=_day(event["ends_on"])),
        say("event_report.place", venue=event["venue"], region=event["region"]),
    ]
    optional = {
        "batch": event["batch_no"], "hours": event["hours"], "skill": event["skill"],
        "attendance_min": event["attendance_percent_min"], "pass_min": event["pass_percent"],
    }  # fmt: skip
    lines += [say(f"event_report.{name}", value=value) for name, value in optional.items() if value]
    return [heading(say("event_report.part_about")), items(lines)]


def _participants(content: Content) -> list[Block]:
    columns = [
        column(say("event_report.district"), share=1),
        *(column(say(f"event_report.{name}"), "right") for name in ("invited", "confirmed", "came")),
    ]
    rows = [
        row(one["name"], *(format_number(one[name]) for name in ("invited", "confirmed", "came")))
        for one in content["districts"]
    ]
    totals = (
        format_number(sum(one[name] for one in content["districts"])) for name in ("invited", "confirmed", "came")
    )
    rows.append(row(say("event_report.total"), *totals, style="total"))
    return [
        heading(say("event_report.part_participants")),
        table(say("event_report.table_participants"), columns, rows),
        note(say("event_report.came_note")),
    ]


def _attendance(content: Content) -> list[Block]:
    columns = [column(say("event_report.day"), share=1), column(say("event_report.there"), "right")]
    rows = [
        row(_day(one["day"]), format_number(one["there"]) if one["held"] else say("event_report.not_held"))
        for one in content["days"]
    ]
    return [heading(say("event_report.part_attendance")), table(say("event_report.table_attendance"), columns, rows)]


def _agenda(content: Content) -> list[Block]:
    told = [heading(say("event_report.part_agenda"))]
    if content["agenda"]:
        columns = [
            column(say("event_report.day")), column(say("event_report.hour")),
            column(say("event_report.what"), share=2), column(say("event_report.speaker"), share=1),
        ]  # fmt: skip
        rows = [
            row(_day(one["day"]), f"{one['from']}–{one['until']}", one["title"], one["speaker"])
            for one in content["agenda"]
        ]
        told.append(table(say("event_report.table_agenda"), columns, rows))
    else:
        told.append(paragraph(say("event_report.no_agenda")))
    if content["materials"]:
        told += [paragraph(say("event_report.materials")), items(content["materials"])]
    return told


def _results(content: Content) -> list[Block]:
    results = content["results"]
    lines = [
        say("event_report.qualify", count=format_number(results["qualify"]), people=format_number(results["people"]))
    ]
    lines += [
        say(f"event_report.lack_{code.lower()}", count=format_number(count))
        for code in _LACKS
        if (count := results["lacks"].get(code))
    ]
    for kind in ("pre", "post"):
        if results[kind]["sat"]:
            mean = f"{results[kind]['mean_permille'] // 10},{results[kind]['mean_permille'] % 10}"
            lines.append(say(f"event_report.mean_{kind}", sat=format_number(results[kind]["sat"]), mean=mean))
    return [heading(say("event_report.part_results")), items(lines), note(say("event_report.results_note"))]


def _evaluation(content: Content) -> list[Block]:
    told = content["evaluation"]
    head = heading(say("event_report.part_evaluation"))
    if not told["statements"]:
        return [head, paragraph(say("event_report.too_few", count=format_number(told["given"])))]
    columns = [
        column(say("event_report.statement"), share=1), column(say("event_report.mean"), "right"),
        *(column(str(score), "right") for score in range(1, 6)),
    ]  # fmt: skip
    rows = [row(one["words"], one["mean"], *map(format_number, one["counts"])) for one in told["statements"]]
    caption = say("event_report.table_evaluation", count=format_number(told["given"]))
    return [head, table(caption, columns, rows), note(say("event_report.evaluation_note"))]


def _problems(content: Content) -> list[Block]:
    head = heading(say("event_report.part_problems"))
    if not content["problems"]:
        return [head, paragraph(say("event_report.no_problems"))]
    columns = [
        column(say("event_report.problem_no")), column(say("event_report.problem"), share=3),
        column(say("event_report.answer"), share=3), column(say("event_report.state"), share=1),
    ]  # fmt: skip
    rows = [
        row(one["number"], f"{one['about']}, {one['place']}. {one['text']}", one["answer"] or _whose(one), _state(one))
        for one in content["problems"]
    ]
    return [
        head,
        table(say("event_report.table_problems"), columns, rows, size=8.5),
        note(say("event_report.problems_note")),
    ]


def _whose(problem: Content) -> str:
    if not problem["owner"]:
        return say("event_report.nobody")
    until = say("event_report.until", day=_day(problem["due_on"])) if problem["due_on"] else ""
    return say("event_report.given_to", name=problem["owner"]) + until


def _state(problem: Content) -> str:
    return say(f"event_report.state_{problem['state'].lower()}")


def _costs(content: Content) -> list[Block]:
    head = heading(say("event_report.part_costs"))
    lines: Sequence[Content] = content["costs"]
    if not lines:
        return [head, paragraph(say("event_report.no_costs"))]
    columns = [
        column(say("event_report.cost_for")), column(say("event_report.cost_text"), share=1),
        column(say("event_report.planned"), "right"), column(say("event_report.spent"), "right"),
    ]  # fmt: skip
    rows = [
        row(
            one["kind"], one["text"], format_rupiah(one["planned"]),
            say("event_report.untold") if one["spent"] is None else format_rupiah(one["spent"]),
        )
        for one in lines
    ]  # fmt: skip
    planned, spent = sum(one["planned"] for one in lines), sum(one["spent"] or 0 for one in lines)
    rows.append(row(say("event_report.total"), "", format_rupiah(planned), format_rupiah(spent), style="total"))
    return [head, table(say("event_report.table_costs"), columns, rows)]


def _closing(content: Content, digest: str, day: date) -> list[Block]:
    signer = content["signer"]
    signature = {
        "party": say("event_report.made_by"), "role": printable(signer["post"]), "name": printable(signer["name"]),
        "number": say("minutes.signature_number", number=say("minutes.blank")),
    }  # fmt: skip
    place = say("minutes.signed_at", place=say("minutes.blank"), date=long_date(day))
    return [
        heading(say("event_report.part_closing")),
        note(say("event_report.digest")),
        digest_line(digest),
        {"kind": "signatures", "closing": say("event_report.closing", day=long_date(day)), "place": place,
         "signatures": [signature]},
    ]  # fmt: skip


def _day(text: str) -> str:
    return long_date(date.fromisoformat(text))
