/* The current user's part of the registry. */
#include "ntdll.h"

#define USERS L"\\Registry\\User\\"

/* \Registry\User\ and the SID of the token that the thread acts with. */
NTSTATUS NTAPI RtlFormatCurrentUserKeyPath(PUNICODE_STRING Path)
{
    union {
        TOKEN_USER user;
        UCHAR room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } info;
    WCHAR text[SECURITY_MAX_SID_SIZE * 3];
    UNICODE_STRING sid = {0, sizeof text, text};
    HANDLE token;
    ULONG returned;
    NTSTATUS status = NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &token);
    if (!NT_SUCCESS(status))
        status = NtOpenProcessToken(NtCurrentProcess(), TOKEN_QUERY, &token);
    if (!NT_SUCCESS(status))
        return status;
    status = NtQueryInformationToken(token, TokenUser, &info, sizeof info, &returned);
    NtClose(token);
    if (NT_SUCCESS(status))
        status = RtlConvertSidToUnicodeString(&sid, info.user.User.Sid, FALSE);
    if (!NT_SUCCESS(status))
        return status;
    Path->Length = 0;
    Path->MaximumLength = sizeof USERS + sid.Length;
    Path->Buffer = Allocate(Path->MaximumLength);
    if (!Path->Buffer)
        return STATUS_NO_MEMORY;
    RtlAppendUnicodeToString(Path, USERS);
    return RtlAppendUnicodeStringToString(Path, &sid);
}

NTSTATUS NTAPI RtlOpenCurrentUser(ACCESS_MASK Access, PHANDLE Key)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES object;
    NTSTATUS status = RtlFormatCurrentUserKeyPath(&path);
    if (NT_SUCCESS(status)) {
        InitializeObjectAttributes(&object, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
        status = NtOpenKey(Key, Access, &object);
        RtlFreeUnicodeString(&path);
        if (NT_SUCCESS(status))
            return status;
    }
    RtlInitUnicodeString(&path, USERS L".Default");
    InitializeObjectAttributes(&object, &path, OBJ_CASE_INSENSITIVE, NULL, NULL);
    return NtOpenKey(Key, Access, &object);
}
