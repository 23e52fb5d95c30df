"""The name server that every machine has at an address of its own (RFC 1035).

It knows what the host's resolver knows if guests may use the host's network, and nothing otherwise.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from provider.kernel.io.net.address import Address, Family

if TYPE_CHECKING:
    from collections.abc import Callable

NAME_SERVER = Address(Family.INET, bytes((127, 0, 0, 53)), 53)
_HEADER = struct.Struct(">6H")
_QUESTION = struct.Struct(">2H")
_RECORD = struct.Struct(">3HIH")
_TYPES = {1: Family.INET, 28: Family.INET6}
"""A and AAAA."""
_INTERNET = 1
_ANSWER, _FORMAT_ERROR, _NO_SUCH_NAME = 0x8180, 0x8181, 0x8183
"""Flags of a response to which recursion was available, with its code."""
_NAME_OF_QUESTION = 0xC00C
"""A pointer to the name behind the header."""
_SECONDS = 60
_MOST_RECORDS = 16


def answer(query: bytes, resolve: Callable[[str], list[Address]]) -> bytes | None:
    """The response to a query; None for what is no query at all."""
    if len(query) < _HEADER.size:
        return None
    number, _, questions, *_ = _HEADER.unpack_from(query)
    found = _question(query) if questions == 1 else None
    if found is None:
        return _HEADER.pack(number, _FORMAT_ERROR, 0, 0, 0, 0)
    name, kind, end = found
    known = resolve(name) if kind in _TYPES else []
    hosts = [a.host for a in known if a.family is _TYPES.get(kind)][:_MOST_RECORDS]
    flags = _ANSWER if known or kind not in _TYPES else _NO_SUCH_NAME
    records = b"".join(
        _RECORD.pack(_NAME_OF_QUESTION, kind, _INTERNET, _SECONDS, len(host)) + host
        for host in dict.fromkeys(hosts)
    )
    header = _HEADER.pack(number, flags, 1, len(dict.fromkeys(hosts)), 0, 0)
    return header + query[_HEADER.size : end] + records


def _question(query: bytes) -> tuple[str, int, int] | None:
    """The name that is asked for, the type, and where the question ends."""
    labels, at = [], _HEADER.size
    while at < len(query) and query[at]:
        size = query[at]
        label = query[at + 1 : at + 1 + size]
        if size > 63 or len(label) < size:
            return None
        labels.append(label.decode("ascii", "replace"))
        at += 1 + size
    if at + 1 + _QUESTION.size > len(query):
        return None
    kind, _ = _QUESTION.unpack_from(query, at + 1)
    return ".".join(labels), kind, at + 1 + _QUESTION.size
