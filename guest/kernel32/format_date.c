/* GetDateFormat, GetTimeFormat, GetNumberFormat for English (United States). */
#include "kernel32.h"

struct picture {
    WCHAR text[256];
    int length;
};

static void put(struct picture *out, const WCHAR *text)
{
    while (*text && out->length < (int)COUNT(out->text) - 1) out->text[out->length++] = *text++;
    out->text[out->length] = 0;
}

static void put_number(struct picture *out, UINT value, int digits)
{
    WCHAR text[12], *at = text + COUNT(text) - 1;
    *at = 0;
    do {
        *--at = (WCHAR)('0' + value % 10);
        value /= 10;
        digits--;
    } while (value || digits > 0);
    put(out, at);
}

static void put_name(struct picture *out, LCTYPE type)
{
    WCHAR name[32];
    if (GetLocaleInfoW(LOCALE_USER_DEFAULT, type, name, COUNT(name))) put(out, name);
}

static void put_date_part(struct picture *out, WCHAR kind, int count, const SYSTEMTIME *time,
    BOOL unused)
{
    UINT weekday = (time->wDayOfWeek + 6u) % 7; /* the locale's first day is Monday */
    (void)unused;
    switch (kind) {
    case 'd':
        if (count <= 2) put_number(out, time->wDay, count);
        else put_name(out, (count == 3 ? LOCALE_SABBREVDAYNAME1 : LOCALE_SDAYNAME1) + weekday);
        break;
    case 'M':
        if (count <= 2) put_number(out, time->wMonth, count);
        else put_name(out, (count == 3 ? LOCALE_SABBREVMONTHNAME1 : LOCALE_SMONTHNAME1) +
                               time->wMonth - 1u);
        break;
    case 'y':
        if (count <= 2) put_number(out, time->wYear % 100u, count);
        else put_number(out, time->wYear, 4);
        break;
    default: /* g: the era, which English dates do not show */
        break;
    }
}

static void put_time_part(struct picture *out, WCHAR kind, int count, const SYSTEMTIME *time,
    BOOL full_day)
{
    static const WCHAR *const halves[] = {L"AM", L"PM"};
    WCHAR first[2] = {halves[time->wHour >= 12][0], 0};
    count = min(count, 2);
    switch (kind) {
    case 'h':
        put_number(out, full_day ? time->wHour : time->wHour % 12 ? time->wHour % 12u : 12u, count);
        break;
    case 'H': put_number(out, time->wHour, count); break;
    case 'm': put_number(out, time->wMinute, count); break;
    case 's': put_number(out, time->wSecond, count); break;
    default: put(out, count == 1 ? first : halves[time->wHour >= 12]); break;
    }
}

/* Runs of the letters of `parts` are replaced; text in quotation marks is taken as it is. */
static void fill(struct picture *out, const WCHAR *format, const WCHAR *parts,
    void (*put_part)(struct picture *, WCHAR, int, const SYSTEMTIME *, BOOL),
    const SYSTEMTIME *time, BOOL full_day)
{
    BOOL quoted = FALSE;
    out->length = 0;
    out->text[0] = 0;
    while (*format) {
        int count = 1;
        WCHAR plain[2] = {*format, 0};
        if (*format == '\'') {
            if (quoted && format[1] == '\'') put(out, plain), format++;
            else quoted = !quoted;
            format++;
        } else if (quoted || !wcschr(parts, *format)) {
            put(out, plain);
            format++;
        } else {
            while (format[count] == *format) count++;
            put_part(out, *format, count, time, full_day);
            format += count;
        }
    }
}

static int give(const struct picture *out, WCHAR *buffer, int size)
{
    if (!size) return out->length + 1;
    if (size <= out->length) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, out->text, ((SIZE_T)out->length + 1) * sizeof(WCHAR));
    return out->length + 1;
}

int WINAPI GetDateFormatW(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR format,
    LPWSTR buffer, int size)
{
    struct picture out;
    SYSTEMTIME full;
    FILETIME check;
    if (!IsValidLocale(locale, LCID_INSTALLED) || size < 0 || (size && !buffer))
        return set_error(ERROR_INVALID_PARAMETER);
    if (format && flags & (DATE_SHORTDATE | DATE_LONGDATE | DATE_YEARMONTH))
        return set_error(ERROR_INVALID_FLAGS);
    if (time) {
        /* Only the date counts, and the day of the week follows from it. */
        full = (SYSTEMTIME){.wYear = time->wYear, .wMonth = time->wMonth, .wDay = time->wDay};
        if (!SystemTimeToFileTime(&full, &check)) return FALSE;
        FileTimeToSystemTime(&check, &full);
    } else {
        GetLocalTime(&full);
    }
    if (!format) format = flags & DATE_LONGDATE ? L"dddd, MMMM d, yyyy"
                        : flags & DATE_YEARMONTH ? L"MMMM yyyy" : L"M/d/yyyy";
    fill(&out, format, L"dMyg", put_date_part, &full, FALSE);
    return give(&out, buffer, size);
}

int WINAPI GetTimeFormatW(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR format,
    LPWSTR buffer, int size)
{
    struct picture out;
    SYSTEMTIME now;
    if (!IsValidLocale(locale, LCID_INSTALLED) || size < 0 || (size && !buffer))
        return set_error(ERROR_INVALID_PARAMETER);
    if (!time) {
        GetLocalTime(&now);
        time = &now;
    } else if (time->wHour > 23 || time->wMinute > 59 || time->wSecond > 59) {
        return set_error(ERROR_INVALID_PARAMETER);
    }
    if (!format) {
        BOOL marked = !(flags & TIME_NOTIMEMARKER);
        if (flags & TIME_NOMINUTESORSECONDS) format = marked ? L"h tt" : L"h";
        else if (flags & TIME_NOSECONDS) format = marked ? L"h:mm tt" : L"h:mm";
        else format = marked ? L"h:mm:ss tt" : L"h:mm:ss";
    }
    fill(&out, format, L"hHmst", put_time_part, time,
        (flags & TIME_FORCE24HOURFORMAT) != 0);
    return give(&out, buffer, size);
}

int WINAPI GetDateFormatEx(LPCWSTR locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR format,
    LPWSTR buffer, int size, LPCWSTR calendar)
{
    if (calendar || (locale && !IsValidLocaleName(locale)))
        return set_error(ERROR_INVALID_PARAMETER);
    return GetDateFormatW(LOCALE_USER_DEFAULT, flags, time, format, buffer, size);
}

int WINAPI GetTimeFormatEx(LPCWSTR locale, DWORD flags, const SYSTEMTIME *time, LPCWSTR format,
    LPWSTR buffer, int size)
{
    if (locale && !IsValidLocaleName(locale)) return set_error(ERROR_INVALID_PARAMETER);
    return GetTimeFormatW(LOCALE_USER_DEFAULT, flags, time, format, buffer, size);
}

typedef int(WINAPI *formatter)(LCID, DWORD, const SYSTEMTIME *, LPCWSTR, LPWSTR, int);

static int narrow_format(formatter get, LCID locale, DWORD flags, const SYSTEMTIME *time,
    LPCSTR format, LPSTR buffer, int size)
{
    WCHAR text[256];
    WIDE(wide, format);
    int count = get(locale, flags & ~(DWORD)LOCALE_USE_CP_ACP, time, wide, text, COUNT(text));
    return count ? WideCharToMultiByte(CP_ACP, 0, text, count, buffer, size, NULL, NULL) : 0;
}

int WINAPI GetDateFormatA(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCSTR format,
    LPSTR buffer, int size)
{
    return narrow_format(GetDateFormatW, locale, flags, time, format, buffer, size);
}

int WINAPI GetTimeFormatA(LCID locale, DWORD flags, const SYSTEMTIME *time, LPCSTR format,
    LPSTR buffer, int size)
{
    return narrow_format(GetTimeFormatW, locale, flags, time, format, buffer, size);
}
