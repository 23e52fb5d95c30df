/* assert, and small services: sleeping, beeping, loading DLLs. */
#include "crt.h"

/* "Assertion failed: expression, file name, line n" as the reference shows it; then abort. */
DECLSPEC_NORETURN void _assert(const char *expression, const char *file, unsigned line)
{
    char number[12];
    FILE *f = stderr_;

    _ultoa(line, number, 10);
    _lock_file(f);
    fputs("Assertion failed: ", f);
    fputs(expression, f);
    fputs(", file ", f);
    fputs(file, f);
    fputs(", line ", f);
    fputs(number, f);
    fputs("\n", f);
    fflush(f);
    _unlock_file(f);
    abort();
}

DECLSPEC_NORETURN void _wassert(const wchar_t *expression, const wchar_t *file, unsigned line)
{
    _assert(crt_narrow(expression), crt_narrow(file), line);
}

void _sleep(unsigned long milliseconds)
{
    Sleep(milliseconds ? milliseconds : 1);
}

void _beep(unsigned frequency, unsigned duration)
{
    Beep(frequency, duration);
}

void _seterrormode(int mode)
{
    SetErrorMode((UINT)mode);
}

intptr_t _loaddll(char *path)
{
    return (intptr_t)LoadLibraryA(path);
}

int _unloaddll(intptr_t module)
{
    return FreeLibrary((HMODULE)module) ? 0 : (int)GetLastError();
}

void *_getdllprocaddr(intptr_t module, char *name, intptr_t ordinal)
{
    return (void *)GetProcAddress((HMODULE)module, name ? name : (char *)ordinal);
}

struct heap_entry {
    void *block;
    size_t size;
    int used;
};

int _heapwalk(struct heap_entry *entry)
{
    PROCESS_HEAP_ENTRY at = {.lpData = entry->block, .cbData = (DWORD)entry->size};

    if (entry->block)
        at.wFlags = entry->used == 1 ? PROCESS_HEAP_ENTRY_BUSY : 0;
    do
        if (!HeapWalk(GetProcessHeap(), &at))
            return GetLastError() == ERROR_NO_MORE_ITEMS ? -5 /* _HEAPEND */ : -4;
    while (at.wFlags & (PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE));
    entry->block = at.lpData;
    entry->size = at.cbData;
    entry->used = at.wFlags & PROCESS_HEAP_ENTRY_BUSY ? 1 : 0;
    return -2;                                /* _HEAPOK */
}
