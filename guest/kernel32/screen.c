/* The console's screen buffers, and control events. */
#include "condrv.h"

static BOOL get_info(HANDLE console, struct condrv_output_info *info)
{
    return set_status(console_call(console, CONDRV_GET_OUTPUT_INFO, NULL, 0, info, sizeof *info,
        NULL));
}

static BOOL set_info(HANDLE console, UINT mask, const struct condrv_output_info *info)
{
    struct condrv_output_info_params change = {mask, *info};
    return set_status(console_call(console, CONDRV_SET_OUTPUT_INFO, &change, sizeof change, NULL, 0,
        NULL));
}

BOOL WINAPI GetConsoleScreenBufferInfo(HANDLE console, PCONSOLE_SCREEN_BUFFER_INFO info)
{
    struct condrv_output_info now;
    if (!get_info(console, &now)) return FALSE;
    info->dwSize = (COORD){now.width, now.height};
    info->dwCursorPosition = (COORD){now.cursor_x, now.cursor_y};
    info->wAttributes = (WORD)now.attribute;
    info->srWindow = (SMALL_RECT){now.left, now.top, now.right, now.bottom};
    info->dwMaximumWindowSize = (COORD){min(now.width, now.max_width),
        min(now.height, now.max_height)};
    return TRUE;
}

BOOL WINAPI GetConsoleScreenBufferInfoEx(HANDLE console, PCONSOLE_SCREEN_BUFFER_INFOEX info)
{
    struct condrv_output_info now;
    if (info->cbSize != sizeof *info) return set_error(ERROR_INVALID_PARAMETER);
    if (!get_info(console, &now)) return FALSE;
    info->dwSize = (COORD){now.width, now.height};
    info->dwCursorPosition = (COORD){now.cursor_x, now.cursor_y};
    info->wAttributes = (WORD)now.attribute;
    info->srWindow = (SMALL_RECT){now.left, now.top, now.right, now.bottom};
    info->dwMaximumWindowSize = (COORD){now.max_width, now.max_height};
    info->wPopupAttributes = (WORD)now.popup_attribute;
    info->bFullscreenSupported = FALSE;
    memcpy(info->ColorTable, now.color_map, sizeof now.color_map);
    return TRUE;
}

BOOL WINAPI SetConsoleScreenBufferInfoEx(HANDLE console, PCONSOLE_SCREEN_BUFFER_INFOEX info)
{
    struct condrv_output_info change = {.width = info->dwSize.X, .height = info->dwSize.Y,
        .cursor_x = info->dwCursorPosition.X, .cursor_y = info->dwCursorPosition.Y,
        .attribute = (SHORT)info->wAttributes, .popup_attribute = (SHORT)info->wPopupAttributes,
        .left = info->srWindow.Left, .top = info->srWindow.Top, .right = info->srWindow.Right,
        .bottom = info->srWindow.Bottom};
    if (info->cbSize != sizeof *info) return set_error(ERROR_INVALID_PARAMETER);
    return set_info(console, CONDRV_SIZE | CONDRV_ATTRIBUTE | CONDRV_POPUP_ATTRIBUTE
                                 | CONDRV_WINDOW | CONDRV_CURSOR_POSITION, &change);
}

BOOL WINAPI SetConsoleTextAttribute(HANDLE console, WORD attribute)
{
    struct condrv_output_info info = {.attribute = (SHORT)attribute};
    return set_info(console, CONDRV_ATTRIBUTE, &info);
}

BOOL WINAPI SetConsoleCursorPosition(HANDLE console, COORD position)
{
    struct condrv_output_info info = {.cursor_x = position.X, .cursor_y = position.Y};
    return set_info(console, CONDRV_CURSOR_POSITION, &info);
}

BOOL WINAPI GetConsoleCursorInfo(HANDLE console, PCONSOLE_CURSOR_INFO cursor)
{
    struct condrv_output_info info;
    if (!get_info(console, &info)) return FALSE;
    cursor->dwSize = (DWORD)info.cursor_size;
    cursor->bVisible = info.cursor_visible;
    return TRUE;
}

BOOL WINAPI SetConsoleCursorInfo(HANDLE console, const CONSOLE_CURSOR_INFO *cursor)
{
    struct condrv_output_info info = {.cursor_size = (SHORT)cursor->dwSize,
        .cursor_visible = cursor->bVisible != 0};
    if (cursor->dwSize < 1 || cursor->dwSize > 100) return set_error(ERROR_INVALID_PARAMETER);
    return set_info(console, CONDRV_CURSOR_GEOMETRY, &info);
}

BOOL WINAPI SetConsoleScreenBufferSize(HANDLE console, COORD size)
{
    struct condrv_output_info info = {.width = size.X, .height = size.Y};
    return set_info(console, CONDRV_SIZE, &info);
}

BOOL WINAPI SetConsoleWindowInfo(HANDLE console, BOOL absolute, const SMALL_RECT *window)
{
    struct condrv_output_info info;
    if (!get_info(console, &info)) return FALSE;
    info.left = (SHORT)(window->Left + (absolute ? 0 : info.left));
    info.top = (SHORT)(window->Top + (absolute ? 0 : info.top));
    info.right = (SHORT)(window->Right + (absolute ? 0 : info.right));
    info.bottom = (SHORT)(window->Bottom + (absolute ? 0 : info.bottom));
    return set_info(console, CONDRV_WINDOW, &info);
}

COORD WINAPI GetLargestConsoleWindowSize(HANDLE console)
{
    struct condrv_output_info info;
    if (!get_info(console, &info)) return (COORD){0, 0};
    return (COORD){info.max_width, info.max_height};
}

static BOOL fill(HANDLE console, int mode, WCHAR character, WORD attribute, DWORD count,
    COORD where, LPDWORD written)
{
    struct condrv_fill_params params = {where.X, where.Y, mode, (INT)count, TRUE, character,
        attribute};
    *written = 0;
    return set_status(console_call(console, CONDRV_FILL_OUTPUT, &params, sizeof params, written,
        sizeof *written, NULL));
}

BOOL WINAPI FillConsoleOutputCharacterW(HANDLE console, WCHAR character, DWORD count, COORD where,
    LPDWORD written)
{
    return fill(console, 0, character, 0, count, where, written);
}

BOOL WINAPI FillConsoleOutputCharacterA(HANDLE console, CHAR character, DWORD count, COORD where,
    LPDWORD written)
{
    WCHAR wide = '?';
    MultiByteToWideChar(GetConsoleOutputCP(), 0, &character, 1, &wide, 1);
    return fill(console, 0, wide, 0, count, where, written);
}

BOOL WINAPI FillConsoleOutputAttribute(HANDLE console, WORD attribute, DWORD count, COORD where,
    LPDWORD written)
{
    return fill(console, 1, 0, attribute, count, where, written);
}

BOOL WINAPI ScrollConsoleScreenBufferW(HANDLE console, const SMALL_RECT *scroll,
    const SMALL_RECT *clip, COORD origin, const CHAR_INFO *blank)
{
    struct condrv_scroll_params params = {*scroll, origin, {0, 0, SHRT_MAX, SHRT_MAX},
        blank->Char.UnicodeChar, blank->Attributes};
    if (clip) params.clip = *clip;
    return set_status(console_call(console, CONDRV_SCROLL, &params, sizeof params, NULL, 0, NULL));
}

BOOL WINAPI ScrollConsoleScreenBufferA(HANDLE console, const SMALL_RECT *scroll,
    const SMALL_RECT *clip, COORD origin, const CHAR_INFO *blank)
{
    CHAR_INFO wide = *blank;
    MultiByteToWideChar(GetConsoleOutputCP(), 0, &blank->Char.AsciiChar, 1, &wide.Char.UnicodeChar,
        1);
    return ScrollConsoleScreenBufferW(console, scroll, clip, origin, &wide);
}

BOOL WINAPI SetConsoleActiveScreenBuffer(HANDLE console)
{
    return set_status(console_call(console, CONDRV_ACTIVATE, NULL, 0, NULL, 0, NULL));
}

#define HANDLERS 32
static PHANDLER_ROUTINE handlers[HANDLERS];
static ULONG handler_count;
static BOOL ignores_ctrl_c;

static BOOL remove_handler(PHANDLER_ROUTINE routine)
{
    for (ULONG i = handler_count; i--;) {
        if (handlers[i] != routine) continue;
        memmove(handlers + i, handlers + i + 1, (--handler_count - i) * sizeof *handlers);
        return TRUE;
    }
    return set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetConsoleCtrlHandler(PHANDLER_ROUTINE routine, BOOL add)
{
    BOOL done = TRUE;
    RtlAcquirePebLock();
    if (!routine) ignores_ctrl_c = add;
    else if (!add) done = remove_handler(routine);
    else if (handler_count < HANDLERS) handlers[handler_count++] = routine;
    else done = set_error(ERROR_NOT_ENOUGH_MEMORY);
    RtlReleasePebLock();
    return done;
}

/* The start routine of the thread that a control event makes in the process: the handlers are
 * asked in the reverse order of their registration, and the default one ends the process. */
DWORD WINAPI CtrlRoutine(LPVOID argument)
{
    DWORD event = (DWORD)(ULONG_PTR)argument;
    if (event == CTRL_C_EVENT && ignores_ctrl_c) return 0;
    for (ULONG i = handler_count; i--;)
        if (handlers[i](event)) return 0;
    ExitProcess((UINT)STATUS_CONTROL_C_EXIT);
}

BOOL WINAPI GenerateConsoleCtrlEvent(DWORD event, DWORD group)
{
    struct condrv_ctrl_event params = {(INT)event, group};
    HANDLE console = own_console();
    if (event > CTRL_BREAK_EVENT) return set_error(ERROR_INVALID_PARAMETER);
    if (console)
        return set_status(console_call(console, CONDRV_CTRL_EVENT, &params, sizeof params, NULL, 0,
            NULL));
    if (group && group != GetCurrentProcessId()) return set_error(ERROR_INVALID_HANDLE);
    console = CreateThread(NULL, 0, CtrlRoutine, (LPVOID)(ULONG_PTR)event, 0, NULL);
    if (console) NtClose(console);
    return console != NULL;
}

/* There is one console, so that a new one and another process's are the same. */
static BOOL attach(void)
{
    UNICODE_STRING path;
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK io;
    if (own_console()) return set_error(ERROR_ACCESS_DENIED);
    RtlInitUnicodeString(&path, L"\\Device\\ConDrv\\Reference");
    InitializeObjectAttributes(&object, &path, OBJ_CASE_INSENSITIVE | OBJ_INHERIT, NULL, NULL);
    return set_status(NtOpenFile(&NtPeb()->ProcessParameters->ConsoleHandle,
        GENERIC_READ | SYNCHRONIZE, &object, &io, FILE_SHARE_READ | FILE_SHARE_WRITE, 0x20));
}

BOOL WINAPI AllocConsole(void)
{
    static const WCHAR *const names[] = {L"CONIN$", L"CONOUT$", L"CONOUT$"};
    if (!attach()) return FALSE;
    for (DWORD i = 0; i < COUNT(names); i++)
        SetStdHandle(STD_INPUT_HANDLE - i,
            open_console(names[i], GENERIC_READ | GENERIC_WRITE, NULL));
    return TRUE;
}

BOOL WINAPI AttachConsole(DWORD process)
{
    (void)process;
    return attach();
}

BOOL WINAPI FreeConsole(void)
{
    HANDLE console = own_console();
    if (!console) return set_error(ERROR_INVALID_PARAMETER);
    NtPeb()->ProcessParameters->ConsoleHandle = NULL;
    return set_status(NtClose(console));
}

HWND WINAPI GetConsoleWindow(void)
{
    return NULL;
}

DWORD WINAPI GetConsoleProcessList(LPDWORD list, DWORD count)
{
    DWORD all[1024];
    ULONG bytes = 0;
    if (!list || !count) return set_error(ERROR_INVALID_PARAMETER);
    if (!set_status(console_call(own_console(), CONDRV_GET_PROCESS_LIST, NULL, 0, all, sizeof all,
            &bytes)))
        return 0;
    if (bytes / sizeof *all <= count) memcpy(list, all, bytes);
    return bytes / sizeof *all;
}
