/* Consoles: handles, modes, text. The device's calls are those of Wine's condrv protocol. */
#include "condrv.h"

NTSTATUS console_call(HANDLE console, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, ULONG *returned)
{
    IO_STATUS_BLOCK io = {0};
    NTSTATUS status = NtDeviceIoControlFile(console, NULL, NULL, NULL, &io, code, (PVOID)in,
        in_size, out, out_size);
    if (status == STATUS_PENDING) {
        NtWaitForSingleObject(console, FALSE, NULL);
        status = io.Status;
    }
    if (returned) *returned = io.Information;
    switch (status) { /* what anything but a console answers */
    case STATUS_INVALID_DEVICE_REQUEST:
    case STATUS_NOT_SUPPORTED:
    case STATUS_NOT_IMPLEMENTED:
    case STATUS_INVALID_PARAMETER:
    case STATUS_OBJECT_TYPE_MISMATCH:
        return STATUS_INVALID_HANDLE;
    default:
        return status;
    }
}

HANDLE open_console(const WCHAR *name, DWORD access, const SECURITY_ATTRIBUTES *security)
{
    BOOL input = !_wcsicmp(name, L"CONIN$") || (!_wcsicmp(name, L"CON") && access & GENERIC_READ);
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    HANDLE console;
    RtlInitUnicodeString(&path, input ? L"\\Device\\ConDrv\\CurrentIn"
                                      : L"\\Device\\ConDrv\\CurrentOut");
    InitializeObjectAttributes(&object, &path,
        OBJ_CASE_INSENSITIVE | (security && security->bInheritHandle ? OBJ_INHERIT : 0), NULL,
        NULL);
    if (!set_status(NtOpenFile(&console, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &object, &io,
            FILE_SHARE_READ | FILE_SHARE_WRITE, 0x20)))
        return INVALID_HANDLE_VALUE;
    set_error(ERROR_SUCCESS);
    return console;
}

static HANDLE *standard_slot(DWORD which)
{
    PRTL_USER_PROCESS_PARAMETERS parameters = NtPeb()->ProcessParameters;
    switch (which) {
    case STD_INPUT_HANDLE: return &parameters->StandardInput;
    case STD_OUTPUT_HANDLE: return &parameters->StandardOutput;
    case STD_ERROR_HANDLE: return &parameters->StandardError;
    default:
        set_error(ERROR_INVALID_HANDLE);
        return NULL;
    }
}

HANDLE WINAPI GetStdHandle(DWORD which)
{
    HANDLE *slot = standard_slot(which);
    return slot ? *slot : INVALID_HANDLE_VALUE;
}

BOOL WINAPI SetStdHandle(DWORD which, HANDLE handle)
{
    HANDLE *slot = standard_slot(which);
    if (slot) *slot = handle;
    return slot != NULL;
}

BOOL WINAPI SetStdHandleEx(DWORD which, HANDLE handle, PHANDLE previous)
{
    if (previous) *previous = GetStdHandle(which);
    return SetStdHandle(which, handle);
}

BOOL WINAPI GetConsoleMode(HANDLE console, LPDWORD mode)
{
    return set_status(console_call(console, CONDRV_GET_MODE, NULL, 0, mode, sizeof *mode, NULL));
}

BOOL WINAPI SetConsoleMode(HANDLE console, DWORD mode)
{
    return set_status(console_call(console, CONDRV_SET_MODE, &mode, sizeof mode, NULL, 0, NULL));
}

BOOL WINAPI WriteConsoleW(HANDLE console, const VOID *text, DWORD count, LPDWORD written,
    LPVOID reserved)
{
    NTSTATUS status = console_call(console, CONDRV_WRITE_CONSOLE, text, count * sizeof(WCHAR),
        NULL, 0, NULL);
    (void)reserved;
    if (written) *written = NT_SUCCESS(status) ? count : 0;
    return set_status(status);
}

BOOL WINAPI WriteConsoleA(HANDLE console, const VOID *text, DWORD count, LPDWORD written,
    LPVOID reserved)
{
    UINT page = GetConsoleOutputCP();
    int wide = count ? MultiByteToWideChar(page, 0, text, (int)count, NULL, 0) : 0;
    WCHAR *buffer = allocate((SIZE_T)wide * sizeof(WCHAR) + sizeof(WCHAR));
    BOOL done;
    if (!buffer) return FALSE;
    if (wide) MultiByteToWideChar(page, 0, text, (int)count, buffer, wide);
    done = WriteConsoleW(console, buffer, (DWORD)wide, NULL, reserved);
    if (written) *written = done ? count : 0;
    release(buffer);
    return done;
}

BOOL WINAPI ReadConsoleW(HANDLE console, LPVOID buffer, DWORD size, LPDWORD count,
    PCONSOLE_READCONSOLE_CONTROL control)
{
    ULONG bytes = 0;
    (void)control;
    if (size > INT_MAX / sizeof(WCHAR)) return set_error(ERROR_NOT_ENOUGH_MEMORY);
    if (!set_status(console_call(console, CONDRV_READ_CONSOLE, NULL, 0, buffer,
            size * sizeof(WCHAR), &bytes)))
        return FALSE;
    *count = bytes / sizeof(WCHAR);
    return TRUE;
}

BOOL WINAPI ReadConsoleA(HANDLE console, LPVOID buffer, DWORD size, LPDWORD count,
    PCONSOLE_READCONSOLE_CONTROL control)
{
    WCHAR *wide = allocate(size * sizeof(WCHAR));
    DWORD got = 0;
    BOOL done;
    if (!wide) return FALSE;
    *count = 0;
    done = ReadConsoleW(console, wide, size, &got, control);
    if (done && got)
        *count = (DWORD)WideCharToMultiByte(GetConsoleCP(), 0, wide, (int)got, buffer, (int)size,
            NULL, NULL);
    release(wide);
    return done;
}

static BOOL read_events(HANDLE console, ULONG code, INPUT_RECORD *records, DWORD size, DWORD *count)
{
    ULONG bytes = 0;
    if (!set_status(console_call(console, code, NULL, 0, records, size * sizeof *records, &bytes)))
        return FALSE;
    *count = bytes / sizeof *records;
    return TRUE;
}

BOOL WINAPI ReadConsoleInputW(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    return read_events(console, CONDRV_READ_INPUT, records, size, count);
}

BOOL WINAPI PeekConsoleInputW(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    return read_events(console, CONDRV_PEEK, records, size, count);
}

static void narrow_events(INPUT_RECORD *records, DWORD count)
{
    for (; count; count--, records++) {
        char c = 0;
        if (records->EventType != KEY_EVENT) continue;
        WideCharToMultiByte(GetConsoleCP(), 0, &records->Event.KeyEvent.uChar.UnicodeChar, 1, &c, 1,
            NULL, NULL);
        records->Event.KeyEvent.uChar.UnicodeChar = (BYTE)c;
    }
}

BOOL WINAPI ReadConsoleInputA(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    if (!ReadConsoleInputW(console, records, size, count)) return FALSE;
    narrow_events(records, *count);
    return TRUE;
}

BOOL WINAPI PeekConsoleInputA(HANDLE console, PINPUT_RECORD records, DWORD size, LPDWORD count)
{
    if (!PeekConsoleInputW(console, records, size, count)) return FALSE;
    narrow_events(records, *count);
    return TRUE;
}

BOOL WINAPI WriteConsoleInputW(HANDLE console, const INPUT_RECORD *records, DWORD size,
    LPDWORD count)
{
    *count = 0;
    if (!set_status(console_call(console, CONDRV_WRITE_INPUT, records, size * sizeof *records, NULL,
            0, NULL)))
        return FALSE;
    *count = size;
    return TRUE;
}

BOOL WINAPI GetNumberOfConsoleInputEvents(HANDLE console, LPDWORD count)
{
    INPUT_RECORD records[128];
    return PeekConsoleInputW(console, records, COUNT(records), count);
}

BOOL WINAPI FlushConsoleInputBuffer(HANDLE console)
{
    return set_status(console_call(console, CONDRV_FLUSH, NULL, 0, NULL, 0, NULL));
}

HANDLE own_console(void)
{
    HANDLE console = NtPeb()->ProcessParameters->ConsoleHandle;
    return (LONG_PTR)console > 0 ? console : NULL;
}

static struct condrv_input_info code_pages = {437, 437};

static void fetch_code_pages(void)
{
    HANDLE console = own_console();
    if (console)
        console_call(console, CONDRV_GET_INPUT_INFO, NULL, 0, &code_pages, sizeof code_pages, NULL);
}

static BOOL store_code_pages(ULONG mask, UINT page)
{
    struct condrv_input_info_params change = {mask, {page, page}};
    HANDLE console = own_console();
    if (!IsValidCodePage(page)) return set_error(ERROR_INVALID_PARAMETER);
    if (mask & CONDRV_INPUT_CP) code_pages.input_cp = page;
    if (mask & CONDRV_OUTPUT_CP) code_pages.output_cp = page;
    return !console || set_status(console_call(console, CONDRV_SET_INPUT_INFO, &change,
                           sizeof change, NULL, 0, NULL));
}

UINT WINAPI GetConsoleCP(void)
{
    fetch_code_pages();
    return code_pages.input_cp;
}

UINT WINAPI GetConsoleOutputCP(void)
{
    fetch_code_pages();
    return code_pages.output_cp;
}

BOOL WINAPI SetConsoleCP(UINT page)
{
    return store_code_pages(CONDRV_INPUT_CP, page);
}

BOOL WINAPI SetConsoleOutputCP(UINT page)
{
    return store_code_pages(CONDRV_OUTPUT_CP, page);
}
