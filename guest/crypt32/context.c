/* Certificates: counted, and never changed. */
#include "certificates.h"

PCCERT_CONTEXT WINAPI CertCreateCertificateContext(DWORD encoding, const BYTE *encoded, DWORD size)
{
    struct certificate *certificate;
    if ((encoding & 0xFFFF) != X509_ASN_ENCODING) {
        fail(E_INVALIDARG);
        return NULL;
    }
    certificate = RtlAllocateHeap(GetProcessHeap(), 0, sizeof *certificate + size);
    if (!certificate) {
        fail(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    memcpy(certificate->encoded, encoded, size);
    if (!parse_certificate(certificate->encoded, size, &certificate->info)) {
        RtlFreeHeap(GetProcessHeap(), 0, certificate);
        fail((DWORD)CRYPT_E_ASN1_BADTAG);
        return NULL;
    }
    certificate->references = 1;
    certificate->context =
        (CERT_CONTEXT){encoding, certificate->encoded, size, &certificate->info, NULL};
    return &certificate->context;
}

PCCERT_CONTEXT WINAPI CertDuplicateCertificateContext(PCCERT_CONTEXT context)
{
    if (context) InterlockedIncrement(&certificate_of(context)->references);
    return context;
}

BOOL WINAPI CertFreeCertificateContext(PCCERT_CONTEXT context)
{
    if (context && !InterlockedDecrement(&certificate_of(context)->references))
        RtlFreeHeap(GetProcessHeap(), 0, certificate_of(context));
    return TRUE;
}

/* Properties are not kept. */
BOOL WINAPI CertGetCertificateContextProperty(PCCERT_CONTEXT context, DWORD property, void *data,
    DWORD *size)
{
    (void)context, (void)property, (void)data, (void)size;
    return fail((DWORD)CRYPT_E_NOT_FOUND);
}

LONG WINAPI CertVerifyTimeValidity(LPFILETIME time, PCERT_INFO info)
{
    FILETIME now;
    if (!time) {
        GetSystemTimeAsFileTime(&now);
        time = &now;
    }
    if (CompareFileTime(time, &info->NotBefore) < 0) return -1;
    return CompareFileTime(time, &info->NotAfter) > 0;
}
