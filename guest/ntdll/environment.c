/* Environments: blocks of "NAME=value" strings, terminated, with an empty one at the end, sorted
 * by name without regard to case. NULL stands for the process's own. */
#include "ntdll.h"

static PWSTR *Own(void)
{
    return &NtPeb()->ProcessParameters->Environment;
}

/* Characters with the last terminator. */
static SIZE_T BlockLength(PCWSTR block)
{
    PCWSTR at = block;
    while (*at)
        at += wcslen(at) + 1;
    return at - block + 1;
}

/* An '=' at the start belongs to the name: "=C:". */
static ULONG NameLength(PCWSTR entry)
{
    ULONG count = 0;
    while (entry[count] && (entry[count] != '=' || !count))
        count++;
    return count;
}

/* The entry of that name, or where it would be. */
static PWSTR Find(PWSTR block, PCWSTR name, ULONG count, BOOL *found)
{
    *found = FALSE;
    for (; *block; block += wcslen(block) + 1) {
        LONG order = RtlCompareUnicodeStrings(block, NameLength(block), name, count, TRUE);
        *found = !order;
        if (!order)
            return block;
    }
    return block;
}

static PWSTR InsertPoint(PWSTR block, PCWSTR name, ULONG count)
{
    while (*block && RtlCompareUnicodeStrings(block, NameLength(block), name, count, TRUE) < 0)
        block += wcslen(block) + 1;
    return block;
}

/* Lengths in characters; *Returned without terminator, or with it when the buffer is too small. */
NTSTATUS NTAPI RtlQueryEnvironmentVariable(PWSTR Environment, PCWSTR Name, SIZE_T NameLengthIn,
                                           PWSTR Value, SIZE_T ValueLength, PSIZE_T Returned)
{
    NTSTATUS status = STATUS_VARIABLE_NOT_FOUND;
    BOOL found;
    if (!Environment)
        RtlAcquirePebLock();
    PWSTR block = Environment ? Environment : *Own();
    PWSTR entry = block ? Find(block, Name, NameLengthIn, &found) : NULL;
    *Returned = 0;
    if (entry && found) {
        PCWSTR value = entry + NameLengthIn + 1;
        SIZE_T count = entry[NameLengthIn] ? wcslen(value) : 0;
        status = STATUS_BUFFER_TOO_SMALL;
        *Returned = count + 1;
        if (count <= ValueLength && Value) {
            memcpy(Value, value, count * sizeof(WCHAR));
            if (count < ValueLength)
                Value[count] = 0;
            *Returned = count;
            status = STATUS_SUCCESS;
        }
    }
    if (!Environment)
        RtlReleasePebLock();
    return status;
}

NTSTATUS NTAPI RtlQueryEnvironmentVariable_U(PWSTR Environment, PCUNICODE_STRING Name,
                                             PUNICODE_STRING Value)
{
    SIZE_T count;
    NTSTATUS status = RtlQueryEnvironmentVariable(Environment, Name->Buffer,
                                                  Name->Length / sizeof(WCHAR), Value->Buffer,
                                                  Value->MaximumLength / sizeof(WCHAR), &count);
    if (status == STATUS_BUFFER_TOO_SMALL && count)
        count--;
    Value->Length = (USHORT)(count * sizeof(WCHAR));
    return status;
}

static PWSTR NewBlock(SIZE_T count)
{
    PVOID base = NULL;
    SIZE_T size = count * sizeof(WCHAR);
    NTSTATUS status = NtAllocateVirtualMemory(NtCurrentProcess(), &base, 0, &size,
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    return NT_SUCCESS(status) ? base : NULL;
}

static SIZE_T Capacity(PWSTR block)
{
    MEMORY_BASIC_INFORMATION information;
    NTSTATUS status = NtQueryVirtualMemory(NtCurrentProcess(), block, 0, &information,
                                           sizeof information, NULL);
    if (!NT_SUCCESS(status))
        return 0;
    return ((ULONG_PTR)information.BaseAddress + information.RegionSize - (ULONG_PTR)block) /
           sizeof(WCHAR);
}

/* A block of the caller's for `count` characters, moved if it is too small. */
static PWSTR Enlarge(PWSTR *block, SIZE_T count)
{
    if (Capacity(*block) >= count)
        return *block;
    PWSTR larger = NewBlock(count + 1024);
    if (!larger)
        return NULL;
    memcpy(larger, *block, BlockLength(*block) * sizeof(WCHAR));
    RtlDestroyEnvironment(*block);
    return *block = larger;
}

static NTSTATUS Change(PWSTR *block, PCUNICODE_STRING name, PCUNICODE_STRING value)
{
    ULONG count = name->Length / sizeof(WCHAR);
    BOOL found;
    PWSTR entry = Find(*block, name->Buffer, count, &found);
    if (found) {
        PWSTR next = entry + wcslen(entry) + 1;
        memmove(entry, next, BlockLength(next) * sizeof(WCHAR));
    }
    if (!value)
        return found ? STATUS_SUCCESS : STATUS_VARIABLE_NOT_FOUND;
    ULONG more = count + value->Length / sizeof(WCHAR) + 2;
    if (!Enlarge(block, BlockLength(*block) + more + 1))
        return STATUS_NO_MEMORY;
    entry = InsertPoint(*block, name->Buffer, count);
    memmove(entry + more, entry, BlockLength(entry) * sizeof(WCHAR));
    memcpy(entry, name->Buffer, name->Length);
    entry[count] = '=';
    memcpy(entry + count + 1, value->Buffer, value->Length);
    entry[more - 1] = 0;
    if (!entry[more])
        entry[more + 1] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetEnvironmentVariable(PWSTR *Environment, PCUNICODE_STRING Name,
                                         PCUNICODE_STRING Value)
{
    if (!Name || !Name->Length)
        return STATUS_INVALID_PARAMETER;
    for (USHORT i = 1; i < Name->Length / sizeof(WCHAR); i++)
        if (Name->Buffer[i] == '=')
            return STATUS_INVALID_PARAMETER;
    if (Environment)
        return Change(Environment, Name, Value);
    RtlAcquirePebLock();
    NTSTATUS status = Change(Own(), Name, Value);
    RtlReleasePebLock();
    return status;
}

NTSTATUS NTAPI RtlCreateEnvironment(BOOLEAN Inherit, PWSTR *Environment)
{
    RtlAcquirePebLock();
    SIZE_T count = Inherit && *Own() ? BlockLength(*Own()) : 2;
    PWSTR block = NewBlock(count + 256);
    if (block && Inherit && *Own())
        memcpy(block, *Own(), count * sizeof(WCHAR));
    RtlReleasePebLock();
    *Environment = block;
    return block ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* The process's own is exchanged; *Previous is then the caller's to destroy. */
VOID NTAPI RtlSetCurrentEnvironment(PWSTR Environment, PWSTR *Previous)
{
    RtlAcquirePebLock();
    PWSTR previous = *Own();
    *Own() = Environment;
    NtPeb()->ProcessParameters->EnvironmentSize = (ULONG)(BlockLength(Environment)
                                                          * sizeof(WCHAR));
    RtlReleasePebLock();
    if (Previous)
        *Previous = previous;
    else if (previous)
        RtlDestroyEnvironment(previous);
}

NTSTATUS NTAPI RtlDestroyEnvironment(PWSTR Environment)
{
    PVOID base = Environment;
    SIZE_T size = 0;
    return NtFreeVirtualMemory(NtCurrentProcess(), &base, &size, MEM_RELEASE);
}

/* Replace %NAME% by its value; what has none stays. Returned: bytes with the terminator. */
NTSTATUS NTAPI RtlExpandEnvironmentStrings_U(PWSTR Environment, PCUNICODE_STRING Source,
                                             PUNICODE_STRING Target, PULONG Returned)
{
    ULONG count = Source->Length / sizeof(WCHAR), total = 0;
    ULONG room = Target->MaximumLength / sizeof(WCHAR);
    for (ULONG i = 0; i < count;) {
        ULONG end = i + 1;
        SIZE_T length = 0;
        WCHAR none;
        while (Source->Buffer[i] == '%' && end < count && Source->Buffer[end] != '%')
            end++;
        PWSTR to = total < room ? Target->Buffer + total : &none;
        SIZE_T left = total < room ? room - total : 0;
        if (Source->Buffer[i] == '%' && end < count && end > i + 1) {
            NTSTATUS status = RtlQueryEnvironmentVariable(Environment, Source->Buffer + i + 1,
                                                          end - i - 1, to, left, &length);
            if (status != STATUS_VARIABLE_NOT_FOUND) {
                total += length - (status == STATUS_BUFFER_TOO_SMALL);
                i = end + 1;
                continue;
            }
        }
        if (left)
            *to = Source->Buffer[i];
        total++, i++;
    }
    if (Returned)
        *Returned = (total + 1) * sizeof(WCHAR);
    if (total + 1 > room)
        return STATUS_BUFFER_TOO_SMALL;
    Target->Buffer[total] = 0;
    Target->Length = (USHORT)(total * sizeof(WCHAR));
    return STATUS_SUCCESS;
}
