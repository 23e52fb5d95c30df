/* UUIDs and their text; there is nobody to be called. */
#include "rtl.h"
#include <string.h>
#include <rpcnterr.h>
#include <winerror.h>

enum { TEXT = 36 };

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size);

/* Version 4, variant 10 (RFC 9562, 5.4). */
LONG WINAPI UuidCreate(GUID *uuid)
{
    ProcessPrng((PBYTE)uuid, sizeof *uuid);
    uuid->Data3 = (uuid->Data3 & 0xFFF) | 0x4000;
    uuid->Data4[0] = (uuid->Data4[0] & 0x3F) | 0x80;
    return RPC_S_OK;
}

/* Without a network card only this machine can tell that the UUID is unique. */
LONG WINAPI UuidCreateSequential(GUID *uuid)
{
    UuidCreate(uuid);
    return RPC_S_UUID_LOCAL_ONLY;
}

static int form(const GUID *uuid, char *text)
{
    static const char digits[] = "0123456789abcdef";
    BYTE bytes[16] = {uuid->Data1 >> 24, uuid->Data1 >> 16, uuid->Data1 >> 8, uuid->Data1,
        uuid->Data2 >> 8, uuid->Data2, uuid->Data3 >> 8, uuid->Data3};
    int length = 0;
    memcpy(bytes + 8, uuid->Data4, 8);
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text[length++] = '-';
        text[length++] = digits[bytes[i] >> 4];
        text[length++] = digits[bytes[i] & 15];
    }
    return length;
}

static const GUID nil;

LONG WINAPI UuidToStringA(const GUID *uuid, char **text)
{
    if (!text) return RPC_S_OUT_OF_MEMORY;
    *text = RtlAllocateHeap(GetProcessHeap(), 0, TEXT + 1);
    if (!*text) return RPC_S_OUT_OF_MEMORY;
    (*text)[form(uuid ? uuid : &nil, *text)] = 0;
    return RPC_S_OK;
}

LONG WINAPI UuidToStringW(const GUID *uuid, WCHAR **text)
{
    char narrow[TEXT + 1];
    if (!text) return RPC_S_OUT_OF_MEMORY;
    *text = RtlAllocateHeap(GetProcessHeap(), 0, (TEXT + 1) * sizeof(WCHAR));
    if (!*text) return RPC_S_OUT_OF_MEMORY;
    form(uuid ? uuid : &nil, narrow);
    for (int i = 0; i < TEXT; i++) (*text)[i] = (WCHAR)narrow[i];
    (*text)[TEXT] = 0;
    return RPC_S_OK;
}

LONG WINAPI UuidFromStringW(const WCHAR *text, GUID *uuid)
{
    WCHAR braces[TEXT + 3];
    UNICODE_STRING string;
    if (!text) {
        memset(uuid, 0, sizeof *uuid);
        return RPC_S_OK;
    }
    if (wcslen(text) != TEXT) return RPC_S_INVALID_STRING_UUID;
    braces[0] = '{';
    memcpy(braces + 1, text, TEXT * sizeof(WCHAR));
    braces[TEXT + 1] = '}';
    braces[TEXT + 2] = 0;
    RtlInitUnicodeString(&string, braces);
    return NT_SUCCESS(RtlGUIDFromString(&string, uuid)) ? RPC_S_OK : RPC_S_INVALID_STRING_UUID;
}

LONG WINAPI RpcStringFreeW(PVOID *text)
{
    if (text && *text) RtlFreeHeap(GetProcessHeap(), 0, *text);
    if (text) *text = NULL;
    return RPC_S_OK;
}
