/* Stores of certificates in memory, and base64. The certificate was made for this test. */
#include <windows.h>
#include <wincrypt.h>
#include <stdio.h>

static const char pem[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBgzCCASmgAwIBAgIUZKWmq9S7oEvAAe83rSDrpoDZ3hUwCgYIKoZIzj0EAwIw\n"
    "FzEVMBMGA1UEAwwMcGljb3J1biB0ZXN0MB4XDTI2MTEyOTAyNTE1NloXDTI4MDEw\n"
    "MzAyNTE1NlowFzEVMBMGA1UEAwwMcGljb3J1biB0ZXN0MFkwEwYHKoZIzj0CAQYI\n"
    "KoZIzj0DAQcDQgAE2NFIv8Xa3xc4wFaN7Xyy21fBwsW2AsEN0cb4MM3M4GcyeitS\n"
    "0kUpPHWGM5TMFb34PcN+VO+KqFVaSGRgFNwbjqNTMFEwHQYDVR0OBBYEFPU0xMiy\n"
    "JpAjgSCqxQifqKZ5lagPMB8GA1UdIwQYMBaAFPU0xMiyJpAjgSCqxQifqKZ5lagP\n"
    "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgTT8NFeMJia4KbLv8\n"
    "/0V1OfGRFOVa8xuNMkMQAv2sdcICIQC1msjbCbpT9KO8e9kbcgOA40jNBsTor7W0\n"
    "ADe1TOwJJA==\n"
    "-----END CERTIFICATE-----\n";

static void text(const char *source, DWORD flags)
{
    BYTE out[64];
    DWORD size = sizeof out, skipped = 9, kind = 9;
    BOOL done = CryptStringToBinaryA(source, 0, flags, out, &size, &skipped, &kind);
    printf("[%s] %lu: %d", source, flags, done);
    if (!done) printf(" %lx", GetLastError());
    else printf(" %lu %lu %lu %.*s", size, skipped, kind, (int)size, out);
    printf("\n");
}

static void show(PCCERT_CONTEXT certificate)
{
    SYSTEMTIME time;
    FileTimeToSystemTime(&certificate->pCertInfo->NotBefore, &time);
    printf("version %lu serial %lu bytes issuer %lu subject %lu from %d to %d\n",
        certificate->pCertInfo->dwVersion, certificate->pCertInfo->SerialNumber.cbData,
        certificate->pCertInfo->Issuer.cbData, certificate->pCertInfo->Subject.cbData, time.wYear,
        certificate->pCertInfo->NotAfter.dwHighDateTime >
            certificate->pCertInfo->NotBefore.dwHighDateTime);
}

int main(void)
{
    BYTE der[2048];
    DWORD size = sizeof der;
    PCCERT_CONTEXT first, second, found = NULL;
    HCERTSTORE store;
    int count = 0;
    text("aGVsbG8=", CRYPT_STRING_BASE64);
    text("aGVs bG8", CRYPT_STRING_BASE64);
    text("aGV*", CRYPT_STRING_BASE64);
    text("aGVsbG8=", CRYPT_STRING_BASE64HEADER);
    printf("%d", CryptStringToBinaryA(pem, 0, CRYPT_STRING_BASE64HEADER, der, &size, NULL, NULL));
    printf(" %lu\n", size);
    store = CertOpenStore(CERT_STORE_PROV_MEMORY, 0, 0, 0, NULL);
    printf("%d %d", store != NULL, CertEnumCertificatesInStore(store, NULL) == NULL);
    printf(" %lx\n", GetLastError());
    printf("%d\n", CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, der, size,
        CERT_STORE_ADD_ALWAYS, &first));
    show(first);
    second = CertCreateCertificateContext(X509_ASN_ENCODING, der, size);
    CertAddCertificateContextToStore(store, second, CERT_STORE_ADD_ALWAYS, NULL);
    while ((found = CertEnumCertificatesInStore(store, found))) count++;
    printf("%d %lx\n", count, GetLastError());
    found = CertFindCertificateInStore(store, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, second, NULL);
    printf("%d %d\n", found != NULL, found && found->cbCertEncoded == size);
    CertFreeCertificateContext(found);
    printf("%d\n", CertDeleteCertificateFromStore(first));
    for (count = 0, found = NULL; (found = CertEnumCertificatesInStore(store, found));) count++;
    printf("%d\n", count);
    CertFreeCertificateContext(second);
    printf("%d\n", CertCloseStore(store, 0));
    printf("%d\n", CertCreateCertificateContext(X509_ASN_ENCODING, der, 10) == NULL);
    return 0;
}
