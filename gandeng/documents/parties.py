"""Who signs: the roles the office's settings name, one signature per channel where they say `channels`."""

from dataclasses import dataclass

from gandeng.core.channels import CHANNELS, POST
from gandeng.documents.areas import Area
from gandeng.documents.blocks import Block
from gandeng.documents.masking import printable
from gandeng.documents.office import Office, Person
from gandeng.words import say

PARTIES_MAX = 8
"""As many as Indonesian minutes have names for: PIHAK KEDELAPAN."""


@dataclass(frozen=True)
class Signatory:
    """One party; `official` has a civil servant's number, a bank's manager does not."""

    role: str
    person: Person
    official: bool


def signatories(area: Area, office: Office) -> tuple[Signatory, ...]:
    """In the order of the settings; a channel the area has no payments at does not sign."""
    found: list[Signatory] = []
    for role in office.signatories.get(area.level, []):
        if role == "channels":
            found.extend(_manager(area, channel.channel, office) for channel in area.channels)
        else:
            title = say(f"minutes.role_{role}", area=area.name)
            found.append(Signatory(title, office.person(area.code, role), official=True))
    return tuple(found)


def _manager(area: Area, channel: str, office: Office) -> Signatory:
    kind = "post" if channel == POST else "bank"
    role = say(f"minutes.role_{kind}_{area.level}", channel=channel_name(channel))
    return Signatory(role, office.person(area.code, channel), official=False)


def channel_name(channel: str) -> str:
    """`Bank BRI`; an unknown channel by its code."""
    return say(f"minutes.channel_{channel}") if channel in CHANNELS else channel


def parties_block(parties: tuple[Signatory, ...]) -> Block:
    """The parties as the opening names them."""
    return {"kind": "parties", "parties": [_party(number, party) for number, party in enumerate(parties, start=1)]}


def _party(number: int, party: Signatory) -> Block:
    blank = say("minutes.blank")
    lines = [[say("minutes.party_name"), printable(party.person.name) or blank]]
    if party.official:
        lines.append([say("minutes.party_number"), printable(party.person.number) or blank])
    lines.append([say("minutes.party_role"), printable(party.role)])
    name = say(f"minutes.party_{number}") if number <= PARTIES_MAX else str(number)
    return {"lines": lines, "closing": say("minutes.party_closing", party=name)}


def signatures_block(parties: tuple[Signatory, ...], place: str) -> Block:
    """The closing sentence and room to sign for each party."""
    signatures = [_signature(number, party) for number, party in enumerate(parties, start=1)]
    return {"kind": "signatures", "closing": say("minutes.closing"), "place": place, "signatures": signatures}


def _signature(number: int, party: Signatory) -> Block:
    return {
        "party": say(f"minutes.party_{number}") if number <= PARTIES_MAX else str(number),
        "role": printable(party.role),
        "name": printable(party.person.name) or say("minutes.signature_blank"),
        "number": _number(party),
    }


def _number(party: Signatory) -> str:
    if not party.official:
        return ""
    return say("minutes.signature_number", number=printable(party.person.number) or say("minutes.blank"))
