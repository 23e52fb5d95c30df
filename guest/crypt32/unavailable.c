/* What is not there: chains of trust, messages, key stores, decoded structures. */
#include "certificates.h"

PCERT_EXTENSION WINAPI CertFindExtension(LPCSTR id, DWORD count, CERT_EXTENSION extensions[])
{
    for (DWORD i = 0; i < count; i++)
        if (!strcmp(id, extensions[i].pszObjId)) return &extensions[i];
    return NULL;
}

/* "If the name is not found, a zero-length string": 1, the terminator. */
DWORD WINAPI CertGetNameStringW(PCCERT_CONTEXT context, DWORD kind, DWORD flags, void *type,
    LPWSTR name, DWORD size)
{
    (void)context, (void)kind, (void)flags, (void)type;
    if (name && size) *name = 0;
    return 1;
}

DWORD WINAPI CertGetNameStringA(PCCERT_CONTEXT context, DWORD kind, DWORD flags, void *type,
    LPSTR name, DWORD size)
{
    (void)context, (void)kind, (void)flags, (void)type;
    if (name && size) *name = 0;
    return 1;
}

/* RFC 7292: a sequence that begins with version 3. */
BOOL WINAPI PFXIsPFXBlob(CRYPT_DATA_BLOB *blob)
{
    const BYTE *data = blob->pbData;
    DWORD size = blob->cbData, header;
    if (size < 2 || data[0] != 0x30) return FALSE;
    header = 2 + (data[1] & 0x80 ? data[1] & 0x7F : 0);
    return size >= header + 3 && data[header] == 2 && data[header + 1] == 1 && data[header + 2] == 3;
}

/* Nothing was given out that could be freed. */
void WINAPI free_nothing(void *object)
{
    (void)object;
}

static BOOL unavailable(void)
{
    return fail(ERROR_CALL_NOT_IMPLEMENTED);
}

BOOL WINAPI unavailable1(PVOID a)
{
    (void)a;
    return unavailable();
}

BOOL WINAPI unavailable2(PVOID a, PVOID b)
{
    (void)a, (void)b;
    return unavailable();
}

BOOL WINAPI unavailable3(PVOID a, PVOID b, PVOID c)
{
    (void)a, (void)b, (void)c;
    return unavailable();
}

BOOL WINAPI unavailable4(PVOID a, PVOID b, PVOID c, PVOID d)
{
    (void)a, (void)b, (void)c, (void)d;
    return unavailable();
}

BOOL WINAPI unavailable8(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g, (void)h;
    return unavailable();
}

BOOL WINAPI unavailable11(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h,
    PVOID i, PVOID j, PVOID k)
{
    (void)i, (void)j, (void)k;
    return unavailable8(a, b, c, d, e, f, g, h);
}
