"""What kinds of fields events have: how each is written as JSON, and what a schema says of it."""

from __future__ import annotations

from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from emu.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from provider.kernel.event_stream import Event

Schema = dict[str, Any]


class Field(NamedTuple):
    """A field of an event: `encode` gives its value's JSON, `schema` is the one that fits it.

    There is no `encode` for integers, which Python writes as JSON does.
    """

    name: str
    encode: Callable[[Any], str] | None
    schema: Schema


@lru_cache
def fields_of(kind: type[Event]) -> tuple[Field, ...]:
    """The fields of a type of event, in their order."""
    hints = get_type_hints(kind)
    return tuple(Field(name, *_describe(hints[name])) for name in kind.FIELDS)


def _describe(hint: Any) -> tuple[Callable[[Any], str] | None, Schema]:
    """TypeError for a type that no field may have."""
    if hint is int:
        return None, {"type": "integer"}
    if hint is str:
        return encode_basestring_ascii, {"type": "string"}
    if hint is bool:
        return _encode_bool, {"type": "boolean"}
    if get_origin(hint) is Literal:
        return encode_basestring_ascii, {"enum": list(get_args(hint))}
    if get_origin(hint) is tuple:
        inner, *rest = get_args(hint)
        if rest == [...]:
            return _describe_many(inner)
    raise TypeError(f"{hint!r} is no type of a field")


def _describe_many(inner: Any) -> tuple[Callable[[Any], str], Schema]:
    """An array; of pairs of a name and a value, an object."""
    if get_origin(inner) is tuple and get_args(inner)[0] is str:
        encode, schema = _describe(get_args(inner)[1])
        return _object_encoder(encode or str), {"type": "object", "additionalProperties": schema}
    encode, schema = _describe(inner)
    encode_items = _encode_integers if encode is None else _array_encoder(encode)
    return encode_items, {"type": "array", "items": schema}


def _encode_bool(value: bool) -> str:
    return "true" if value else "false"


def _encode_integers(values: tuple[int, ...]) -> str:
    return _array_template(len(values)) % tuple(values)


@lru_cache(maxsize=64)
def _array_template(count: int) -> str:
    return f"[{','.join(['%d'] * count)}]"


def _array_encoder(encode: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda values: f"[{','.join(map(encode, values))}]"


def _object_encoder(encode: Callable[[Any], str]) -> Callable[[Any], str]:
    def encode_pairs(pairs: Any) -> str:
        return f"{{{','.join([_key(name) + encode(value) for name, value in pairs])}}}"

    return encode_pairs


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return encode_basestring_ascii(name) + ":"
