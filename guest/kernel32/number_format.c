/* GetNumberFormat: digits grouped and rounded as the caller or English asks. */
#include "kernel32.h"

#define ROOM 128

/* `-`, then digits with at most one dot: anything else is refused, as documented. */
static BOOL parse(const WCHAR *text, BOOL *negative, const WCHAR **whole, SIZE_T *whole_length,
    const WCHAR **fraction, SIZE_T *fraction_length)
{
    *negative = *text == '-';
    if (*negative) text++;
    *whole = text;
    while (*text >= '0' && *text <= '9') text++;
    *whole_length = (SIZE_T)(text - *whole);
    if (*text == '.') text++;
    *fraction = text;
    while (*text >= '0' && *text <= '9') text++;
    *fraction_length = (SIZE_T)(text - *fraction);
    return !*text && *whole_length + *fraction_length && *whole_length < ROOM / 2;
}

/* All digits without the point, rounded half up to `digits` places; returns how many are whole. */
static SIZE_T rounded(char *out, const WCHAR *whole, SIZE_T whole_length, const WCHAR *fraction,
    SIZE_T fraction_length, UINT digits)
{
    SIZE_T n = 1 + whole_length, total = n + digits;
    out[0] = 0;
    for (SIZE_T i = 0; i < whole_length; i++) out[1 + i] = (char)(whole[i] - '0');
    for (SIZE_T i = 0; i < digits; i++)
        out[n + i] = i < fraction_length ? (char)(fraction[i] - '0') : 0;
    if (fraction_length > digits && fraction[digits] >= '5')
        for (SIZE_T i = total; i-- && ++out[i] == 10;) out[i] = 0;
    return n;
}

static void append(WCHAR *out, SIZE_T *length, const WCHAR *text)
{
    while (*text && *length < ROOM * 2 - 1) out[(*length)++] = *text++;
    out[*length] = 0;
}

static void build(WCHAR *out, const char *digits, SIZE_T whole, const NUMBERFMTW *format,
    BOOL negative)
{
    static const WCHAR *const before[] = {L"(", L"-", L"- ", L"", L""};
    static const WCHAR *const after[] = {L")", L"", L"", L"-", L" -"};
    UINT order = format->NegativeOrder < 5 ? format->NegativeOrder : 1;
    SIZE_T length = 0, first = 0;
    while (first < whole && !digits[first]) first++;
    if (first == whole && format->LeadingZero) first--;
    *out = 0;
    if (negative) append(out, &length, before[order]);
    for (SIZE_T i = first; i < whole; i++) {
        WCHAR digit[2] = {(WCHAR)('0' + digits[i]), 0};
        append(out, &length, digit);
        if (format->Grouping && i + 1 < whole && (whole - i - 1) % format->Grouping == 0)
            append(out, &length, format->lpThousandSep);
    }
    if (format->NumDigits) append(out, &length, format->lpDecimalSep);
    for (SIZE_T i = 0; i < format->NumDigits; i++) {
        WCHAR digit[2] = {(WCHAR)('0' + digits[whole + i]), 0};
        append(out, &length, digit);
    }
    if (negative) append(out, &length, after[order]);
}

int WINAPI GetNumberFormatW(LCID locale, DWORD flags, LPCWSTR value, const NUMBERFMTW *format,
    LPWSTR buffer, int size)
{
    static WCHAR point[] = L".", comma[] = L",";
    static const NUMBERFMTW english = {2, 1, 3, point, comma, 1};
    const WCHAR *whole, *fraction;
    SIZE_T whole_length, fraction_length;
    WCHAR text[ROOM * 2];
    char digits[ROOM];
    BOOL negative;
    int needed;
    if (!IsValidLocale(locale, LCID_INSTALLED) || !value || (format && flags) ||
        (format && format->NumDigits > 9) ||
        !parse(value, &negative, &whole, &whole_length, &fraction, &fraction_length))
        return set_error(ERROR_INVALID_PARAMETER);
    if (!format) format = &english;
    build(text, digits, rounded(digits, whole, whole_length, fraction, fraction_length,
        format->NumDigits), format, negative);
    needed = (int)wcslen(text) + 1;
    if (!size) return needed;
    if (size < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text, (SIZE_T)needed * sizeof(WCHAR));
    return needed;
}

int WINAPI GetNumberFormatEx(LPCWSTR locale, DWORD flags, LPCWSTR value, const NUMBERFMTW *format,
    LPWSTR buffer, int size)
{
    if (locale && !IsValidLocaleName(locale)) return set_error(ERROR_INVALID_PARAMETER);
    return GetNumberFormatW(LOCALE_USER_DEFAULT, flags, value, format, buffer, size);
}

int WINAPI GetNumberFormatA(LCID locale, DWORD flags, LPCSTR value, const NUMBERFMTA *format,
    LPSTR buffer, int size)
{
    WCHAR text[ROOM * 2];
    NUMBERFMTW wide_format;
    WIDE(wide, value);
    WIDE(decimal, format ? format->lpDecimalSep : NULL);
    WIDE(thousand, format ? format->lpThousandSep : NULL);
    int count;
    if (format) {
        memcpy(&wide_format, format, sizeof wide_format);
        wide_format.lpDecimalSep = decimal;
        wide_format.lpThousandSep = thousand;
    }
    count = GetNumberFormatW(locale, flags, wide, format ? &wide_format : NULL, text, COUNT(text));
    return count ? WideCharToMultiByte(CP_ACP, 0, text, count, buffer, size, NULL, NULL) : 0;
}
