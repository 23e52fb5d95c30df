/* Hashes, codes with a key and key derivation. */
#include <windows.h>
#include <bcrypt.h>
#include <stdio.h>

static void show(const char *what, NTSTATUS status, const UCHAR *data, ULONG size)
{
    printf("%s %08lx ", what, status);
    for (ULONG i = 0; i < size; i++) printf("%02x", data[i]);
    printf("\n");
}

static void hash(BCRYPT_ALG_HANDLE algorithm, ULONG size, UCHAR *key, ULONG key_size)
{
    BCRYPT_HASH_HANDLE first, second;
    UCHAR out[64];
    printf("create %08lx\n", BCryptCreateHash(algorithm, &first, NULL, 0, key, key_size, 0));
    BCryptHashData(first, (UCHAR *)"ab", 2, 0);
    printf("duplicate %08lx\n", BCryptDuplicateHash(first, &second, NULL, 0, 0));
    BCryptHashData(first, (UCHAR *)"c", 1, 0);
    show("abc", BCryptFinishHash(first, out, size, 0), out, size);
    printf("short %08lx\n", BCryptFinishHash(second, out, size - 1, 0));
    show("ab", BCryptFinishHash(second, out, size, 0), out, size);
    printf("destroy %08lx\n", BCryptDestroyHash(first));
    BCryptDestroyHash(second);
}

static void algorithm(const WCHAR *name, ULONG flags)
{
    BCRYPT_ALG_HANDLE handle;
    UCHAR out[50];
    ULONG size = 0, written = 0;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&handle, name, NULL, flags);
    printf("%ls %lu %08lx\n", name, flags, status);
    if (status) return;
    status = BCryptGetProperty(handle, BCRYPT_HASH_LENGTH, (UCHAR *)&size, 4, &written, 0);
    printf("%08lx %lu %lu\n", status, size, written);
    hash(handle, size, flags ? (UCHAR *)"key" : NULL, flags ? 3 : 0);
    if (flags) {
        status = BCryptDeriveKeyPBKDF2(handle, (UCHAR *)"password", 8, (UCHAR *)"salt", 4, 3, out,
            sizeof out, 0);
        show("key", status, out, sizeof out);
    }
    BCryptCloseAlgorithmProvider(handle, 0);
}

int main(void)
{
    static const WCHAR *const names[] = {BCRYPT_MD5_ALGORITHM, BCRYPT_SHA1_ALGORITHM,
        BCRYPT_SHA256_ALGORITHM, BCRYPT_SHA384_ALGORITHM, BCRYPT_SHA512_ALGORITHM};
    BCRYPT_HASH_HANDLE hash;
    UCHAR out[5];
    for (int i = 0; i < 5; i++) {
        algorithm(names[i], 0);
        algorithm(names[i], BCRYPT_ALG_HANDLE_HMAC_FLAG);
    }
    printf("%08lx\n", BCryptGenRandom(NULL, out, 5, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    printf("%08lx\n", BCryptGenRandom(NULL, out, 5, 0));
    printf("%08lx\n", BCryptCreateHash(NULL, &hash, NULL, 0, NULL, 0, 0));
    printf("%08lx\n", BCryptHashData(NULL, out, 1, 0));
    return 0;
}
