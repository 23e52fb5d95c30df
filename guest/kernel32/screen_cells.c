/* Cells of screen buffers: characters, attributes or both, in runs and in rectangles. */
#include "condrv.h"

enum { TEXT_CELLS, ATTRIBUTE_CELLS, WHOLE_CELLS };

BOOL WINAPI WriteConsoleOutputW(HANDLE console, const CHAR_INFO *cells, COORD size, COORD from,
    PSMALL_RECT region)
{
    SHORT width = (SHORT)min(region->Right - region->Left + 1, size.X - from.X);
    SHORT height = (SHORT)min(region->Bottom - region->Top + 1, size.Y - from.Y);
    struct condrv_output_params *params;
    SIZE_T bytes;
    CHAR_INFO *row;
    BOOL done;
    if (width <= 0 || height <= 0) return set_error(ERROR_INVALID_PARAMETER);
    bytes = sizeof *params + (SIZE_T)width * (SIZE_T)height * sizeof *cells;
    params = allocate(bytes);
    if (!params) return FALSE;
    *params = (struct condrv_output_params){(UINT)region->Left, (UINT)region->Top, WHOLE_CELLS,
        (UINT)width};
    row = (CHAR_INFO *)(params + 1);
    for (SHORT y = 0; y < height; y++, row += width)
        memcpy(row, cells + (from.Y + y) * size.X + from.X, (SIZE_T)width * sizeof *cells);
    done = set_status(console_call(console, CONDRV_WRITE_OUTPUT, params, bytes, region,
        sizeof *region, NULL));
    release(params);
    return done;
}

BOOL WINAPI WriteConsoleOutputA(HANDLE console, const CHAR_INFO *cells, COORD size, COORD from,
    PSMALL_RECT region)
{
    SIZE_T count = (SIZE_T)size.X * (SIZE_T)size.Y;
    CHAR_INFO *wide = allocate(count * sizeof *wide);
    BOOL done;
    if (!wide) return FALSE;
    for (SIZE_T i = 0; i < count; i++) {
        wide[i] = cells[i];
        MultiByteToWideChar(GetConsoleOutputCP(), 0, &cells[i].Char.AsciiChar, 1,
            &wide[i].Char.UnicodeChar, 1);
    }
    done = WriteConsoleOutputW(console, wide, size, from, region);
    release(wide);
    return done;
}

BOOL WINAPI ReadConsoleOutputW(HANDLE console, PCHAR_INFO cells, COORD size, COORD to,
    PSMALL_RECT region)
{
    SHORT width = (SHORT)min(region->Right - region->Left + 1, size.X - to.X);
    SHORT height = (SHORT)min(region->Bottom - region->Top + 1, size.Y - to.Y);
    struct condrv_output_params params = {(UINT)region->Left, (UINT)region->Top, WHOLE_CELLS,
        (UINT)width};
    struct {
        SMALL_RECT area;
        CHAR_INFO cells[];
    } *found;
    ULONG bytes;
    BOOL done;
    if (width <= 0 || height <= 0) return set_error(ERROR_INVALID_PARAMETER);
    bytes = sizeof *found + (ULONG)width * (ULONG)height * sizeof *cells;
    found = allocate(bytes);
    if (!found) return FALSE;
    done = set_status(console_call(console, CONDRV_READ_OUTPUT, &params, sizeof params, found,
        bytes, &bytes));
    if (done) {
        *region = found->area;
        width = (SHORT)(region->Right - region->Left + 1);
        for (SHORT y = 0; y <= region->Bottom - region->Top; y++)
            memcpy(cells + (to.Y + y) * size.X + to.X, found->cells + y * width,
                (SIZE_T)width * sizeof *cells);
    }
    release(found);
    return done;
}

BOOL WINAPI ReadConsoleOutputA(HANDLE console, PCHAR_INFO cells, COORD size, COORD to,
    PSMALL_RECT region)
{
    if (!ReadConsoleOutputW(console, cells, size, to, region)) return FALSE;
    for (SHORT y = 0; y <= region->Bottom - region->Top; y++) {
        CHAR_INFO *cell = cells + (to.Y + y) * size.X + to.X;
        for (SHORT x = 0; x <= region->Right - region->Left; x++, cell++) {
            WCHAR wide = cell->Char.UnicodeChar;
            WideCharToMultiByte(GetConsoleOutputCP(), 0, &wide, 1, &cell->Char.AsciiChar, 1, NULL,
                NULL);
        }
    }
    return TRUE;
}

static BOOL read_run(HANDLE console, int mode, void *cells, DWORD count, COORD from, LPDWORD read)
{
    struct condrv_output_params params = {(UINT)(INT)from.X, (UINT)(INT)from.Y, (UINT)mode, 0};
    ULONG bytes = 0;
    BOOL done = set_status(console_call(console, CONDRV_READ_OUTPUT, &params, sizeof params, cells,
        count * sizeof(WCHAR), &bytes));
    *read = bytes / sizeof(WCHAR);
    return done;
}

BOOL WINAPI ReadConsoleOutputCharacterW(HANDLE console, LPWSTR text, DWORD count, COORD from,
    LPDWORD read)
{
    return read_run(console, TEXT_CELLS, text, count, from, read);
}

BOOL WINAPI ReadConsoleOutputCharacterA(HANDLE console, LPSTR text, DWORD count, COORD from,
    LPDWORD read)
{
    WCHAR *wide = allocate(count * sizeof *wide + sizeof *wide);
    BOOL done;
    *read = 0;
    if (!wide) return FALSE;
    done = read_run(console, TEXT_CELLS, wide, count, from, read);
    if (done && *read)
        *read = (DWORD)WideCharToMultiByte(GetConsoleOutputCP(), 0, wide, (int)*read, text,
            (int)count, NULL, NULL);
    release(wide);
    return done;
}

BOOL WINAPI ReadConsoleOutputAttribute(HANDLE console, LPWORD attributes, DWORD count, COORD from,
    LPDWORD read)
{
    return read_run(console, ATTRIBUTE_CELLS, attributes, count, from, read);
}

static BOOL write_run(HANDLE console, int mode, const void *cells, DWORD count, COORD to,
    LPDWORD written)
{
    SIZE_T bytes = sizeof(struct condrv_output_params) + (SIZE_T)count * sizeof(WCHAR);
    struct condrv_output_params *params = allocate(bytes);
    BOOL done;
    *written = 0;
    if (!params) return FALSE;
    *params = (struct condrv_output_params){(UINT)(INT)to.X, (UINT)(INT)to.Y, (UINT)mode, 0};
    memcpy(params + 1, cells, count * sizeof(WCHAR));
    done = set_status(console_call(console, CONDRV_WRITE_OUTPUT, params, bytes, written,
        sizeof *written, NULL));
    release(params);
    return done;
}

BOOL WINAPI WriteConsoleOutputCharacterW(HANDLE console, LPCWSTR text, DWORD count, COORD to,
    LPDWORD written)
{
    return write_run(console, TEXT_CELLS, text, count, to, written);
}

BOOL WINAPI WriteConsoleOutputCharacterA(HANDLE console, LPCSTR text, DWORD count, COORD to,
    LPDWORD written)
{
    WCHAR *wide = allocate(count * sizeof *wide + sizeof *wide);
    int length;
    BOOL done;
    *written = 0;
    if (!wide) return FALSE;
    length = count ? MultiByteToWideChar(GetConsoleOutputCP(), 0, text, (int)count, wide,
                         (int)count)
                   : 0;
    done = write_run(console, TEXT_CELLS, wide, (DWORD)length, to, written);
    release(wide);
    return done;
}

BOOL WINAPI WriteConsoleOutputAttribute(HANDLE console, const WORD *attributes, DWORD count,
    COORD to, LPDWORD written)
{
    return write_run(console, ATTRIBUTE_CELLS, attributes, count, to, written);
}
