/* The security support provider interface of a machine without packages (no Kerberos, no TLS):
 * credentials cannot be had, and so there are no contexts. */
#include "rtl.h"
#include <winerror.h>

#define NO_PACKAGE ((LONG)SEC_E_SECPKG_NOT_FOUND)
#define NO_HANDLE ((LONG)SEC_E_INVALID_HANDLE)

LONG WINAPI EnumerateSecurityPackagesW(ULONG *count, PVOID *packages)
{
    if (!count || !packages) return (LONG)SEC_E_INVALID_TOKEN;
    *count = 0;
    *packages = NULL;
    return SEC_E_OK;
}

LONG WINAPI QuerySecurityPackageInfoW(PVOID name, PVOID *package)
{
    (void)name;
    if (package) *package = NULL;
    return NO_PACKAGE;
}

LONG WINAPI AcquireCredentialsHandleW(PVOID principal, PVOID package, ULONG use, PVOID logon,
    PVOID data, PVOID key, PVOID argument, PVOID credential, PVOID expiry)
{
    (void)principal, (void)package, (void)use, (void)logon, (void)data, (void)key, (void)argument;
    (void)credential, (void)expiry;
    return NO_PACKAGE;
}

LONG WINAPI no_handle1(PVOID a)
{
    (void)a;
    return NO_HANDLE;
}

LONG WINAPI no_handle2(PVOID a, PVOID b)
{
    (void)a, (void)b;
    return NO_HANDLE;
}

LONG WINAPI no_handle3(PVOID a, PVOID b, PVOID c)
{
    (void)a, (void)b, (void)c;
    return NO_HANDLE;
}

LONG WINAPI no_handle4(PVOID a, PVOID b, PVOID c, PVOID d)
{
    (void)a, (void)b, (void)c, (void)d;
    return NO_HANDLE;
}

LONG WINAPI no_handle8(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h)
{
    (void)e, (void)f, (void)g, (void)h;
    return no_handle4(a, b, c, d);
}

LONG WINAPI no_handle9(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h,
    PVOID i)
{
    (void)i;
    return no_handle8(a, b, c, d, e, f, g, h);
}

LONG WINAPI no_handle12(PVOID a, PVOID b, PVOID c, PVOID d, PVOID e, PVOID f, PVOID g, PVOID h,
    PVOID i, PVOID j, PVOID k, PVOID l)
{
    (void)i, (void)j, (void)k, (void)l;
    return no_handle8(a, b, c, d, e, f, g, h);
}

/* SECURITY_FUNCTION_TABLE of sspi.h, version 1; both forms of it are the same here. */
PVOID WINAPI InitSecurityInterfaceW(void)
{
    static const struct {
        ULONG version;
        const void *functions[26];
    } table = {1, {EnumerateSecurityPackagesW, no_handle3, AcquireCredentialsHandleW, no_handle1,
        NULL, no_handle12, no_handle9, no_handle2, no_handle1, no_handle2, no_handle3, no_handle1,
        no_handle1, no_handle4, no_handle4, no_handle1, QuerySecurityPackageInfoW, NULL, NULL,
        no_handle4, no_handle4, no_handle8, NULL, no_handle2, no_handle4, no_handle4}};
    return (PVOID)&table;
}
