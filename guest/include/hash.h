/* Hashes, and codes with a key, which bcryptprimitives.dll has for bcrypt and advapi32. */
#pragma once
#include <stddef.h>

enum hash_kind { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA384, HASH_SHA512, HASH_KINDS };
#define HASH_LONGEST 64 /* bytes of a result */

/* Copied byte for byte it is a second state, independent of the first. */
struct hash_state {
    _Alignas(16) unsigned char opaque[1024];
};

/* With a key (not NULL) a code, else a hash. 0: there is no such kind. */
int hash_begin(struct hash_state *state, enum hash_kind kind, const void *key, size_t key_size);
void hash_add(struct hash_state *state, const void *data, size_t size);
/* The result's size follows from the kind; the state is spent. */
void hash_end(struct hash_state *state, unsigned char result[HASH_LONGEST]);
