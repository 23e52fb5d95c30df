"""`enum.IntEnum` whose members are made when they are first asked for.

The library's own needs 100,000 processor instructions to make one; for the 380 status codes of NT
that was an eighth of what a start imports.  All else is as documented there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from enum import IntEnum
else:
    from collections.abc import Iterator

    class _IntEnumType(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> Any:
            numbers = {
                name: value
                for name, value in namespace.items()
                if type(value) is int and not name.startswith("__")
            }
            rest = {name: value for name, value in namespace.items() if name not in numbers}
            made = super().__new__(cls, name, bases, rest)
            made._numbers, made._made = numbers, {}
            made._names = names = {}
            for number_name, value in numbers.items():
                names.setdefault(value, number_name)
            return made

        def __getattr__(cls, name: str) -> Any:
            if name not in cls._numbers:
                raise AttributeError(f"{cls.__name__!r} has no member {name!r}")
            member = cls[name]
            setattr(cls, name, member)
            return member

        def __getitem__(cls, name: str) -> Any:
            return cls(cls._numbers[name])

        def __call__(cls, value: int) -> Any:
            member = cls._made.get(value)
            if member is None:
                if value not in cls._names:
                    raise ValueError(f"{value!r} is not a valid {cls.__name__}")
                member = cls._made[value] = int.__new__(cls, value)
                member.name, member.value = cls._names[value], int(value)
            return member

        def __iter__(cls) -> Iterator[Any]:
            return map(cls, cls._names)

        def __len__(cls) -> int:
            return len(cls._names)

        def __contains__(cls, value: object) -> bool:
            return value in cls._names

        @property
        def __members__(cls) -> dict[str, Any]:
            return {name: cls[name] for name in cls._numbers}

    class IntEnum(int, metaclass=_IntEnumType):
        """The base of a class of numbers that have names."""

        def __repr__(self) -> str:
            return f"<{type(self).__name__}.{self.name}: {int(self)}>"

        __str__ = int.__repr__

        def __reduce_ex__(self, protocol: int) -> tuple[Any, tuple[int]]:
            return type(self), (int(self),)


__all__ = ["IntEnum"]
