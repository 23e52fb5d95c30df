/* Symmetric keys, hashes and random bytes of bcrypt.dll. */
#include <windows.h>
#include <bcrypt.h>
#include <stdio.h>

static const UCHAR secret[25] = "0123456789abcdefghijklmn";
static const UCHAR text[33] = "sixteen bytes 16sixteen bytes 32";

static void show(const char *what, NTSTATUS status, const UCHAR *data, ULONG size)
{
    printf("%s %lx", what, status);
    for (ULONG i = 0; i < size; i++) printf("%s%02x", i ? "" : " ", data[i]);
    printf("\n");
}

static void chain(const WCHAR *algorithm, const WCHAR *mode, ULONG secret_size, ULONG vector_size)
{
    BCRYPT_ALG_HANDLE provider = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR vector[17] = "vector of bytes!", out[64], back[64];
    ULONG size = 0;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&provider, algorithm, NULL, 0);
    printf("%ls %ls open %lx", algorithm, mode, status);
    status = BCryptSetProperty(provider, BCRYPT_CHAINING_MODE, (UCHAR *)mode,
        (ULONG)(wcslen(mode) + 1) * 2, 0);
    printf(" mode %lx", status);
    status = BCryptGenerateSymmetricKey(provider, &key, NULL, 0, (UCHAR *)secret, secret_size, 0);
    printf(" key %lx\n", status);
    status = BCryptEncrypt(key, (UCHAR *)text, 32, NULL, vector_size ? vector : NULL, vector_size,
        out, sizeof out, &size, 0);
    show("encrypt", status, out, size);
    memcpy(vector, "vector of bytes!", 16);
    status = BCryptDecrypt(key, out, size, NULL, vector_size ? vector : NULL, vector_size, back,
        sizeof back, &size, 0);
    show("decrypt", status, back, size);
    memcpy(vector, "vector of bytes!", 16);
    status = BCryptEncrypt(key, (UCHAR *)text, 21, NULL, vector_size ? vector : NULL, vector_size,
        out, sizeof out, &size, BCRYPT_BLOCK_PADDING);
    show("padded", status, out, status ? 0 : size);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(provider, 0);
}

static void sealed(ULONG changed)
{
    BCRYPT_ALG_HANDLE provider = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    UCHAR nonce[12] = "nonce bytes", tag[16] = "", out[64], back[64] = "";
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    ULONG size = 0;
    NTSTATUS status;
    BCryptOpenAlgorithmProvider(&provider, BCRYPT_AES_ALGORITHM, NULL, 0);
    BCryptSetProperty(provider, BCRYPT_CHAINING_MODE, (UCHAR *)BCRYPT_CHAIN_MODE_GCM,
        sizeof BCRYPT_CHAIN_MODE_GCM, 0);
    BCryptGenerateSymmetricKey(provider, &key, NULL, 0, (UCHAR *)secret, 16, 0);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = sizeof nonce;
    info.pbAuthData = (UCHAR *)"more", info.cbAuthData = 4;
    info.pbTag = tag, info.cbTag = sizeof tag;
    status = BCryptEncrypt(key, (UCHAR *)text, 21, &info, NULL, 0, out, sizeof out, &size, 0);
    show("seal", status, out, size);
    show("tag", status, tag, 16);
    tag[0] ^= changed;
    status = BCryptDecrypt(key, out, size, &info, NULL, 0, back, sizeof back, &size, 0);
    show("unseal", status, back, status ? 0 : size);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(provider, 0);
}

static void hash(const WCHAR *algorithm, ULONG size)
{
    BCRYPT_ALG_HANDLE provider = NULL;
    BCRYPT_HASH_HANDLE hash = NULL;
    UCHAR digest[64];
    NTSTATUS status = BCryptOpenAlgorithmProvider(&provider, algorithm, NULL, 0);
    if (!status) status = BCryptCreateHash(provider, &hash, NULL, 0, NULL, 0, 0);
    if (!status) status = BCryptHashData(hash, (UCHAR *)text, 32, 0);
    if (!status) status = BCryptFinishHash(hash, digest, size, 0);
    printf("%ls ", algorithm);
    show("hash", status, digest, size);
    BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(provider, 0);
}

int main(void)
{
    UCHAR random[16] = {0};
    ULONG set = 0;
    NTSTATUS status;
    chain(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 16, 16);
    chain(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 16, 0);
    chain(BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 24, 8);
    sealed(0);
    sealed(1);
    hash(BCRYPT_SHA256_ALGORITHM, 32);
    hash(BCRYPT_SHA1_ALGORITHM, 20);
    hash(BCRYPT_MD5_ALGORITHM, 16);
    status = BCryptGenRandom(NULL, random, sizeof random, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
    for (int i = 0; i < 16; i++) set += random[i] != 0;
    printf("random %lx %d\n", status, set > 8);
    return 0;
}
