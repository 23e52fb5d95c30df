"""Which functions the Unix sides of Wine's DLLs have, in the order of their numbers.

From the enumerations of Wine 8.0 and 10.0 (dlls/*/unixlib.h and the like).  The lists of most DLLs
only grow at their ends; ntdll's, opengl32's and win32u's are others from Wine 8.17 on.  A DLL
without functions here loads, and has all its calls refused.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NTDLL, OPENGL32, WIN32U = "ntdll.dll", "opengl32.dll", "win32u.dll"

_COMMON = {
    "bcrypt.dll": (
        "process_attach",
        "process_detach",
        "key_symmetric_vector_reset",
        "key_symmetric_set_auth_data",
        "key_symmetric_encrypt",
        "key_symmetric_decrypt",
        "key_symmetric_get_tag",
        "key_symmetric_destroy",
        "key_asymmetric_generate",
        "key_asymmetric_decrypt",
        "key_asymmetric_encrypt",
        "key_asymmetric_duplicate",
        "key_asymmetric_sign",
        "key_asymmetric_verify",
        "key_asymmetric_destroy",
        "key_asymmetric_export",
        "key_asymmetric_import",
        "key_asymmetric_derive_key",
    ),
    "capi2032.dll": (),
    "crypt32.dll": (
        "process_attach",
        "process_detach",
        "open_cert_store",
        "import_store_key",
        "import_store_cert",
        "close_cert_store",
        "enum_root_certs",
    ),
    "dnsapi.dll": ("get_searchlist", "get_serverlist", "set_serverlist", "query"),
    "localspl.dll": (),
    "msv1_0.dll": (),
    "opencl.dll": (),
    "winspool.drv": ("process_attach", "enum_printers", "get_default_page_size", "get_ppd"),
    "ws2_32.dll": (
        "getaddrinfo",
        "gethostbyaddr",
        "gethostbyname",
        "gethostname",
        "getnameinfo",
    ),
}
EARLY_FUNCTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_COMMON,
        NTDLL: ("load_so_dll", "unwind_builtin_dll", "system_time_precise"),
        OPENGL32: ("thread_attach", "process_detach"),
        WIN32U: ("get_dispatcher", "get_functions"),
    }
)
"""Of an ntdll that makes its system calls as __wine_dbg_write."""
LATE_FUNCTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **_COMMON,
        NTDLL: (
            "load_so_dll",
            "unwind_builtin_dll",
            "wine_dbg_write",
            "wine_server_call",
            "wine_server_fd_to_handle",
            "wine_server_handle_to_fd",
            "wine_spawnvp",
            "system_time_precise",
        ),
        OPENGL32: ("process_attach", "thread_attach", "process_detach"),
        WIN32U: ("init",),
    }
)
"""Of an ntdll whose own handle is a variable (__wine_unixlib_handle)."""
