/* Algorithms and their properties. */
#include "provider.h"

enum { ALGORITHM = 0x676C616D };

static const struct {
    const WCHAR *name;
    ULONG digest, block; /* bytes */
} kinds[] = {
    [HASH_MD5] = {L"MD5", 16, 64},       [HASH_SHA1] = {L"SHA1", 20, 64},
    [HASH_SHA256] = {L"SHA256", 32, 64}, [HASH_SHA384] = {L"SHA384", 48, 128},
    [HASH_SHA512] = {L"SHA512", 64, 128}, [HASH_KINDS] = {L"RNG", 0, 0},
};

/* The handles that are constants of bcrypt.h: 0x21 is MD5, … 0x61 SHA512, 0x81 random numbers, and
 * 0x91 … 0xD1 the codes with a key. */
static const struct algorithm constants[] = {
    [2] = {ALGORITHM, HASH_MD5, FALSE},    [3] = {ALGORITHM, HASH_SHA1, FALSE},
    [4] = {ALGORITHM, HASH_SHA256, FALSE}, [5] = {ALGORITHM, HASH_SHA384, FALSE},
    [6] = {ALGORITHM, HASH_SHA512, FALSE}, [8] = {ALGORITHM, HASH_KINDS, FALSE},
    [9] = {ALGORITHM, HASH_MD5, TRUE},     [10] = {ALGORITHM, HASH_SHA1, TRUE},
    [11] = {ALGORITHM, HASH_SHA256, TRUE}, [12] = {ALGORITHM, HASH_SHA384, TRUE},
    [13] = {ALGORITHM, HASH_SHA512, TRUE},
};

const struct algorithm *algorithm_of(BCRYPT_HANDLE handle)
{
    ULONG_PTR number = (ULONG_PTR)handle;
    const struct algorithm *algorithm = handle;
    if (number < 0x1000) {
        number = (number & 0xF) == 1 ? number >> 4 : 0;
        algorithm = number < sizeof constants / sizeof *constants ? &constants[number] : NULL;
    }
    return algorithm && algorithm->magic == ALGORITHM ? algorithm : NULL;
}

ULONG digest_size(enum hash_kind kind)
{
    return kinds[kind].digest;
}

const WCHAR *algorithm_name(const struct algorithm *algorithm)
{
    return kinds[algorithm->kind].name;
}

NTSTATUS WINAPI BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE *handle, LPCWSTR name,
    LPCWSTR implementation, ULONG flags)
{
    struct algorithm *algorithm;
    ULONG kind = 0;
    (void)implementation;
    if (!handle || !name) return STATUS_INVALID_PARAMETER;
    if (flags & ~(ULONG)(BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_PROV_DISPATCH))
        return STATUS_INVALID_PARAMETER;
    while (kind <= HASH_KINDS && wcscmp(kinds[kind].name, name)) kind++;
    if (kind > HASH_KINDS) return STATUS_NOT_FOUND;
    algorithm = RtlAllocateHeap(NtPeb()->ProcessHeap, 0, sizeof *algorithm);
    if (!algorithm) return STATUS_NO_MEMORY;
    *algorithm = (struct algorithm){ALGORITHM, kind, (flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0};
    *handle = algorithm;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE handle, ULONG flags)
{
    (void)flags;
    if (!algorithm_of(handle)) return STATUS_INVALID_HANDLE;
    if ((ULONG_PTR)handle < 0x1000) return STATUS_SUCCESS;
    ((struct algorithm *)handle)->magic = 0;
    RtlFreeHeap(NtPeb()->ProcessHeap, 0, handle);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptGetProperty(BCRYPT_HANDLE handle, LPCWSTR property, PUCHAR output, ULONG room,
    ULONG *size, ULONG flags)
{
    const struct algorithm *algorithm = algorithm_of(handle);
    const void *value;
    ULONG number, length = sizeof number;
    (void)flags;
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!property || !size) return STATUS_INVALID_PARAMETER;
    value = &number;
    if (!wcscmp(property, BCRYPT_ALGORITHM_NAME)) {
        value = algorithm_name(algorithm);
        length = (ULONG)(wcslen(value) + 1) * sizeof(WCHAR);
    } else if (!wcscmp(property, BCRYPT_OBJECT_LENGTH)) {
        number = sizeof(struct hash_state) * 2;
    } else if (algorithm->kind == HASH_KINDS) {
        return STATUS_NOT_SUPPORTED;
    } else if (!wcscmp(property, BCRYPT_HASH_LENGTH)) {
        number = kinds[algorithm->kind].digest;
    } else if (!wcscmp(property, BCRYPT_HASH_BLOCK_LENGTH)) {
        number = kinds[algorithm->kind].block;
    } else {
        return STATUS_NOT_SUPPORTED;
    }
    *size = length;
    if (!output) return STATUS_SUCCESS;
    if (room < length) return STATUS_BUFFER_TOO_SMALL;
    memcpy(output, value, length);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptSetProperty(BCRYPT_HANDLE handle, LPCWSTR property, PUCHAR input, ULONG size,
    ULONG flags)
{
    (void)property, (void)input, (void)size, (void)flags;
    return algorithm_of(handle) ? STATUS_NOT_SUPPORTED : STATUS_INVALID_HANDLE;
}

NTSTATUS WINAPI BCryptGetFipsAlgorithmMode(BOOLEAN *enabled)
{
    if (!enabled) return STATUS_INVALID_PARAMETER;
    *enabled = FALSE;
    return STATUS_SUCCESS;
}
