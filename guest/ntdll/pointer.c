/* Encoded pointers: exclusive or with a cookie, rotated. The cookie comes from the process
 * (PROCESSINFOCLASS 36) and for system pointers from KUSER_SHARED_DATA. */
#include "ntdll.h"

#define ProcessCookie 36

static ULONG Cookie(void)
{
    static ULONG cookie;
    if (!cookie && !NT_SUCCESS(NtQueryInformationProcess(NtCurrentProcess(), ProcessCookie,
                                                         &cookie, sizeof cookie, NULL)))
        cookie = SharedUserData->Cookie;
    return cookie;
}

static PVOID Encode(PVOID pointer, ULONG cookie)
{
    ULONG value = (ULONG)(ULONG_PTR)pointer ^ cookie, turn = cookie & 31;
    return (PVOID)(ULONG_PTR)(turn ? value >> turn | value << (32 - turn) : value);
}

static PVOID Decode(PVOID pointer, ULONG cookie)
{
    ULONG value = (ULONG)(ULONG_PTR)pointer, turn = cookie & 31;
    return (PVOID)(ULONG_PTR)((turn ? value << turn | value >> (32 - turn) : value) ^ cookie);
}

PVOID NTAPI RtlEncodePointer(PVOID Pointer)
{
    return Encode(Pointer, Cookie());
}

PVOID NTAPI RtlDecodePointer(PVOID Pointer)
{
    return Decode(Pointer, Cookie());
}

PVOID NTAPI RtlEncodeSystemPointer(PVOID Pointer)
{
    return Encode(Pointer, SharedUserData->Cookie);
}

PVOID NTAPI RtlDecodeSystemPointer(PVOID Pointer)
{
    return Decode(Pointer, SharedUserData->Cookie);
}
