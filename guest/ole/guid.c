/* GUIDs and their text. */
#include "rtl.h"
#include <string.h>
#include <winerror.h>

enum { TEXT = 38 }; /* characters of {xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx} */

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size);

/* A random GUID: version 4, variant 10 (RFC 9562, 5.4). */
HRESULT WINAPI CoCreateGuid(GUID *guid)
{
    if (!guid) return E_INVALIDARG;
    ProcessPrng((PBYTE)guid, sizeof *guid);
    guid->Data3 = (guid->Data3 & 0xFFF) | 0x4000;
    guid->Data4[0] = (guid->Data4[0] & 0x3F) | 0x80;
    return S_OK;
}

static WCHAR *put(WCHAR *out, ULONG value, int digits)
{
    while (digits--) {
        *out++ = L"0123456789ABCDEF"[value >> (digits * 4) & 15];
    }
    return out;
}

int WINAPI StringFromGUID2(const GUID *guid, WCHAR *text, int room)
{
    WCHAR *out = text;
    if (room <= TEXT) return 0;
    *out++ = '{';
    out = put(out, guid->Data1, 8);
    *out++ = '-';
    out = put(out, guid->Data2, 4);
    *out++ = '-';
    out = put(out, guid->Data3, 4);
    for (int i = 0; i < 8; i++) {
        if (i == 0 || i == 2) *out++ = '-';
        out = put(out, guid->Data4[i], 2);
    }
    *out++ = '}';
    *out = 0;
    return TEXT + 1;
}

HRESULT WINAPI StringFromCLSID(const GUID *guid, WCHAR **text)
{
    *text = RtlAllocateHeap(GetProcessHeap(), 0, (TEXT + 1) * sizeof(WCHAR));
    if (!*text) return E_OUTOFMEMORY;
    StringFromGUID2(guid, *text, TEXT + 1);
    return S_OK;
}

HRESULT WINAPI IIDFromString(const WCHAR *text, GUID *guid)
{
    UNICODE_STRING string;
    if (!guid) return E_INVALIDARG;
    memset(guid, 0, sizeof *guid);
    if (!text) return S_OK;
    if (wcslen(text) != TEXT) return E_INVALIDARG;
    RtlInitUnicodeString(&string, text);
    return NT_SUCCESS(RtlGUIDFromString(&string, guid)) ? S_OK : CO_E_IIDSTRING;
}

/* Names of programs ("Excel.Application") would be in the registry: there are none. */
HRESULT WINAPI CLSIDFromString(const WCHAR *text, GUID *guid)
{
    HRESULT result = IIDFromString(text, guid);
    return SUCCEEDED(result) || !guid ? result : CO_E_CLASSSTRING;
}
