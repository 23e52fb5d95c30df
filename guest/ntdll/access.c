/* Access masks, privileges and identifiers that are 64 bits wide. */
#include "ntdll.h"

VOID NTAPI RtlMapGenericMask(PACCESS_MASK Mask, const GENERIC_MAPPING *Mapping)
{
    ACCESS_MASK mask = *Mask;
    if (mask & GENERIC_READ)
        mask |= Mapping->GenericRead;
    if (mask & GENERIC_WRITE)
        mask |= Mapping->GenericWrite;
    if (mask & GENERIC_EXECUTE)
        mask |= Mapping->GenericExecute;
    if (mask & GENERIC_ALL)
        mask |= Mapping->GenericAll;
    *Mask = mask & ~(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL);
}

BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired)
{
    return (Granted & Desired) == Desired;
}

BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK Granted, ACCESS_MASK Desired)
{
    return (Granted & Desired) != 0;
}

BOOLEAN NTAPI RtlEqualLuid(const LUID *Left, const LUID *Right)
{
    return Left->LowPart == Right->LowPart && Left->HighPart == Right->HighPart;
}

VOID NTAPI RtlCopyLuid(PLUID Target, const LUID *Source)
{
    *Target = *Source;
}

VOID NTAPI RtlCopyLuidAndAttributesArray(ULONG Count, const LUID_AND_ATTRIBUTES *Source,
    PLUID_AND_ATTRIBUTES Target)
{
    memmove(Target, Source, Count * sizeof *Target);
}

static NTSTATUS OpenToken(BOOLEAN ofThread, HANDLE *token)
{
    ACCESS_MASK access = TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY;
    return ofThread ? NtOpenThreadToken(NtCurrentThread(), access, FALSE, token)
                    : NtOpenProcessToken(NtCurrentProcess(), access, token);
}

NTSTATUS NTAPI RtlAdjustPrivilege(ULONG Privilege, BOOLEAN Enable, BOOLEAN OfThread,
    PBOOLEAN WasEnabled)
{
    TOKEN_PRIVILEGES wanted = {1, {{{Privilege, 0}, Enable ? SE_PRIVILEGE_ENABLED : 0}}}, before;
    HANDLE token;
    ULONG returned;
    NTSTATUS status = OpenToken(OfThread, &token);
    if (!NT_SUCCESS(status))
        return status;
    status = NtAdjustPrivilegesToken(token, FALSE, &wanted, sizeof before, &before, &returned);
    NtClose(token);
    if (status == STATUS_NOT_ALL_ASSIGNED)
        return STATUS_PRIVILEGE_NOT_HELD;
    if (NT_SUCCESS(status))
        *WasEnabled = before.PrivilegeCount ? (before.Privileges[0].Attributes
                                               & SE_PRIVILEGE_ENABLED) != 0
                                            : Enable;
    return status;
}

NTSTATUS NTAPI RtlImpersonateSelf(SECURITY_IMPERSONATION_LEVEL Level)
{
    enum { ThreadImpersonationToken = 5 };
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof quality, Level, 0, FALSE};
    OBJECT_ATTRIBUTES object = {.Length = sizeof object, .SecurityQualityOfService = &quality};
    HANDLE own, copy;
    NTSTATUS status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &own);
    if (!NT_SUCCESS(status))
        return status;
    status = NtDuplicateToken(own, TOKEN_IMPERSONATE, &object, FALSE, TokenImpersonation, &copy);
    NtClose(own);
    if (!NT_SUCCESS(status))
        return status;
    status = NtSetInformationThread(NtCurrentThread(), ThreadImpersonationToken, &copy,
                                    sizeof copy);
    NtClose(copy);
    return status;
}
