"""The Unix side of bcrypt as hostile guests call it.

bcrypt_keys.expected was recorded on native Wine 8.0.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from provider.kernel.mm import AccessViolation
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.unix.bcrypt import FUNCTIONS
from tests.guests import PROGRAMS, WINE_DLLS, compile_program, picorun
from tests.provider.nt.synthetic import NtMachine, start

if TYPE_CHECKING:
    from pathlib import Path

AES, CBC, ECB, CFB, CCM, GCM = 1, 0, 1, 2, 3, 4
KEY, VECTOR, SECRET, PARAMETERS, INPUT, OUTPUT = 0, 0x100, 0x140, 0x200, 0x300, 0x800


class Guest:
    """A process with one key, whose addresses are offsets in a page."""

    def __init__(self, machine: NtMachine) -> None:
        self.machine, self.base = machine, machine.allocate()
        self.thread, self.space = machine.thread, machine.process.space

    def key(self, mode: int, vector: int = 16, secret: int = 16, algorithm: int = AES) -> None:
        fields = (mode, 16, self.base + VECTOR, vector, self.base + SECRET, secret)
        self.space.write(self.base + KEY, struct.pack("<2I", 0, algorithm))
        self.space.write(self.base + KEY + 8, struct.pack("<6I", *fields))

    def transfer(self, name: str, length: int, room: int = 64) -> bytes:
        words = self.base + KEY, self.base + INPUT, length, self.base + OUTPUT, room
        self.space.write(self.base + PARAMETERS, struct.pack("<5I", *words))
        FUNCTIONS[name](self.thread, self.base + PARAMETERS)
        return self.space.read(self.base + OUTPUT, min(length, room))


@pytest.fixture
def guest() -> Guest:
    return Guest(start("nop", ram_bytes=16 << 20))


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "process_attach"])
@pytest.mark.parametrize("place", [0, 1, 0x80000000, 0xFFFFFFFC])
def test_parameters_from_nowhere(guest: Guest, name: str, place: int) -> None:
    with pytest.raises(AccessViolation):
        FUNCTIONS[name](guest.thread, place)


@pytest.mark.parametrize(
    ("mode", "vector", "secret", "algorithm"),
    [
        *((CCM, 12, 16, AES), (GCM, 11, 16, AES), (9, 16, 16, AES), (CBC, 16, 16, 2)),
        *((ECB, 0, 16, 99), (CBC, 15, 16, AES), (CBC, 0, 16, AES), (CBC, 16, 15, AES)),
        *((CBC, 257, 16, AES), (CBC, 16, 0xFFFFFFFF, AES), (GCM, 0, 16, AES)),
        *((CBC, 16, 0, AES), (0xFFFFFFFF, 1, 16, AES)),
    ],
)
def test_keys_that_cannot_be(
    guest: Guest, mode: int, vector: int, secret: int, algorithm: int
) -> None:
    guest.key(mode, vector, secret, algorithm)
    with pytest.raises(NtError) as caught:
        guest.transfer("key_symmetric_encrypt", 16)
    assert caught.value.status in (NTSTATUS.NOT_SUPPORTED, NTSTATUS.INVALID_PARAMETER)
    assert not nt_part(guest.machine.process).unix_objects


@pytest.mark.parametrize("length", [1, 15, 17, 1 << 27])
def test_lengths_that_are_no_blocks(guest: Guest, length: int) -> None:
    guest.key(CBC)
    with pytest.raises(NtError):
        guest.transfer("key_symmetric_encrypt", length)


def test_a_chain_goes_on_until_it_is_reset(guest: Guest) -> None:
    guest.key(CBC)
    first, second = (guest.transfer("key_symmetric_encrypt", 16) for _ in range(2))
    assert first != second
    FUNCTIONS["key_symmetric_vector_reset"](guest.thread, guest.base + KEY)
    assert guest.transfer("key_symmetric_encrypt", 16) == first


def test_the_output_has_room_for_a_part_only(guest: Guest) -> None:
    guest.key(ECB, 0)
    whole = guest.transfer("key_symmetric_encrypt", 16)
    guest.space.write(guest.base + OUTPUT, bytes(16))
    assert guest.transfer("key_symmetric_encrypt", 16, room=3) == whole[:3]


def test_a_key_without_a_tag(guest: Guest) -> None:
    guest.key(CBC)
    guest.space.write(guest.base + PARAMETERS, struct.pack("<3I", guest.base, guest.base, 16))
    for name in ("key_symmetric_get_tag", "key_symmetric_set_auth_data"):
        with pytest.raises(NtError) as caught:
            FUNCTIONS[name](guest.thread, guest.base + PARAMETERS)
        assert caught.value.status == NTSTATUS.NOT_SUPPORTED


@pytest.mark.slow
@pytest.mark.skipif(not WINE_DLLS.is_dir(), reason=f"there is no Wine in {WINE_DLLS}")
def test_keys_on_wines_dlls(tmp_path: Path) -> None:
    image = compile_program(PROGRAMS / "bcrypt_keys.c", "-lbcrypt")
    done = picorun("--userland", WINE_DLLS, image, cwd=tmp_path)
    assert done.stdout == (PROGRAMS / "bcrypt_keys.expected").read_bytes()
