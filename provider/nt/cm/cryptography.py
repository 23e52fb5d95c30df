"""The registry's list of cryptographic service providers, by which CryptAcquireContext finds them.

The keys are those of Windows (advapi32 reads them, and so does Wine's): a type of providers has a
default one, a provider has the DLL that it is in and that DLL's signature.
"""

from __future__ import annotations

from typing import Final

_ROOT: Final = "MACHINE\\SOFTWARE\\Microsoft\\Cryptography"
_IMAGE: Final = "C:\\Windows\\System32\\rsaenh.dll"
_ENHANCED: Final = "Microsoft Enhanced Cryptographic Provider v1.0"
_STRONG: Final = "Microsoft Strong Cryptographic Provider"
_SCHANNEL: Final = "Microsoft RSA SChannel Cryptographic Provider"
_AES: Final = "Microsoft Enhanced RSA and AES Cryptographic Provider"
_RSA_FULL, _RSA_SCHANNEL, _RSA_AES = 1, 12, 24
_PROVIDERS: Final = {
    "Microsoft Base Cryptographic Provider v1.0": _RSA_FULL,
    _ENHANCED: _RSA_FULL,
    _STRONG: _RSA_FULL,
    _SCHANNEL: _RSA_SCHANNEL,
    _AES: _RSA_AES,
}
_TYPES: Final = {
    _RSA_FULL: (_STRONG, "RSA Full (Signature and Key Exchange)"),
    _RSA_SCHANNEL: (_SCHANNEL, "RSA SChannel"),
    _RSA_AES: (_AES, "RSA Full and AES"),
}

CRYPTOGRAPHY: Final[dict[str, dict[str, str | int | bytes]]] = {
    _ROOT: {"MachineGuid": "00000000-0000-4000-8000-000000000001"},
    **{
        f"{_ROOT}\\Defaults\\Provider\\{name}": {
            "Image Path": _IMAGE,
            "SigInFile": 0,
            "Signature": bytes(8),
            "Type": kind,
        }
        for name, kind in _PROVIDERS.items()
    },
    **{
        f"{_ROOT}\\Defaults\\Provider Types\\Type {kind:03}": {"Name": name, "TypeName": text}
        for kind, (name, text) in _TYPES.items()
    },
}
"""Values by their names, by the paths of their keys."""
