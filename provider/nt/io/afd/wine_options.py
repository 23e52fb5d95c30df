"""Wine's controls that get and set options: two for each, by the option's level and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from provider.nt.io.afd.options import IP, IPV6, SOCKET, TCP, get_option, set_option
from provider.nt.io.afd.work import Work, answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from provider.kernel.io.net.endpoint import Endpoint
    from provider.nt.io.asked import Asked


def getter(level: int, name: int) -> Callable[[Endpoint, Asked], Work]:
    """A control that tells an option."""

    def get(socket: Endpoint, asked: Asked) -> Work:
        return answer(asked, get_option(socket, level, name, asked.room))

    return get


def setter(level: int, name: int) -> Callable[[Endpoint, Asked], Work]:
    """A control that sets an option."""

    def put(socket: Endpoint, asked: Asked) -> Work:
        set_option(socket, level, name, asked.data)
        return answer(asked)

    return put


_GETTERS: Mapping[int, tuple[int, int]] = {
    219: (SOCKET, 0x2),
    220: (SOCKET, 0x20),
    222: (SOCKET, 0x1007),
    223: (SOCKET, 0x8),
    225: (SOCKET, 0x80),
    227: (SOCKET, 0x100),
    230: (SOCKET, 0x1002),
    232: (SOCKET, 0x1006),
    233: (SOCKET, 0x4),
    236: (SOCKET, 0x1001),
    237: (SOCKET, 0x1005),
    242: (IP, 14),
    246: (IP, 2),
    248: (IP, 9),
    250: (IP, 11),
    252: (IP, 10),
    254: (IP, 1),
    256: (IP, 19),
    258: (IP, 3),
    260: (IP, 4),
    263: (IP, 31),
    266: (IPV6, 14),
    269: (IPV6, 10),
    271: (IPV6, 9),
    273: (IPV6, 11),
    275: (IPV6, 4),
    277: (IPV6, 31),
    279: (IPV6, 27),
    284: (TCP, 1),
    286: (IPV6, 21),
    288: (IPV6, 19),
    290: (IPV6, 40),
    292: (SOCKET, 0x700C),
    293: (IP, 21),
    295: (IP, 40),
    297: (SOCKET, 0xFFFFFFFB),
    299: (TCP, 3),
    301: (TCP, 16),
    303: (TCP, 17),
}
_SETTERS: Mapping[int, tuple[int, int]] = {
    221: (SOCKET, 0x20),
    224: (SOCKET, 0x8),
    226: (SOCKET, 0x80),
    228: (SOCKET, 0x100),
    229: (SOCKET, 0x1002),
    231: (SOCKET, 0x1006),
    234: (SOCKET, 0x4),
    235: (SOCKET, 0x1001),
    238: (SOCKET, 0x1005),
    239: (IP, 12),
    240: (IP, 15),
    241: (IP, 17),
    243: (IP, 14),
    244: (IP, 13),
    245: (IP, 16),
    247: (IP, 2),
    249: (IP, 9),
    251: (IP, 11),
    253: (IP, 10),
    255: (IP, 1),
    257: (IP, 19),
    259: (IP, 3),
    261: (IP, 4),
    262: (IP, 18),
    264: (IP, 31),
    265: (IPV6, 12),
    267: (IPV6, 14),
    268: (IPV6, 13),
    270: (IPV6, 10),
    272: (IPV6, 9),
    274: (IPV6, 11),
    276: (IPV6, 4),
    278: (IPV6, 31),
    280: (IPV6, 27),
    285: (TCP, 1),
    287: (IPV6, 21),
    289: (IPV6, 19),
    291: (IPV6, 40),
    294: (IP, 21),
    296: (IP, 40),
    298: (SOCKET, 0xFFFFFFFB),
    300: (TCP, 3),
    302: (TCP, 16),
    304: (TCP, 17),
}
CONTROLS: Mapping[int, Callable[[Endpoint, Asked], Work]] = {
    **{function: getter(*option) for function, option in _GETTERS.items()},
    **{function: setter(*option) for function, option in _SETTERS.items()},
}
