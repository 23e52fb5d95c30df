/* Hashes of the old cryptographic service providers; there are no keys. */
#include "advapi32.h"
#include "hash.h"
#include <wincrypt.h>

enum { HASH = 0x68736148 };

struct crypt_hash {
    ULONG magic;
    ALG_ID algorithm;
    DWORD size;
    BOOL finished;
    struct hash_state state;
    BYTE value[HASH_LONGEST];
};

static const struct {
    ALG_ID algorithm;
    enum hash_kind kind;
    DWORD size;
} kinds[] = {
    {CALG_MD5, HASH_MD5, 16},         {CALG_SHA1, HASH_SHA1, 20},
    {CALG_SHA_256, HASH_SHA256, 32},  {CALG_SHA_384, HASH_SHA384, 48},
    {CALG_SHA_512, HASH_SHA512, 64},
};

static struct crypt_hash *hash_of(HCRYPTHASH handle)
{
    struct crypt_hash *hash = (struct crypt_hash *)handle;
    if (hash && hash->magic == HASH) return hash;
    set_error((DWORD)NTE_BAD_HASH);
    return NULL;
}

BOOL WINAPI CryptCreateHash(HCRYPTPROV provider, ALG_ID algorithm, HCRYPTKEY key, DWORD flags,
    HCRYPTHASH *handle)
{
    struct crypt_hash *hash;
    SIZE_T i = 0;
    if (!provider || !handle) return set_error(ERROR_INVALID_PARAMETER);
    if (flags) return set_error((DWORD)NTE_BAD_FLAGS);
    if (key) return set_error((DWORD)NTE_BAD_KEY);
    while (i < COUNT(kinds) && kinds[i].algorithm != algorithm) i++;
    if (i == COUNT(kinds)) return set_error((DWORD)NTE_BAD_ALGID);
    hash = allocate(sizeof *hash);
    if (!hash) return set_error(ERROR_NOT_ENOUGH_MEMORY);
    hash->magic = HASH;
    hash->algorithm = algorithm;
    hash->size = kinds[i].size;
    hash->finished = FALSE;
    hash_begin(&hash->state, kinds[i].kind, NULL, 0);
    *handle = (HCRYPTHASH)hash;
    return TRUE;
}

BOOL WINAPI CryptHashData(HCRYPTHASH handle, const BYTE *data, DWORD size, DWORD flags)
{
    struct crypt_hash *hash = hash_of(handle);
    if (!hash) return FALSE;
    if (flags) return set_error((DWORD)NTE_BAD_FLAGS);
    if (hash->finished) return set_error((DWORD)NTE_BAD_HASH_STATE);
    hash_add(&hash->state, data, size);
    return TRUE;
}

static BOOL give(const void *value, DWORD size, BYTE *data, DWORD *room)
{
    DWORD had = *room;
    *room = size;
    if (!data) return TRUE;
    if (had < size) return set_error(ERROR_MORE_DATA);
    memcpy(data, value, size);
    return TRUE;
}

/* Asking for the value finishes the hash. */
BOOL WINAPI CryptGetHashParam(HCRYPTHASH handle, DWORD what, BYTE *data, DWORD *size, DWORD flags)
{
    struct crypt_hash *hash = hash_of(handle);
    if (!hash) return FALSE;
    if (flags) return set_error((DWORD)NTE_BAD_FLAGS);
    if (!size) return set_error(ERROR_INVALID_PARAMETER);
    if (what == HP_ALGID) return give(&hash->algorithm, sizeof hash->algorithm, data, size);
    if (what == HP_HASHSIZE) return give(&hash->size, sizeof hash->size, data, size);
    if (what != HP_HASHVAL) return set_error((DWORD)NTE_BAD_TYPE);
    if (data && *size >= hash->size && !hash->finished) {
        hash_end(&hash->state, hash->value);
        hash->finished = TRUE;
    }
    return give(hash->value, hash->size, data, size);
}

/* A value that was computed elsewhere, to be signed: HP_HASHVAL only. */
BOOL WINAPI CryptSetHashParam(HCRYPTHASH handle, DWORD what, const BYTE *data, DWORD flags)
{
    struct crypt_hash *hash = hash_of(handle);
    (void)flags;
    if (!hash) return FALSE;
    if (what != HP_HASHVAL) return set_error((DWORD)NTE_BAD_TYPE);
    memcpy(hash->value, data, hash->size);
    hash->finished = TRUE;
    return TRUE;
}

BOOL WINAPI CryptDuplicateHash(HCRYPTHASH handle, DWORD *reserved, DWORD flags, HCRYPTHASH *copy)
{
    struct crypt_hash *hash = hash_of(handle), *other;
    if (!hash) return FALSE;
    if (reserved || flags || !copy) return set_error(ERROR_INVALID_PARAMETER);
    other = allocate(sizeof *other);
    if (!other) return set_error(ERROR_NOT_ENOUGH_MEMORY);
    *other = *hash;
    *copy = (HCRYPTHASH)other;
    return TRUE;
}

BOOL WINAPI CryptDestroyHash(HCRYPTHASH handle)
{
    struct crypt_hash *hash = hash_of(handle);
    if (!hash) return FALSE;
    hash->magic = 0;
    release(hash);
    return TRUE;
}
