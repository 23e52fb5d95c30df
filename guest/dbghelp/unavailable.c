/* What is not there: dumps, names of C++ in their source form, PDBs. */
#include "symbols.h"

static BOOL unavailable(void)
{
    SetLastError(ERROR_CALL_NOT_IMPLEMENTED);
    return FALSE;
}

BOOL WINAPI MiniDumpWriteDump(HANDLE process, DWORD id, HANDLE file, MINIDUMP_TYPE type,
    PMINIDUMP_EXCEPTION_INFORMATION exception, PMINIDUMP_USER_STREAM_INFORMATION streams,
    PMINIDUMP_CALLBACK_INFORMATION callback)
{
    (void)process, (void)id, (void)file, (void)type, (void)exception, (void)streams, (void)callback;
    return unavailable();
}

/* A name that cannot be taken apart is given back as it is. */
DWORD WINAPI UnDecorateSymbolName(PCSTR name, PSTR buffer, DWORD size, DWORD flags)
{
    SIZE_T length = name ? strlen(name) : 0;
    (void)flags;
    if (!buffer || !size) return 0;
    if (length >= size) length = size - 1;
    memcpy(buffer, name, length);
    buffer[length] = 0;
    return (DWORD)length;
}
