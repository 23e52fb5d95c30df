/* Opening files: programs are started; nothing else is associated with anything. */
#include "wide.inc"
#include <shellapi.h>
#include <string.h>
#include <winerror.h>

#define SUCCESS ((HINSTANCE)42) /* anything above 32 */

static BOOL refuse(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL is_program(LPCWSTR file)
{
    SIZE_T length = wcslen(file);
    return length > 4 && !lstrcmpiW(file + length - 4, L".exe");
}

/* "file" arguments, as one command line on the heap. */
static WCHAR *command_line(LPCWSTR file, LPCWSTR arguments)
{
    SIZE_T length = wcslen(file), more = arguments ? wcslen(arguments) : 0;
    WCHAR *line = RtlAllocateHeap(GetProcessHeap(), 0, (length + more + 4) * sizeof *line);
    if (!line) return NULL;
    line[0] = '"';
    memcpy(line + 1, file, length * sizeof *line);
    memcpy(line + 1 + length, L"\" ", 3 * sizeof *line);
    if (more) memcpy(line + 3 + length, arguments, (more + 1) * sizeof *line);
    return line;
}

BOOL WINAPI ShellExecuteExW(SHELLEXECUTEINFOW *info)
{
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESHOWWINDOW};
    PROCESS_INFORMATION process;
    WCHAR *line;
    BOOL done;
    if (!info || info->cbSize != sizeof *info || !info->lpFile) return refuse(ERROR_ACCESS_DENIED);
    info->hProcess = NULL;
    info->hInstApp = (HINSTANCE)SE_ERR_NOASSOC;
    if (info->lpVerb && lstrcmpiW(info->lpVerb, L"open") && lstrcmpiW(info->lpVerb, L"runas"))
        return refuse(ERROR_NO_ASSOCIATION);
    if (!is_program(info->lpFile)) return refuse(ERROR_NO_ASSOCIATION);
    line = command_line(info->lpFile, info->lpParameters);
    if (!line) return refuse(ERROR_NOT_ENOUGH_MEMORY);
    startup.wShowWindow = (WORD)info->nShow;
    done = CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, info->lpDirectory, &startup,
        &process);
    RtlFreeHeap(GetProcessHeap(), 0, line);
    info->hInstApp = done ? SUCCESS : (HINSTANCE)SE_ERR_FNF;
    if (!done) return FALSE;
    CloseHandle(process.hThread);
    if (info->fMask & SEE_MASK_NOCLOSEPROCESS) info->hProcess = process.hProcess;
    else CloseHandle(process.hProcess);
    return TRUE;
}

HINSTANCE WINAPI ShellExecuteW(HWND window, LPCWSTR verb, LPCWSTR file, LPCWSTR arguments,
    LPCWSTR directory, INT show)
{
    SHELLEXECUTEINFOW info = {.cbSize = sizeof info, .hwnd = window, .lpVerb = verb, .lpFile = file,
        .lpParameters = arguments, .lpDirectory = directory, .nShow = show};
    ShellExecuteExW(&info);
    return info.hInstApp;
}

HINSTANCE WINAPI ShellExecuteA(HWND window, LPCSTR verb, LPCSTR file, LPCSTR arguments,
    LPCSTR directory, INT show)
{
    WIDE(wide_verb, verb);
    WIDE(wide_file, file);
    WIDE(wide_arguments, arguments);
    WIDE(wide_directory, directory);
    return ShellExecuteW(window, wide_verb, wide_file, wide_arguments, wide_directory, show);
}
