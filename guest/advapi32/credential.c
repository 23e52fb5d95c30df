/* Credentials that the user has stored: none, and nowhere to store them. */
#include "advapi32.h"

BOOL WINAPI CredReadW(LPCWSTR target, DWORD type, DWORD flags, PVOID *credential)
{
    (void)type, (void)flags;
    if (!target || !credential) return set_error(ERROR_INVALID_PARAMETER);
    *credential = NULL;
    return set_error(ERROR_NOT_FOUND);
}

BOOL WINAPI CredWriteW(PVOID credential, DWORD flags)
{
    (void)flags;
    return set_error(credential ? ERROR_NO_SUCH_LOGON_SESSION : ERROR_INVALID_PARAMETER);
}

BOOL WINAPI CredDeleteW(LPCWSTR target, DWORD type, DWORD flags)
{
    (void)type, (void)flags;
    return set_error(target ? ERROR_NOT_FOUND : ERROR_INVALID_PARAMETER);
}

VOID WINAPI CredFree(PVOID buffer)
{
    if (buffer) release(buffer);
}
