/* Sessions: a handle that names one, options, and the path of symbols. */
#include "symbols.h"
#include "wide.inc"

#define SESSIONS 16
static HANDLE sessions[SESSIONS];
static DWORD options = SYMOPT_UNDNAME;
static WCHAR search_path[MAX_PATH] = L".";

static HANDLE *find(HANDLE process)
{
    for (int i = 0; i < SESSIONS; i++)
        if (sessions[i] == process) return &sessions[i];
    return NULL;
}

BOOL is_session(HANDLE process)
{
    if (process && find(process)) return TRUE;
    SetLastError(ERROR_INVALID_HANDLE);
    return FALSE;
}

BOOL WINAPI SymInitializeW(HANDLE process, PCWSTR path, BOOL invade)
{
    HANDLE *place;
    if (!process || find(process) || (invade && !GetProcessId(process))) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    place = find(NULL);
    if (!place) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    *place = process;
    if (path && wcslen(path) < MAX_PATH) wcscpy(search_path, path);
    return TRUE;
}

BOOL WINAPI SymInitialize(HANDLE process, PCSTR path, BOOL invade)
{
    WIDE(wide, path);
    return SymInitializeW(process, wide, invade);
}

BOOL WINAPI SymCleanup(HANDLE process)
{
    if (!is_session(process)) return FALSE;
    *find(process) = NULL;
    return TRUE;
}

DWORD WINAPI SymSetOptions(DWORD wanted)
{
    return options = wanted;
}

DWORD WINAPI SymGetOptions(void)
{
    return options;
}

BOOL WINAPI SymSetSearchPathW(HANDLE process, PCWSTR path)
{
    if (!is_session(process)) return FALSE;
    if (!path || wcslen(path) >= MAX_PATH) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    wcscpy(search_path, path);
    return TRUE;
}

BOOL WINAPI SymGetSearchPathW(HANDLE process, PWSTR path, DWORD size)
{
    if (!is_session(process)) return FALSE;
    if (!path || size <= wcslen(search_path)) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    wcscpy(path, search_path);
    return TRUE;
}

/* Modules are found when they are asked for. */
BOOL WINAPI SymRefreshModuleList(HANDLE process)
{
    return is_session(process);
}
