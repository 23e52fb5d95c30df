/* Stores, of which programs see handles. */
#include "certificates.h"
#include "wide.inc"

static BOOL names(LPCSTR provider, LPCSTR name, ULONG_PTR number)
{
    if (!((ULONG_PTR)provider >> 16)) return (ULONG_PTR)provider == number;
    return !lstrcmpiA(provider, name);
}

/* Stores of files, messages and the like are not there: ERROR_FILE_NOT_FOUND, as for a provider
 * that nobody has registered. */
HCERTSTORE WINAPI CertOpenStore(LPCSTR provider, DWORD encoding, HCRYPTPROV_LEGACY context,
    DWORD flags, const void *parameter)
{
    struct store *store;
    (void)encoding, (void)context, (void)flags, (void)parameter;
    if (!names(provider, sz_CERT_STORE_PROV_MEMORY, 2) &&
        !names(provider, sz_CERT_STORE_PROV_SYSTEM_W, 10) &&
        !names(provider, "SystemA", 9) && !names(provider, sz_CERT_STORE_PROV_COLLECTION, 11)) {
        fail(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    store = RtlAllocateHeap(GetProcessHeap(), 0, sizeof *store);
    if (!store) {
        fail(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    store->references = 1;
    store->certificates.Flink = store->certificates.Blink = &store->certificates;
    RtlInitializeCriticalSection(&store->lock);
    return store;
}

HCERTSTORE WINAPI CertOpenSystemStoreW(HCRYPTPROV_LEGACY context, LPCWSTR name)
{
    if (name) return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, context, 0, name);
    fail(E_INVALIDARG);
    return NULL;
}

HCERTSTORE WINAPI CertOpenSystemStoreA(HCRYPTPROV_LEGACY context, LPCSTR name)
{
    WIDE(wide, name);
    return CertOpenSystemStoreW(context, wide);
}

HCERTSTORE WINAPI CertDuplicateStore(HCERTSTORE handle)
{
    struct store *store = handle;
    if (store) InterlockedIncrement(&store->references);
    return handle;
}

BOOL WINAPI CertCloseStore(HCERTSTORE handle, DWORD flags)
{
    struct store *store = handle;
    (void)flags;
    if (!store || InterlockedDecrement(&store->references)) return TRUE;
    while (store->certificates.Flink != &store->certificates) {
        struct stored *stored = CONTAINING_RECORD(store->certificates.Flink, struct stored, link);
        store->certificates.Flink = stored->link.Flink;
        CertFreeCertificateContext(&stored->certificate->context);
        RtlFreeHeap(GetProcessHeap(), 0, stored);
    }
    RtlDeleteCriticalSection(&store->lock);
    RtlFreeHeap(GetProcessHeap(), 0, store);
    return TRUE;
}

/* Adds a certificate that nobody else refers to; takes the reference over. */
static BOOL add(struct store *store, PCCERT_CONTEXT context, PCCERT_CONTEXT *added)
{
    struct stored *stored = RtlAllocateHeap(GetProcessHeap(), 0, sizeof *stored);
    if (!stored) {
        CertFreeCertificateContext(context);
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    stored->certificate = certificate_of(context);
    stored->certificate->context.hCertStore = store;
    RtlEnterCriticalSection(&store->lock);
    stored->link = (LIST_ENTRY){&store->certificates, store->certificates.Blink};
    store->certificates.Blink->Flink = &stored->link;
    store->certificates.Blink = &stored->link;
    RtlLeaveCriticalSection(&store->lock);
    if (added) *added = CertDuplicateCertificateContext(context);
    return TRUE;
}

BOOL WINAPI CertAddEncodedCertificateToStore(HCERTSTORE store, DWORD encoding, const BYTE *encoded,
    DWORD size, DWORD disposition, PCCERT_CONTEXT *added)
{
    PCCERT_CONTEXT context = CertCreateCertificateContext(encoding, encoded, size);
    (void)disposition;
    if (!context) return FALSE;
    if (store) return add(store, context, added);
    CertFreeCertificateContext(context);
    return fail(E_INVALIDARG);
}

BOOL WINAPI CertAddCertificateContextToStore(HCERTSTORE store, PCCERT_CONTEXT context,
    DWORD disposition, PCCERT_CONTEXT *added)
{
    return CertAddEncodedCertificateToStore(store, context->dwCertEncodingType,
        context->pbCertEncoded, context->cbCertEncoded, disposition, added);
}

/* The entry after that of `previous`, whose reference is given back; `wanted` is compared with whole
 * encodings unless it is NULL. */
static PCCERT_CONTEXT next(struct store *store, PCCERT_CONTEXT previous, PCCERT_CONTEXT wanted)
{
    BOOL passed = previous == NULL;
    PCCERT_CONTEXT found = NULL;
    RtlEnterCriticalSection(&store->lock);
    for (LIST_ENTRY *link = store->certificates.Flink; link != &store->certificates && !found;
         link = link->Flink) {
        struct stored *stored = CONTAINING_RECORD(link, struct stored, link);
        PCCERT_CONTEXT context = &stored->certificate->context;
        if (!passed) passed = context == previous;
        else if (!wanted || (context->cbCertEncoded == wanted->cbCertEncoded &&
                 !memcmp(context->pbCertEncoded, wanted->pbCertEncoded, wanted->cbCertEncoded)))
            found = CertDuplicateCertificateContext(context);
    }
    RtlLeaveCriticalSection(&store->lock);
    CertFreeCertificateContext(previous);
    if (!found) fail((DWORD)CRYPT_E_NOT_FOUND);
    return found;
}

PCCERT_CONTEXT WINAPI CertEnumCertificatesInStore(HCERTSTORE store, PCCERT_CONTEXT previous)
{
    if (store) return next(store, previous, NULL);
    fail(E_INVALIDARG);
    return NULL;
}

/* CERT_FIND_ANY and CERT_FIND_EXISTING; nothing is found by what is not kept or not compared. */
PCCERT_CONTEXT WINAPI CertFindCertificateInStore(HCERTSTORE store, DWORD encoding, DWORD flags,
    DWORD kind, const void *parameter, PCCERT_CONTEXT previous)
{
    (void)encoding, (void)flags;
    if (store && kind == CERT_FIND_ANY) return next(store, previous, NULL);
    if (store && kind == CERT_FIND_EXISTING) return next(store, previous, parameter);
    CertFreeCertificateContext(previous);
    fail(store ? (DWORD)CRYPT_E_NOT_FOUND : (DWORD)E_INVALIDARG);
    return NULL;
}

BOOL WINAPI CertDeleteCertificateFromStore(PCCERT_CONTEXT context)
{
    struct store *store = context->hCertStore;
    if (store) {
        RtlEnterCriticalSection(&store->lock);
        for (LIST_ENTRY *link = store->certificates.Flink; link != &store->certificates;
             link = link->Flink) {
            struct stored *stored = CONTAINING_RECORD(link, struct stored, link);
            if (&stored->certificate->context != context) continue;
            link->Blink->Flink = link->Flink;
            link->Flink->Blink = link->Blink;
            stored->certificate->context.hCertStore = NULL;
            CertFreeCertificateContext(context);
            RtlFreeHeap(GetProcessHeap(), 0, stored);
            break;
        }
        RtlLeaveCriticalSection(&store->lock);
    }
    return CertFreeCertificateContext(context);
}
