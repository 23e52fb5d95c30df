/* Hashes of the old cryptographic providers, random numbers, and security by handle. */
#include <windows.h>
#include <aclapi.h>
#include <wincrypt.h>
#include <stdio.h>

static void hash(HCRYPTPROV provider, ALG_ID algorithm)
{
    HCRYPTHASH first = 0, second = 0;
    BYTE value[64];
    DWORD size = 0, written = sizeof size;
    BOOL done = CryptCreateHash(provider, algorithm, 0, 0, &first);
    printf("%x: %d", algorithm, done);
    if (!done) {
        printf(" %lx\n", GetLastError());
        return;
    }
    CryptHashData(first, (const BYTE *)"ab", 2, 0);
    printf(" %d", CryptDuplicateHash(first, NULL, 0, &second));
    CryptHashData(first, (const BYTE *)"c", 1, 0);
    printf(" %d", CryptGetHashParam(first, HP_HASHSIZE, (BYTE *)&size, &written, 0));
    printf(" %lu ", size);
    for (int i = 0; i < 2; i++) {
        written = sizeof value;
        CryptGetHashParam(i ? second : first, HP_HASHVAL, value, &written, 0);
        for (DWORD k = 0; k < written; k++) printf("%02x", value[k]);
        printf(" ");
    }
    printf("%d", CryptHashData(first, value, 1, 0));
    printf(" %lx\n", GetLastError());
    CryptDestroyHash(first);
    CryptDestroyHash(second);
}

static void entries(void)
{
    EXPLICIT_ACCESSA entry = {GENERIC_READ, GRANT_ACCESS, NO_INHERITANCE, {NULL,
        NO_MULTIPLE_TRUSTEE, TRUSTEE_IS_SID, TRUSTEE_IS_WELL_KNOWN_GROUP, NULL}};
    SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    ACL *first = NULL, *second = NULL;
    entry.Trustee.ptstrName = (char *)&everyone;
    printf("%lu", SetEntriesInAclA(1, &entry, NULL, &first));
    printf(" %d", first->AceCount);
    entry.grfAccessMode = DENY_ACCESS;
    printf(" %lu", SetEntriesInAclA(1, &entry, first, &second));
    printf(" %d %d\n", second->AceCount,
        ((ACE_HEADER *)(second + 1))->AceType == ACCESS_DENIED_ACE_TYPE);
    LocalFree(first);
    LocalFree(second);
}

int main(void)
{
    HCRYPTPROV provider;
    BYTE bytes[8];
    ACL *dacl = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    printf("%d\n", CryptAcquireContextA(&provider, NULL, NULL, PROV_RSA_AES, CRYPT_VERIFYCONTEXT));
    printf("%d\n", CryptGenRandom(provider, sizeof bytes, bytes));
    hash(provider, CALG_MD5);
    hash(provider, CALG_SHA1);
    hash(provider, CALG_SHA_256);
    hash(provider, CALG_SHA_512);
    hash(provider, 0x1234);
    printf("%d\n", CryptReleaseContext(provider, 0));
    printf("%lu", GetSecurityInfo(event, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL,
        &dacl, NULL, &descriptor));
    printf(" %d\n", IsValidSecurityDescriptor(descriptor));
    printf("%lu\n", SetSecurityInfo(event, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL,
        NULL, NULL));
    LocalFree(descriptor);
    entries();
    return 0;
}
