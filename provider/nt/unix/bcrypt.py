"""The Unix side of bcrypt: symmetric keys.  Hashes and random numbers are made on its other side.

Keys of two halves are refused: making one would need randomness of the host.

A `struct key` of bcrypt's, whose second field is for this side (bcrypt_internal.h of Wine):

    +0   magic        +4   algorithm      +8   data of this side: the number of a cipher
    ...  mode         +4   block size     +8   vector, its size     +16  secret, its size
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB8
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR, ECB, GCM

from emu.named_tuple import NamedTuple
from provider.nt.handles import nt_part
from provider.nt.status import NTSTATUS, NtError
from provider.nt.userland import MOST_UNIX_OBJECTS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers import AEADEncryptionContext

    from provider.kernel.mm import AddressSpace
    from provider.kernel.thread import Thread

_ALGORITHM, _NUMBER = 4, 8
_KEY = struct.Struct("<6I")
_TRANSFER = struct.Struct("<5I")
_PIECE = struct.Struct("<3I")
_ALGORITHMS = (TripleDES, AES)
_CBC, _ECB, _CFB, _, _GCM = range(5)
_MOST_BYTES = 1 << 26
_MOST_SECRET = 256


class Key(NamedTuple):
    """What a guest's key says."""

    va: int
    algorithm: int
    mode: int
    vector: bytes
    secret: bytes


class SymmetricCipher:
    """A key at work: what one call leaves is where the next begins."""

    def __init__(self, key: Key) -> None:
        """NtError NOT_SUPPORTED, INVALID_PARAMETER."""
        self._key = key
        try:
            self._algorithm = _ALGORITHMS[key.algorithm](key.secret)
            self._sealed = self._seal()
            self._encryptor = self._sealed or self._cipher().encryptor()
            self._decryptor = self._cipher().decryptor()
        except IndexError:
            raise NtError(NTSTATUS.NOT_SUPPORTED) from None
        except ValueError:
            raise NtError(NTSTATUS.INVALID_PARAMETER) from None

    def authenticate(self, data: bytes) -> None:
        """Take what is not encrypted but guarded by the tag."""
        self._sealing().authenticate_additional_data(data)

    def encrypt(self, data: bytes) -> bytes:
        """Whole blocks, but for the modes that need none."""
        return self._update(self._encryptor, data)

    def decrypt(self, data: bytes) -> bytes:
        """As `encrypt`; the tag is that of the other direction, so it takes that too."""
        plain = self._update(self._decryptor, data)
        if self._sealed is not None:
            self._sealed.update(plain)
        return plain

    def tag(self, length: int) -> bytes:
        """The tag of all that went through; the cipher is used up."""
        sealing = self._sealing()
        try:
            sealing.finalize()
            return sealing.tag[:length]
        except ValueError:
            raise NtError(NTSTATUS.INTERNAL_ERROR) from None

    def _sealing(self) -> AEADEncryptionContext:
        if self._sealed is None:
            raise NtError(NTSTATUS.NOT_SUPPORTED)
        return self._sealed

    def _seal(self) -> AEADEncryptionContext | None:
        if self._key.mode != _GCM:
            return None
        sealed: AEADEncryptionContext = Cipher(self._algorithm, GCM(self._key.vector)).encryptor()
        return sealed

    def _cipher(self) -> Cipher[CBC | ECB | CFB8 | CTR]:
        vector, mode = self._key.vector, self._key.mode
        if mode == _GCM and len(vector) == 12:  # the counter of the first block is 2
            return Cipher(self._algorithm, CTR(vector + (2).to_bytes(4, "big")))
        if mode == _ECB:
            return Cipher(self._algorithm, ECB())
        if mode == _CBC:
            return Cipher(self._algorithm, CBC(vector))
        if mode == _CFB:
            return Cipher(self._algorithm, CFB8(vector))
        raise NtError(NTSTATUS.NOT_SUPPORTED)

    def _update(self, context: CipherContext, data: bytes) -> bytes:
        if self._key.mode in (_CBC, _ECB) and len(data) % (self._algorithm.block_size // 8):
            raise NtError(NTSTATUS.INVALID_BUFFER_SIZE)
        return context.update(data)


def process_attach(thread: Thread, arguments: int) -> None:
    """Start: there is nothing to prepare."""


def key_symmetric_vector_reset(thread: Thread, arguments: int) -> None:
    """Begin anew, with another vector perhaps."""
    ciphers = nt_part(thread.process).unix_objects
    ciphers.pop(_number(thread.process.space, arguments), None)


def key_symmetric_set_auth_data(thread: Thread, arguments: int) -> None:
    """Take data that the tag is to guard."""
    key, data, length = _PIECE.unpack(thread.process.space.read(arguments, _PIECE.size))
    cipher = _cipher(thread, key)
    if data:
        cipher.authenticate(_input(thread, data, length))


def key_symmetric_encrypt(thread: Thread, arguments: int) -> None:
    """Encrypt a piece."""
    space = thread.process.space
    key, source, length, target, room = _TRANSFER.unpack(space.read(arguments, _TRANSFER.size))
    result = _cipher(thread, key).encrypt(_input(thread, source, length))
    space.write(target, result[:room])


def key_symmetric_decrypt(thread: Thread, arguments: int) -> None:
    """Decrypt a piece."""
    space = thread.process.space
    key, source, length, target, room = _TRANSFER.unpack(space.read(arguments, _TRANSFER.size))
    result = _cipher(thread, key).decrypt(_input(thread, source, length))
    space.write(target, result[:room])


def key_symmetric_get_tag(thread: Thread, arguments: int) -> None:
    """Tell the tag of what went through."""
    key, target, length = _PIECE.unpack(thread.process.space.read(arguments, _PIECE.size))
    thread.process.space.write(target, _cipher(thread, key).tag(length))


def _input(thread: Thread, va: int, length: int) -> bytes:
    if length > _MOST_BYTES:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return thread.process.space.read(va, length)


def _number(space: AddressSpace, key_va: int) -> int:
    return int.from_bytes(space.read(key_va + _NUMBER, 4), "little")


def _cipher(thread: Thread, key_va: int) -> SymmetricCipher:
    """The cipher of the guest's key, which is made at its first use.  NtError, AccessViolation."""
    space, context = thread.process.space, nt_part(thread.process)
    known = context.unix_objects.get(_number(space, key_va))
    if isinstance(known, SymmetricCipher):
        return known
    if len(context.unix_objects) >= MOST_UNIX_OBJECTS:
        raise NtError(NTSTATUS.NO_MEMORY)
    made = SymmetricCipher(_key(space, key_va, context.userland.unix_key_data))
    number = max(context.unix_objects, default=0) + 1
    space.write(key_va + _NUMBER, number.to_bytes(4, "little"))
    context.unix_objects[number] = made
    return made


def _key(space: AddressSpace, va: int, data_size: int) -> Key:
    algorithm = int.from_bytes(space.read(va + _ALGORITHM, 4), "little")
    fields = space.read(va + _NUMBER + data_size, _KEY.size)
    mode, _, vector, vector_length, secret, secret_length = _KEY.unpack(fields)
    if max(vector_length, secret_length) > _MOST_SECRET:
        raise NtError(NTSTATUS.INVALID_PARAMETER)
    return Key(
        va,
        algorithm,
        mode,
        space.read(vector, vector_length) if vector else b"",
        space.read(secret, secret_length),
    )


FUNCTIONS = {
    function.__name__: function
    for function in (
        process_attach,
        key_symmetric_vector_reset,
        key_symmetric_set_auth_data,
        key_symmetric_encrypt,
        key_symmetric_decrypt,
        key_symmetric_get_tag,
    )
}
FUNCTIONS["key_symmetric_destroy"] = key_symmetric_vector_reset
