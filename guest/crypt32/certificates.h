/* Stores of certificates. A machine without a network trusts nobody: its system stores are empty,
 * and there are stores in memory that programs fill. */
#pragma once
#include "wide.h"
#include <string.h>
#include <winerror.h>
#include <wincrypt.h>

/* A counted certificate with its encoded bytes behind it; CERT_CONTEXT is what programs see. */
struct certificate {
    CERT_CONTEXT context;
    CERT_INFO info;
    LONG references;
    BYTE encoded[];
};

struct stored {
    LIST_ENTRY link;
    struct certificate *certificate;
};

struct store {
    LONG references;
    RTL_CRITICAL_SECTION lock;
    LIST_ENTRY certificates; /* struct stored, in the order of their coming */
};

static inline struct certificate *certificate_of(PCCERT_CONTEXT context)
{
    return CONTAINING_RECORD(context, struct certificate, context);
}

/* Fills the parts of CERT_INFO that lie in the encoding (RFC 5280, 4.1). FALSE: no certificate. */
BOOL parse_certificate(const BYTE *encoded, DWORD size, CERT_INFO *info);

static inline BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}
