/* The handles of CNG here: hashes, codes with a key, and random numbers. There are no ciphers, so
 * there are no keys: whoever passes one passes an invalid handle. */
#pragma once
#include "hash.h"
#include "ntcalls.h"
#include "rtl.h"
#include <bcrypt.h>
#include <string.h>

struct algorithm {
    ULONG magic;
    enum hash_kind kind; /* HASH_KINDS: random numbers */
    BOOL keyed;
};

/* The algorithm that a handle stands for, be it one of the constants; NULL: none. */
const struct algorithm *algorithm_of(BCRYPT_HANDLE handle);
ULONG digest_size(enum hash_kind kind);
const WCHAR *algorithm_name(const struct algorithm *algorithm);

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size);
