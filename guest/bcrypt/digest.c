/* Hash objects: a state to work with and the one that they begin with, for those that are used
 * again (BCRYPT_HASH_REUSABLE_FLAG). */
#include "provider.h"

enum { HASH = 0x68736168 };

struct digest {
    ULONG magic;
    enum hash_kind kind;
    BOOL reusable, finished;
    struct hash_state first, now;
};

static struct digest *digest_of(BCRYPT_HASH_HANDLE handle)
{
    struct digest *digest = handle;
    return (ULONG_PTR)digest >= 0x1000 && digest->magic == HASH ? digest : NULL;
}

static struct digest *new_digest(void)
{
    return RtlAllocateHeap(NtPeb()->ProcessHeap, 0, sizeof(struct digest));
}

/* The memory that callers offer is not used. */
NTSTATUS WINAPI BCryptCreateHash(BCRYPT_ALG_HANDLE provider, BCRYPT_HASH_HANDLE *handle,
    PUCHAR object, ULONG object_size, PUCHAR key, ULONG key_size, ULONG flags)
{
    const struct algorithm *algorithm = algorithm_of(provider);
    struct digest *digest;
    (void)object, (void)object_size;
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!handle || flags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG) return STATUS_INVALID_PARAMETER;
    if (algorithm->kind == HASH_KINDS) return STATUS_NOT_SUPPORTED;
    if (!algorithm->keyed && key && key_size) return STATUS_INVALID_PARAMETER;
    digest = new_digest();
    if (!digest) return STATUS_NO_MEMORY;
    digest->magic = HASH;
    digest->kind = algorithm->kind;
    digest->reusable = (flags & BCRYPT_HASH_REUSABLE_FLAG) != 0;
    digest->finished = FALSE;
    hash_begin(&digest->first, algorithm->kind, algorithm->keyed ? (key ? key : (PUCHAR)"") : NULL,
        key ? key_size : 0);
    digest->now = digest->first;
    *handle = digest;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptHashData(BCRYPT_HASH_HANDLE handle, PUCHAR data, ULONG size, ULONG flags)
{
    struct digest *digest = digest_of(handle);
    (void)flags;
    if (!digest) return STATUS_INVALID_HANDLE;
    if (digest->finished) return STATUS_INVALID_HANDLE;
    if (size && !data) return STATUS_INVALID_PARAMETER;
    hash_add(&digest->now, data, size);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptFinishHash(BCRYPT_HASH_HANDLE handle, PUCHAR output, ULONG size, ULONG flags)
{
    struct digest *digest = digest_of(handle);
    UCHAR result[HASH_LONGEST];
    (void)flags;
    if (!digest || digest->finished) return STATUS_INVALID_HANDLE;
    if (!output || size != digest_size(digest->kind)) return STATUS_INVALID_PARAMETER;
    hash_end(&digest->now, result);
    memcpy(output, result, size);
    if (digest->reusable) digest->now = digest->first;
    else digest->finished = TRUE;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDuplicateHash(BCRYPT_HASH_HANDLE handle, BCRYPT_HASH_HANDLE *copy,
    PUCHAR object, ULONG object_size, ULONG flags)
{
    struct digest *digest = digest_of(handle), *other;
    (void)object, (void)object_size, (void)flags;
    if (!digest) return STATUS_INVALID_HANDLE;
    if (!copy) return STATUS_INVALID_PARAMETER;
    other = new_digest();
    if (!other) return STATUS_NO_MEMORY;
    *other = *digest;
    *copy = other;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDestroyHash(BCRYPT_HASH_HANDLE handle)
{
    struct digest *digest = digest_of(handle);
    if (!digest) return STATUS_INVALID_HANDLE;
    digest->magic = 0;
    RtlFreeHeap(NtPeb()->ProcessHeap, 0, digest);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptHash(BCRYPT_ALG_HANDLE provider, PUCHAR key, ULONG key_size, PUCHAR data,
    ULONG size, PUCHAR output, ULONG output_size)
{
    BCRYPT_HASH_HANDLE hash;
    NTSTATUS status = BCryptCreateHash(provider, &hash, NULL, 0, key, key_size, 0);
    if (!NT_SUCCESS(status)) return status;
    status = BCryptHashData(hash, data, size, 0);
    if (NT_SUCCESS(status)) status = BCryptFinishHash(hash, output, output_size, 0);
    BCryptDestroyHash(hash);
    return status;
}

/* RFC 8018, 5.2: block T is U1 xor U2 … xor Uc, U1 the code of salt and block number. */
NTSTATUS WINAPI BCryptDeriveKeyPBKDF2(BCRYPT_ALG_HANDLE provider, PUCHAR password,
    ULONG password_size, PUCHAR salt, ULONG salt_size, ULONGLONG iterations, PUCHAR output,
    ULONG size, ULONG flags)
{
    const struct algorithm *algorithm = algorithm_of(provider);
    struct hash_state keyed, state;
    ULONG length, taken;
    (void)flags;
    if (!algorithm) return STATUS_INVALID_HANDLE;
    if (!algorithm->keyed || !iterations || !output || !size) return STATUS_INVALID_PARAMETER;
    length = digest_size(algorithm->kind);
    hash_begin(&keyed, algorithm->kind, password ? password : (PUCHAR)"", password_size);
    for (ULONG block = 1; size; block++, size -= taken, output += taken) {
        UCHAR step[HASH_LONGEST], sum[HASH_LONGEST] = {0};
        UCHAR number[4] = {block >> 24, block >> 16, block >> 8, block};
        state = keyed;
        hash_add(&state, salt, salt_size);
        hash_add(&state, number, sizeof number);
        hash_end(&state, step);
        memcpy(sum, step, length);
        for (ULONGLONG i = 1; i < iterations; i++) {
            state = keyed;
            hash_add(&state, step, length);
            hash_end(&state, step);
            for (ULONG byte = 0; byte < length; byte++) sum[byte] ^= step[byte];
        }
        taken = size < length ? size : length;
        memcpy(output, sum, taken);
    }
    return STATUS_SUCCESS;
}
