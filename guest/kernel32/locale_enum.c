/* Lists of a locale's formats, one after the other to a callback. Every locale that there is has
 * one calendar, the Gregorian one. */
#include "kernel32.h"

#define GREGORIAN 1

/* Calls back with the text of one LCTYPE; FALSE: the caller has had enough. */
static BOOL tell(PVOID callback, LCID locale, LCTYPE type, BOOL ansi, BOOL with_calendar)
{
    WCHAR wide[256];
    char narrow[256];
    void *text = ansi ? (void *)narrow : (void *)wide;
    if (!GetLocaleInfoW(locale, type, wide, COUNT(wide))) return FALSE;
    if (ansi) WideCharToMultiByte(CP_ACP, 0, wide, -1, narrow, sizeof narrow, NULL, NULL);
    if (with_calendar) return ((BOOL(CALLBACK *)(void *, CALID))callback)(text, GREGORIAN);
    return ((BOOL(CALLBACK *)(void *))callback)(text);
}

static BOOL dates(PVOID callback, LCID locale, DWORD flags, BOOL ansi, BOOL calendar)
{
    LCTYPE type = LOCALE_SSHORTDATE;
    if (!callback) return set_error(ERROR_INVALID_PARAMETER);
    switch (flags & ~LOCALE_USE_CP_ACP) {
    case 0:
    case DATE_SHORTDATE: break;
    case DATE_LONGDATE: type = LOCALE_SLONGDATE; break;
    case DATE_YEARMONTH: type = LOCALE_SYEARMONTH; break;
    default: return set_error(ERROR_INVALID_FLAGS);
    }
    if (!GetLocaleInfoW(locale, type, NULL, 0)) return set_error(ERROR_INVALID_PARAMETER);
    tell(callback, locale, type, ansi, calendar);
    return TRUE;
}

BOOL WINAPI EnumDateFormatsA(DATEFMT_ENUMPROCA callback, LCID locale, DWORD flags)
{
    return dates(callback, locale, flags, TRUE, FALSE);
}

BOOL WINAPI EnumDateFormatsW(DATEFMT_ENUMPROCW callback, LCID locale, DWORD flags)
{
    return dates(callback, locale, flags, FALSE, FALSE);
}

BOOL WINAPI EnumDateFormatsExA(DATEFMT_ENUMPROCEXA callback, LCID locale, DWORD flags)
{
    return dates(callback, locale, flags, TRUE, TRUE);
}

BOOL WINAPI EnumDateFormatsExW(DATEFMT_ENUMPROCEXW callback, LCID locale, DWORD flags)
{
    return dates(callback, locale, flags, FALSE, TRUE);
}

static BOOL times(PVOID callback, LCID locale, DWORD flags, BOOL ansi)
{
    LCTYPE type = flags & TIME_NOSECONDS ? LOCALE_SSHORTTIME : LOCALE_STIMEFORMAT;
    if (!callback) return set_error(ERROR_INVALID_PARAMETER);
    if (flags & ~(LOCALE_USE_CP_ACP | LOCALE_NOUSEROVERRIDE | TIME_NOSECONDS))
        return set_error(ERROR_INVALID_FLAGS);
    if (!GetLocaleInfoW(locale, type, NULL, 0)) return set_error(ERROR_INVALID_PARAMETER);
    tell(callback, locale, type, ansi, FALSE);
    return TRUE;
}

BOOL WINAPI EnumTimeFormatsA(TIMEFMT_ENUMPROCA callback, LCID locale, DWORD flags)
{
    return times(callback, locale, flags, TRUE);
}

BOOL WINAPI EnumTimeFormatsW(TIMEFMT_ENUMPROCW callback, LCID locale, DWORD flags)
{
    return times(callback, locale, flags, FALSE);
}

static const struct {
    CALTYPE calendar;
    LCTYPE locale;
    UINT count; /* of both, which follow one another */
} calendar_types[] = {
    {CAL_SSHORTDATE, LOCALE_SSHORTDATE, 1},
    {CAL_SLONGDATE, LOCALE_SLONGDATE, 1},
    {CAL_SYEARMONTH, LOCALE_SYEARMONTH, 1},
    {CAL_SDAYNAME1, LOCALE_SDAYNAME1, 7},
    {CAL_SABBREVDAYNAME1, LOCALE_SABBREVDAYNAME1, 7},
    {CAL_SMONTHNAME1, LOCALE_SMONTHNAME1, 12},
    {CAL_SABBREVMONTHNAME1, LOCALE_SABBREVMONTHNAME1, 12},
};

static BOOL calendars(PVOID callback, LCID locale, CALID calendar, CALTYPE type, BOOL ansi,
    BOOL with_calendar)
{
    if (!callback) return set_error(ERROR_INVALID_PARAMETER);
    if (calendar != ENUM_ALL_CALENDARS && calendar != GREGORIAN)
        return set_error(ERROR_INVALID_PARAMETER);
    for (ULONG i = 0; i < COUNT(calendar_types); i++) {
        UINT offset = (type & 0xFFFF) - calendar_types[i].calendar;
        if (offset >= calendar_types[i].count) continue;
        tell(callback, locale, calendar_types[i].locale + offset, ansi, with_calendar);
        return TRUE;
    }
    return set_error(ERROR_INVALID_FLAGS);
}

BOOL WINAPI EnumCalendarInfoA(CALINFO_ENUMPROCA callback, LCID locale, CALID calendar, CALTYPE type)
{
    return calendars(callback, locale, calendar, type, TRUE, FALSE);
}

BOOL WINAPI EnumCalendarInfoW(CALINFO_ENUMPROCW callback, LCID locale, CALID calendar, CALTYPE type)
{
    return calendars(callback, locale, calendar, type, FALSE, FALSE);
}

BOOL WINAPI EnumCalendarInfoExA(CALINFO_ENUMPROCEXA callback, LCID locale, CALID calendar,
    CALTYPE type)
{
    return calendars(callback, locale, calendar, type, TRUE, TRUE);
}

BOOL WINAPI EnumCalendarInfoExW(CALINFO_ENUMPROCEXW callback, LCID locale, CALID calendar,
    CALTYPE type)
{
    return calendars(callback, locale, calendar, type, FALSE, TRUE);
}

/* The user's place: the United States, as the locale. */
GEOID WINAPI GetUserGeoID(GEOCLASS class)
{
    return class == GEOCLASS_NATION ? 244 : class == GEOCLASS_REGION ? 39070 : GEOID_NOT_AVAILABLE;
}

BOOL WINAPI SetUserGeoID(GEOID place)
{
    return place == 244 || set_error(ERROR_INVALID_PARAMETER);
}

BOOL WINAPI SetLocaleInfoA(LCID locale, LCTYPE type, LPCSTR data)
{
    WIDE(wide, data);
    return SetLocaleInfoW(locale, type, wide);
}

int WINAPI FoldStringA(DWORD flags, LPCSTR source, int length, LPSTR target, int size)
{
    WIDE(wide, source);
    WCHAR folded[1024];
    int count;
    if (!source || !length || size < 0 || (size && !target) || source == target || !wide) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (length > 0 && wcslen(wide) > (SIZE_T)length) wide[length] = 0;
    count = FoldStringW(flags, wide, length < 0 ? -1 : (int)min(wcslen(wide), (SIZE_T)length),
        folded, COUNT(folded));
    return count ? WideCharToMultiByte(CP_ACP, 0, folded, count, target, size, NULL, NULL) : 0;
}

/* The user's currency: a dollar sign before the number, parentheses around a negative one. */
int WINAPI GetCurrencyFormatW(LCID locale, DWORD flags, LPCWSTR value, const CURRENCYFMTW *format,
    LPWSTR buffer, int size)
{
    WCHAR number[128], text[136];
    NUMBERFMTW as_number;
    BOOL negative = *value == '-';
    if (format)
        as_number = (NUMBERFMTW){format->NumDigits, format->LeadingZero, format->Grouping,
            format->lpDecimalSep, format->lpThousandSep, 0};
    if (!GetNumberFormatW(locale, flags, value + negative, format ? &as_number : NULL, number,
            COUNT(number) - 4))
        return 0;
    wcscpy(text, negative ? L"(" : L"");
    wcscat(wcscat(text, format ? format->lpCurrencySymbol : L"$"), number);
    if (negative) wcscat(text, L")");
    int length = (int)wcslen(text) + 1;
    if (!size) return length;
    if (length > size) {
        set_error(ERROR_INSUFFICIENT_BUFFER);
        return 0;
    }
    memcpy(buffer, text, (SIZE_T)length * sizeof(WCHAR));
    return length;
}

int WINAPI GetCurrencyFormatEx(LPCWSTR locale, DWORD flags, LPCWSTR value,
    const CURRENCYFMTW *format, LPWSTR buffer, int size)
{
    if (locale && !IsValidLocaleName(locale)) return set_error(ERROR_INVALID_PARAMETER);
    return GetCurrencyFormatW(LOCALE_USER_DEFAULT, flags, value, format, buffer, size);
}

int WINAPI GetCurrencyFormatA(LCID locale, DWORD flags, LPCSTR value, const CURRENCYFMTA *format,
    LPSTR buffer, int size)
{
    WIDE(wide, value);
    WCHAR text[136];
    if (!wide || format) {
        set_error(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!GetCurrencyFormatW(locale, flags, wide, NULL, text, COUNT(text))) return 0;
    return WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, size, NULL, NULL);
}
