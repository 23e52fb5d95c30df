/* Environment variables and the command line. */
#include "kernel32.h"

LPWSTR WINAPI GetCommandLineW(void)
{
    return NtPeb()->ProcessParameters->CommandLine.Buffer;
}

static char *ansi_command_line;

LPSTR WINAPI GetCommandLineA(void)
{
    if (!ansi_command_line) {
        ANSI_STRING ansi;
        if (NT_SUCCESS(RtlUnicodeStringToAnsiString(&ansi,
                &NtPeb()->ProcessParameters->CommandLine, TRUE)) &&
            InterlockedCompareExchangePointer((PVOID *)&ansi_command_line, ansi.Buffer, NULL))
            RtlFreeAnsiString(&ansi);
    }
    return ansi_command_line;
}

static SIZE_T block_length(const WCHAR *block)
{
    const WCHAR *end = block;
    while (*end) end += wcslen(end) + 1;
    return (SIZE_T)(end - block) + 1;
}

LPWSTR WINAPI GetEnvironmentStringsW(void)
{
    SIZE_T count;
    WCHAR *copy;
    RtlAcquirePebLock();
    count = block_length(NtPeb()->ProcessParameters->Environment);
    copy = allocate(count * sizeof(WCHAR) + sizeof(WCHAR));
    if (copy) {
        memcpy(copy, NtPeb()->ProcessParameters->Environment, count * sizeof(WCHAR));
        copy[count] = 0;
    }
    RtlReleasePebLock();
    return copy;
}

LPSTR WINAPI GetEnvironmentStringsA(void)
{
    WCHAR *block = GetEnvironmentStringsW();
    char *copy = NULL;
    if (block) {
        int count = (int)block_length(block) + 1;
        int size = WideCharToMultiByte(CP_ACP, 0, block, count, NULL, 0, NULL, NULL);
        copy = allocate((SIZE_T)size);
        if (copy) WideCharToMultiByte(CP_ACP, 0, block, count, copy, size, NULL, NULL);
        release(block);
    }
    return copy;
}

BOOL WINAPI FreeEnvironmentStringsW(LPWSTR block)
{
    if (block) release(block);
    return TRUE;
}

BOOL WINAPI FreeEnvironmentStringsA(LPSTR block)
{
    return FreeEnvironmentStringsW((LPWSTR)block);
}

DWORD WINAPI GetEnvironmentVariableW(LPCWSTR name, LPWSTR buffer, DWORD size)
{
    UNICODE_STRING key, value;
    NTSTATUS status;
    RtlInitUnicodeString(&key, name);
    value.Buffer = buffer;
    value.Length = 0;
    value.MaximumLength = (USHORT)(min(size ? size - 1 : 0, 32766) * sizeof(WCHAR));
    status = RtlQueryEnvironmentVariable_U(NULL, &key, &value);
    if (status == STATUS_BUFFER_TOO_SMALL) return value.Length / sizeof(WCHAR) + 1;
    if (!set_status(status)) return 0;
    if (!size) return value.Length / sizeof(WCHAR) + 1;
    buffer[value.Length / sizeof(WCHAR)] = 0;
    return value.Length / sizeof(WCHAR);
}

static DWORD get_variable(void *name, WCHAR *buffer, DWORD size)
{
    return GetEnvironmentVariableW(name, buffer, size);
}

DWORD WINAPI GetEnvironmentVariableA(LPCSTR name, LPSTR buffer, DWORD size)
{
    WIDE(wide, name);
    return narrow_get(get_variable, wide, buffer, size, CP_ACP);
}

BOOL WINAPI SetEnvironmentVariableW(LPCWSTR name, LPCWSTR value)
{
    UNICODE_STRING key, text;
    NTSTATUS status;
    if (!name || !*name) return set_error(ERROR_INVALID_PARAMETER);
    RtlInitUnicodeString(&key, name);
    if (!set_status(RtlInitUnicodeStringEx(&text, value))) return FALSE;
    status = RtlSetEnvironmentVariable(NULL, &key, value ? &text : NULL);
    return set_status(status);
}

BOOL WINAPI SetEnvironmentVariableA(LPCSTR name, LPCSTR value)
{
    WIDE(wide, name);
    WIDE(text, value);
    return SetEnvironmentVariableW(wide, text);
}

DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR source, LPWSTR buffer, DWORD size)
{
    UNICODE_STRING text, target = {0, (USHORT)(min(size, 32767) * sizeof(WCHAR)), buffer};
    ULONG needed = 0;
    NTSTATUS status;
    RtlInitUnicodeString(&text, source);
    status = RtlExpandEnvironmentStrings_U(NULL, &text, &target, &needed);
    if (status == STATUS_BUFFER_TOO_SMALL) {
        if (size) *buffer = 0;
        return needed / sizeof(WCHAR);
    }
    return set_status(status) ? needed / sizeof(WCHAR) : 0;
}

DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR source, LPSTR buffer, DWORD size)
{
    WIDE(wide, source);
    DWORD count = ExpandEnvironmentStringsW(wide, NULL, 0), needed;
    WCHAR *text = count ? allocate(count * sizeof(WCHAR)) : NULL;
    if (!text) return 0;
    ExpandEnvironmentStringsW(wide, text, count);
    needed = (DWORD)WideCharToMultiByte(CP_ACP, 0, text, -1, NULL, 0, NULL, NULL);
    if (needed <= size) WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, (int)size, NULL, NULL);
    release(text);
    return needed;
}

BOOL WINAPI NeedCurrentDirectoryForExePathW(LPCWSTR name)
{
    if (wcschr(name, L'\\')) return TRUE;
    return !GetEnvironmentVariableW(L"NoDefaultCurrentDirectoryInExePath", NULL, 0);
}

BOOL WINAPI NeedCurrentDirectoryForExePathA(LPCSTR name)
{
    WIDE(wide, name);
    return NeedCurrentDirectoryForExePathW(wide);
}
