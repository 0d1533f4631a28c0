"""What the measured process of `field_sync` does: a facilitator's phone sends visits, fifty at once or as the app."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

Answer = tuple[int, dict[str, object]]
Work = Callable[[], Answer]
_BATCH = 50
_FROM_THE_APP = {"twenty": 20, "single": 1}
"""How many the app sends at a time: small entries that follow each other, and any other (`frontend/field/sync.js`)."""


def field_sync(inputs: Mapping[str, str]) -> Work:
    """In a fresh office: through the door, the same again, others each by itself, as the app sends, bare."""
    from benchmarks.web_office import new_office

    entries = int(inputs["entries"])

    def work() -> Answer:
        with new_office(Path(inputs["out"])) as office:
            from benchmarks import field_sync_stage as stage

            phone = stage.Phone()
            sent = [phone.entry(number) for number in range(entries)]
            batches = [
                json.dumps({"device": phone.device, "entries": sent[at : at + _BATCH]})
                for at in range(0, entries, _BATCH)
            ]
            for part in ("door", "again"):
                with office.measured(part) as told:
                    for batch in batches:
                        phone.send(batch)
                    told["rows"] = entries
            alone = [json.dumps({"device": phone.device, "entries": one}) for one in phone.others(entries, _BATCH)]
            with office.measured("alone") as told, phone.each_alone():
                for batch in alone:
                    phone.send(batch)
                told["rows"] = entries
            for part, size in _FROM_THE_APP.items():
                batches = [
                    json.dumps({"device": phone.device, "entries": some}) for some in phone.others(entries, size)
                ]
                with office.measured(part) as told:
                    for batch in batches:
                        phone.send(batch)
                    told["rows"] = entries
            with office.measured("bare") as told:
                phone.insert_bare(entries)
                told["rows"] = entries
            return entries, {**office.facts}

    return work


TASKS = {"field_sync": field_sync}
