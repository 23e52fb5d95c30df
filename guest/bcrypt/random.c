/* Random numbers, and what asks for keys. */
#include "provider.h"

NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE provider, PUCHAR data, ULONG size, ULONG flags)
{
    const struct algorithm *algorithm = algorithm_of(provider);
    if (!provider && !(flags & BCRYPT_USE_SYSTEM_PREFERRED_RNG)) return STATUS_INVALID_HANDLE;
    if (provider && (!algorithm || algorithm->kind != HASH_KINDS)) return STATUS_INVALID_HANDLE;
    if (!data && size) return STATUS_INVALID_PARAMETER;
    ProcessPrng(data, size);
    return STATUS_SUCCESS;
}

static NTSTATUS no_key(void)
{
    return STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI no_key1(PVOID a)
{
    (void)a;
    return no_key();
}

NTSTATUS WINAPI no_key2(PVOID a, PVOID b)
{
    (void)a, (void)b;
    return no_key();
}

NTSTATUS WINAPI no_key4(PVOID a, PVOID b, PVOID c, PVOID d)
{
    (void)a, (void)b, (void)c, (void)d;
    return no_key();
}

NTSTATUS WINAPI no_key7(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)f, (void)g;
    return no_key();
}

NTSTATUS WINAPI no_key8(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h)
{
    (void)h;
    return no_key7(a, b, c, d, e, f, g);
}

NTSTATUS WINAPI no_key9(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h,
    PVOID i)
{
    (void)h, (void)i;
    return no_key7(a, b, c, d, e, f, g);
}

NTSTATUS WINAPI no_key10(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h,
    PVOID i, PVOID j)
{
    (void)h, (void)i, (void)j;
    return no_key7(a, b, c, d, e, f, g);
}
