/* Keyboard and screen without streams: _getch, _putch, _kbhit, _cputs. */
#include "crt.h"

enum { VK_PRIOR = 0x21, VK_DELETE = 0x2E, VK_F1 = 0x70, VK_F12 = 0x7B };

static int pushed_back = EOF;
static int second_byte = EOF;

static HANDLE keyboard(void)
{
    static HANDLE handle;

    if (!handle)
        handle = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    return handle;
}

static HANDLE screen(void)
{
    static HANDLE handle;

    if (!handle)
        handle = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    return handle;
}

/* A key that is no character gives 0xE0 (or 0) and then its scan code. */
static int key(const KEY_EVENT_RECORD *event)
{
    if (!event->bKeyDown)
        return EOF;
    if (event->uChar.UnicodeChar)
        return event->uChar.UnicodeChar;
    if (event->wVirtualKeyCode >= VK_PRIOR && event->wVirtualKeyCode <= VK_DELETE) {
        second_byte = event->wVirtualScanCode;
        return 0xE0;
    }
    if (event->wVirtualKeyCode >= VK_F1 && event->wVirtualKeyCode <= VK_F12) {
        second_byte = event->wVirtualScanCode;
        return 0;
    }
    return EOF;
}

int _getwch(void)
{
    HANDLE in = keyboard();
    DWORD mode, got;
    INPUT_RECORD record;
    int c = pushed_back != EOF ? pushed_back : second_byte;

    if (pushed_back != EOF)
        pushed_back = EOF;
    else
        second_byte = EOF;
    if (c != EOF)
        return c;
    if (in == INVALID_HANDLE_VALUE || !GetConsoleMode(in, &mode))
        return WEOF;
    SetConsoleMode(in, 0);
    while (c == EOF && ReadConsoleInputW(in, &record, 1, &got) && got)
        if (record.EventType == KEY_EVENT)
            c = key(&record.Event.KeyEvent);
    SetConsoleMode(in, mode);
    return c == EOF ? WEOF : c;
}

int _getch(void)
{
    int c = _getwch();

    return c == WEOF ? EOF : c & 0xFF;
}

int _kbhit(void)
{
    INPUT_RECORD records[32];
    DWORD count;

    if (pushed_back != EOF || second_byte != EOF)
        return 1;
    if (!PeekConsoleInputW(keyboard(), records, COUNT_OF(records), &count))
        return 0;
    for (DWORD i = 0; i < count; i++)
        if (records[i].EventType == KEY_EVENT && records[i].Event.KeyEvent.bKeyDown &&
            records[i].Event.KeyEvent.uChar.UnicodeChar)
            return 1;
    return 0;
}

wint_t _putwch(wchar_t c)
{
    DWORD done;

    return WriteConsoleW(screen(), &c, 1, &done, NULL) ? c : WEOF;
}

int _putch(int c)
{
    wchar_t wide = (uchar)c;

    return _putwch(wide) == WEOF ? EOF : c;
}

int _getche(void)
{
    int c = _getch();

    return c == EOF ? EOF : _putch(c);
}

wint_t _getwche(void)
{
    wint_t c = (wint_t)_getwch();

    return c == WEOF ? WEOF : _putwch(c);
}

int _ungetch(int c)
{
    if (pushed_back != EOF || c == EOF)
        return EOF;
    return pushed_back = c;
}

wint_t _ungetwch(wint_t c)
{
    return _ungetch(c == WEOF ? EOF : c) == EOF ? WEOF : c;
}

int _cputs(const char *text)
{
    while (*text)
        if (_putch((uchar)*text++) == EOF)
            return EOF;
    return 0;
}

int _cputws(const wchar_t *text)
{
    DWORD done;

    return WriteConsoleW(screen(), text, (DWORD)wcslen(text), &done, NULL) ? 0 : EOF;
}
