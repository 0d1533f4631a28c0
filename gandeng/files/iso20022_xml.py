"""ISO 20022 messages as a stream: one element at a time, no DTD, nothing fetched, memory bounded by one transaction.

Used on files from outside, so nothing in them is trusted: a DOCTYPE is refused before anything is read from it, and
every way lxml can fail ends in FileRefused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from lxml import etree

from gandeng.core.faults import Fault, FileRefused

type Events = Iterator[tuple[str, etree._Element]]
type Values = dict[str, str]
"""Text of an element's descendants by path."""

VERSIONS: Final = {"pain.002": (3, 14), "camt.053": (2, 13), "camt.054": (2, 13)}
"""Oldest and newest version of each message whose element names were compared (docs/bank-files.md)."""

ROOTS: Final = {"pain.002": "CstmrPmtStsRpt", "camt.053": "BkToCstmrStmt", "camt.054": "BkToCstmrDbtCdtNtfctn"}

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3})\.001\.([0-9]{2})")


@dataclass(frozen=True)
class Message:
    """Which message a document is: `pain.002`, its version, and the one namespace all its elements live in."""

    name: str
    version: int
    namespace: str


def refused(code: str, /, **facts: str | int) -> FileRefused:
    """A refusal by a code of `words/*/bankfiles.yaml`; who opened the file puts its name on it."""
    return FileRefused("", [Fault(f"bankfiles.{code}", facts=facts)])


def identify(stream: IO[bytes]) -> Message:
    """Look at the root element and go back to the start. Refuses a DOCTYPE, no XML, and any message we do not know."""
    stream.seek(0)
    root = _first_element(stream)
    stream.seek(0)
    try:
        namespace, local = etree.QName(root).namespace or "", etree.QName(root).localname
    except ValueError:  # a prefix nobody declared
        raise refused("xml_not_iso20022", element=str(root.tag)[:40]) from None
    match = _NAMESPACE.fullmatch(namespace)
    if match is None or local != "Document":
        raise refused("xml_not_iso20022", element=local[:40])
    name, version = match[1], int(match[2])
    if name not in VERSIONS:
        raise refused("xml_other_message", message=name)
    oldest, newest = VERSIONS[name]
    if not oldest <= version <= newest:
        raise refused("xml_other_version", message=name, version=version, oldest=oldest, newest=newest)
    return Message(name, version, namespace)


def _first_element(stream: IO[bytes]) -> etree._Element:
    for _, element in _parse(stream, ("start",), None):
        if element.getroottree().docinfo.doctype:  # type: ignore[attr-defined] # missing in lxml-stubs
            raise refused("xml_doctype")
        return element
    raise refused("xml_unreadable", line=1)


def elements(stream: IO[bytes], message: Message, tags: tuple[str, ...]) -> Events:
    """Start and end events of the named elements of the message, and a check that its body is the right one.

    At an end event all of the element is there; at a start event only what stands before it.
    """
    body = ROOTS[message.name]
    seen = False
    qualified_tags = [f"{{{message.namespace}}}{tag}" for tag in (body, *tags)]
    for event, element in _parse(stream, ("start", "end"), qualified_tags):
        if not seen:
            seen = _is_body(element, body)
            if not seen:
                break
        yield event, element
    if not seen:
        raise refused("xml_without_body", message=message.name, element=body)


def _is_body(element: etree._Element, body: str) -> bool:
    parent = element.getparent()
    return local_name(element) == body and parent is not None and parent.getparent() is None


def _parse(stream: IO[bytes], events: tuple[str, ...], tags: list[str] | None) -> Events:
    """Comments go, so that one inside a value cannot cut it in two."""
    try:
        yield from etree.iterparse(
            stream,
            events=events,
            tag=tags,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    except etree.XMLSyntaxError as error:
        raise refused("xml_unreadable", line=error.lineno or 1) from None


def forget(element: etree._Element) -> None:
    """Free a transaction that was read: the element is emptied, its predecessor of the same kind removed.

    lxml still holds the element of the running end event, so that one itself may not be removed yet.
    """
    element.clear()
    before, parent = element.getprevious(), element.getparent()
    if before is not None and parent is not None and before.tag == element.tag:
        parent.remove(before)


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def flat(element: etree._Element | None) -> Values:
    """All text below an element by path (`CdtrAcct/Id/Othr/Id`), attributes `Ccy` as `.../InstdAmt@Ccy`.

    Of elements with the same path the first with text counts; those of another namespace do not. Runs of white space
    are one space. One walk per transaction: looking paths up in the tree one by one takes five times as long.
    """
    values: Values = {}
    if element is not None:
        _walk(element, f"{element.tag.partition('}')[0]}}}", "", values)
    return values


def _walk(element: etree._Element, namespace: str, path: str, values: Values) -> None:
    for child in element:
        if not child.tag.startswith(namespace):
            continue
        here = f"{path}{child.tag[len(namespace) :]}"
        if len(child):
            _walk(child, namespace, f"{here}/", values)
        elif here not in values and (found := own_text(child)):
            values[here] = found
            if currency := child.get("Ccy"):
                values[f"{here}@Ccy"] = currency


def text(values: Values, *paths: str) -> str:
    """Text of the first path that has any; '' for none."""
    for path in paths:
        if found := values.get(path):
            return found
    return ""


def own_text(element: etree._Element) -> str:
    """Text of the element itself."""
    return " ".join((element.text or "").split())


def node(element: etree._Element, path: str) -> etree._Element | None:
    """The first element of that path."""
    return element.find(_qualified(element, path))


def nodes(element: etree._Element, path: str) -> list[etree._Element]:
    """All elements of that path."""
    return element.findall(_qualified(element, path))


def _qualified(element: etree._Element, path: str) -> str:
    namespace = element.tag.partition("}")[0]
    return "/".join(f"{namespace}}}{step}" for step in path.split("/"))
