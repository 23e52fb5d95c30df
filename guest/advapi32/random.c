/* The old cryptographic service providers: a context is only good for random numbers. */
#include "advapi32.h"

typedef ULONG_PTR HCRYPTPROV;
BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size);

BOOL WINAPI CryptAcquireContextW(HCRYPTPROV *provider, LPCWSTR container, LPCWSTR name, DWORD type,
    DWORD flags)
{
    (void)container;
    (void)name;
    (void)type;
    (void)flags;
    *provider = 1;
    return TRUE;
}

BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *provider, LPCSTR container, LPCSTR name, DWORD type,
    DWORD flags)
{
    (void)container;
    (void)name;
    return CryptAcquireContextW(provider, NULL, NULL, type, flags);
}

BOOL WINAPI CryptGenRandom(HCRYPTPROV provider, DWORD size, BYTE *buffer)
{
    (void)provider;
    return ProcessPrng(buffer, size);
}

BOOL WINAPI CryptReleaseContext(HCRYPTPROV provider, DWORD flags)
{
    (void)provider;
    (void)flags;
    return TRUE;
}
