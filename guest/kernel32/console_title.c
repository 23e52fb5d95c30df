/* The console's title, other screen buffers, and its font, which is always the same. */
#include "condrv.h"

#define LONGEST_TITLE 1024

struct title {
    UINT length;
    WCHAR text[LONGEST_TITLE];
};

BOOL WINAPI SetConsoleTitleW(LPCWSTR text)
{
    return set_status(console_call(own_console(), CONDRV_SET_TITLE, text,
        (ULONG)(min(wcslen(text), LONGEST_TITLE - 1) * sizeof(WCHAR)), NULL, 0, NULL));
}

BOOL WINAPI SetConsoleTitleA(LPCSTR text)
{
    WIDE(wide, text);
    return wide && SetConsoleTitleW(wide);
}

DWORD WINAPI GetConsoleTitleW(LPWSTR buffer, DWORD size)
{
    struct title title;
    DWORD length;
    if (!size) return 0;
    if (!set_status(console_call(own_console(), CONDRV_GET_TITLE, NULL, 0, &title, sizeof title,
            NULL)))
        return 0;
    length = min(title.length, LONGEST_TITLE - sizeof title.length);
    wide_out(title.text, min(length, size - 1), buffer, size);
    set_error(ERROR_SUCCESS);
    return length;
}

static DWORD get_title(void *nothing, WCHAR *buffer, DWORD size)
{
    (void)nothing;
    return GetConsoleTitleW(buffer, size);
}

DWORD WINAPI GetConsoleTitleA(LPSTR buffer, DWORD size)
{
    return narrow_get(get_title, NULL, buffer, size, CP_ACP);
}

DWORD WINAPI GetConsoleOriginalTitleW(LPWSTR buffer, DWORD size)
{
    const UNICODE_STRING *title = &NtPeb()->ProcessParameters->WindowTitle;
    DWORD length = title->Length / sizeof(WCHAR);
    if (size) wide_out(title->Buffer, min(length, size - 1), buffer, size);
    return length;
}

DWORD WINAPI GetConsoleOriginalTitleA(LPSTR buffer, DWORD size)
{
    const UNICODE_STRING *title = &NtPeb()->ProcessParameters->WindowTitle;
    return narrow_out(title->Buffer, title->Length / sizeof(WCHAR), buffer, size, CP_ACP);
}

HANDLE WINAPI CreateConsoleScreenBuffer(DWORD access, DWORD share, const SECURITY_ATTRIBUTES
    *security, DWORD flags, LPVOID data)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    HANDLE buffer;
    if (flags != CONSOLE_TEXTMODE_BUFFER || data) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    RtlInitUnicodeString(&path, L"\\Device\\ConDrv\\ScreenBuffer");
    InitializeObjectAttributes(&object, &path,
        OBJ_CASE_INSENSITIVE | (security && security->bInheritHandle ? OBJ_INHERIT : 0), NULL,
        NULL);
    if (!set_status(NtOpenFile(&buffer, access | SYNCHRONIZE | FILE_READ_ATTRIBUTES, &object, &io,
            share, 0x20)))
        return INVALID_HANDLE_VALUE;
    return buffer;
}

BOOL WINAPI WriteConsoleInputA(HANDLE console, const INPUT_RECORD *records, DWORD size,
    LPDWORD written)
{
    INPUT_RECORD *wide = allocate(size * sizeof *wide + 1);
    BOOL done;
    if (!wide) return FALSE;
    for (DWORD i = 0; i < size; i++) {
        wide[i] = records[i];
        if (records[i].EventType == KEY_EVENT)
            MultiByteToWideChar(GetConsoleCP(), 0, &records[i].Event.KeyEvent.uChar.AsciiChar, 1,
                &wide[i].Event.KeyEvent.uChar.UnicodeChar, 1);
    }
    done = WriteConsoleInputW(console, wide, size, written);
    release(wide);
    return done;
}

static BOOL font_size(HANDLE console, COORD *size)
{
    struct condrv_output_info info;
    if (!set_status(console_call(console, CONDRV_GET_OUTPUT_INFO, NULL, 0, &info, sizeof info,
            NULL)))
        return FALSE;
    *size = (COORD){info.font_width, info.font_height};
    return TRUE;
}

BOOL WINAPI GetCurrentConsoleFont(HANDLE console, BOOL largest, PCONSOLE_FONT_INFO font)
{
    (void)largest;
    font->nFont = 0;
    return font_size(console, &font->dwFontSize);
}

BOOL WINAPI GetCurrentConsoleFontEx(HANDLE console, BOOL largest, PCONSOLE_FONT_INFOEX font)
{
    (void)largest;
    if (font->cbSize != sizeof *font) return set_error(ERROR_INVALID_PARAMETER);
    font->nFont = 0;
    font->FontFamily = 0x36;
    font->FontWeight = FW_NORMAL;
    wcscpy(font->FaceName, L"Consolas");
    return font_size(console, &font->dwFontSize);
}

COORD WINAPI GetConsoleFontSize(HANDLE console, DWORD font)
{
    COORD size = {0, 0};
    if (font) set_error(ERROR_INVALID_PARAMETER);
    else font_size(console, &size);
    return size;
}

BOOL WINAPI GetNumberOfConsoleMouseButtons(LPDWORD count)
{
    *count = 0;
    return TRUE;
}

BOOL WINAPI GetConsoleDisplayMode(LPDWORD mode)
{
    *mode = 0;
    return TRUE;
}
