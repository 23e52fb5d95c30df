/* What else is asked of cryptographic service providers. They keep no keys: nobody has one. */
#include "advapi32.h"
#include <wincrypt.h>

/* The containers of keys are none; names and the like are not told. */
BOOL WINAPI CryptGetProvParam(HCRYPTPROV provider, DWORD what, BYTE *data, DWORD *size, DWORD flags)
{
    (void)data, (void)size, (void)flags;
    if (!provider) return set_error(ERROR_INVALID_PARAMETER);
    return set_error(what == PP_ENUMCONTAINERS ? ERROR_NO_MORE_ITEMS : (DWORD)NTE_BAD_TYPE);
}

BOOL WINAPI CryptSetProvParam(HCRYPTPROV provider, DWORD what, const BYTE *data, DWORD flags)
{
    (void)what, (void)data, (void)flags;
    return set_error(provider ? (DWORD)NTE_BAD_TYPE : ERROR_INVALID_PARAMETER);
}

/* As the registry lists them. */
BOOL WINAPI CryptEnumProvidersW(DWORD index, DWORD *reserved, DWORD flags, DWORD *type, LPWSTR name,
    DWORD *size)
{
    static const WCHAR path[] = L"SOFTWARE\\Microsoft\\Cryptography\\Defaults\\Provider";
    WCHAR text[MAX_PATH];
    DWORD length = MAX_PATH, bytes = sizeof *type;
    HKEY key;
    LSTATUS error;
    if (reserved || flags || !type || !size) return set_error(ERROR_INVALID_PARAMETER);
    error = RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key);
    if (error) return set_error((DWORD)error);
    error = RegEnumKeyExW(key, index, text, &length, NULL, NULL, NULL, NULL);
    if (!error) error = RegGetValueW(key, text, L"Type", RRF_RT_REG_DWORD, NULL, type, &bytes);
    RegCloseKey(key);
    if (error) return set_error((DWORD)error);
    bytes = (length + 1) * sizeof(WCHAR);
    if (name && *size < bytes) error = ERROR_MORE_DATA;
    else if (name) memcpy(name, text, bytes);
    *size = bytes;
    return error ? set_error((DWORD)error) : TRUE;
}

BOOL WINAPI CryptGetUserKey(HCRYPTPROV provider, DWORD kind, HCRYPTKEY *key)
{
    (void)provider, (void)kind, (void)key;
    return set_error((DWORD)NTE_NO_KEY);
}

BOOL WINAPI CryptSignHashW(HCRYPTHASH hash, DWORD kind, LPCWSTR text, DWORD flags, BYTE *signature,
    DWORD *size)
{
    (void)hash, (void)kind, (void)text, (void)flags, (void)signature, (void)size;
    return set_error((DWORD)NTE_NO_KEY);
}

BOOL WINAPI CryptExportKey(HCRYPTKEY key, HCRYPTKEY with, DWORD kind, DWORD flags, BYTE *data,
    DWORD *size)
{
    (void)key, (void)with, (void)kind, (void)flags, (void)data, (void)size;
    return set_error((DWORD)NTE_BAD_KEY);
}

BOOL WINAPI CryptDecrypt(HCRYPTKEY key, HCRYPTHASH hash, BOOL final, DWORD flags, BYTE *data,
    DWORD *size)
{
    (void)key, (void)hash, (void)final, (void)flags, (void)data, (void)size;
    return set_error((DWORD)NTE_BAD_KEY);
}

BOOL WINAPI CryptDestroyKey(HCRYPTKEY key)
{
    (void)key;
    return set_error((DWORD)NTE_BAD_KEY);
}

BOOL WINAPI CryptEncrypt(HCRYPTKEY key, HCRYPTHASH hash, BOOL final, DWORD flags, BYTE *data,
    DWORD *size, DWORD room)
{
    (void)key, (void)hash, (void)final, (void)flags, (void)data, (void)size, (void)room;
    return set_error((DWORD)NTE_BAD_KEY);
}

BOOL WINAPI CryptImportKey(HCRYPTPROV provider, const BYTE *data, DWORD size, HCRYPTKEY with,
    DWORD flags, HCRYPTKEY *key)
{
    (void)provider, (void)data, (void)size, (void)with, (void)flags, (void)key;
    return set_error((DWORD)NTE_BAD_TYPE);
}
