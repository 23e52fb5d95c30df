/* Sections of files that are made longer. Wine 8 has no NtExtendSection: the output is by the book. */
#include <stdio.h>
#include <windows.h>
#include <winternl.h>

#define PAGE 0x1000
#define UNIT 0x10000

NTSTATUS NTAPI NtExtendSection(HANDLE section, LARGE_INTEGER *size);
NTSTATUS NTAPI NtQuerySection(HANDLE section, ULONG kind, PVOID buffer, SIZE_T size, PSIZE_T done);
NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID *base, ULONG_PTR zero_bits,
    SIZE_T commit, LARGE_INTEGER *offset, PSIZE_T size, ULONG inherit, ULONG type, ULONG protect);
NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, PVOID base);
NTSTATUS NTAPI NtCreateSection(PHANDLE section, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
    LARGE_INTEGER *size, ULONG protect, ULONG kind, HANDLE file);

struct section_basic {
    PVOID base;
    ULONG attributes;
    LARGE_INTEGER size;
};

int main(void)
{
    HANDLE file = CreateFileA("mm_extend.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
        FILE_FLAG_DELETE_ON_CLOSE, NULL);
    HANDLE section = NULL;
    LARGE_INTEGER size = {.QuadPart = PAGE}, offset = {.QuadPart = 0};
    SIZE_T length = 0;
    PVOID base = NULL;
    struct section_basic basic;
    printf("create: %08lX\n", (DWORD)NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size,
        PAGE_READWRITE, SEC_COMMIT, file));
    size.QuadPart = 3 * UNIT;
    printf("extend: %08lX", (DWORD)NtExtendSection(section, &size));
    printf(" to %lX, file %lX\n", size.LowPart, GetFileSize(file, NULL));
    size.QuadPart = 1;
    printf("shrink: %08lX to %lX\n", (DWORD)NtExtendSection(section, &size), size.LowPart);
    NtQuerySection(section, 0, &basic, sizeof basic, NULL);
    printf("size %lX\n", basic.size.LowPart);
    offset.QuadPart = UNIT;
    printf("map: %08lX", (DWORD)NtMapViewOfSection(section, GetCurrentProcess(), &base, 0, 0,
        &offset, &length, 1, 0, PAGE_READWRITE));
    printf(" %lX bytes\n", (DWORD)length);
    ((char *)base)[UNIT] = 'y';
    printf("unmap: %08lX\n", (DWORD)NtUnmapViewOfSection(GetCurrentProcess(), base));
    offset.QuadPart = PAGE;
    base = NULL;
    printf("odd offset: %08lX\n", (DWORD)NtMapViewOfSection(section, GetCurrentProcess(), &base, 0,
        0, &offset, &length, 1, 0, PAGE_READWRITE));
    CloseHandle(section);
    CloseHandle(file);
    size.QuadPart = PAGE;
    NtCreateSection(&section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    printf("page file: %08lX\n", (DWORD)NtExtendSection(section, &size));
    fflush(stdout);
    return 0;
}
