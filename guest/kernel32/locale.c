/* The one locale: English (United States). */
#include "kernel32.h"

#define ENGLISH 0x0409
static const WCHAR locale_name[] = L"en-US";

struct row {
    LCTYPE type;
    const WCHAR *text;
};
/* Text values; numbers, which LOCALE_RETURN_NUMBER gives as such, are written in their base. */
static const struct row rows[] = {
    {LOCALE_ILANGUAGE, L"0409"}, {LOCALE_SLANGUAGE, L"English (United States)"},
    {LOCALE_SENGLANGUAGE, L"English"}, {LOCALE_SABBREVLANGNAME, L"ENU"},
    {LOCALE_SNATIVELANGNAME, L"English"}, {LOCALE_ICOUNTRY, L"1"},
    {LOCALE_SCOUNTRY, L"United States"}, {LOCALE_SENGCOUNTRY, L"United States"},
    {LOCALE_SABBREVCTRYNAME, L"USA"}, {LOCALE_SNATIVECTRYNAME, L"United States"},
    {LOCALE_IGEOID, L"244"}, {LOCALE_IDEFAULTLANGUAGE, L"0409"}, {LOCALE_IDEFAULTCOUNTRY, L"1"},
    {LOCALE_IDEFAULTCODEPAGE, L"437"}, {LOCALE_IDEFAULTANSICODEPAGE, L"1252"},
    {LOCALE_IDEFAULTMACCODEPAGE, L"10000"}, {LOCALE_IDEFAULTEBCDICCODEPAGE, L"037"},
    {LOCALE_SLIST, L","}, {LOCALE_IMEASURE, L"1"}, {LOCALE_SDECIMAL, L"."},
    {LOCALE_STHOUSAND, L","}, {LOCALE_SGROUPING, L"3;0"}, {LOCALE_IDIGITS, L"2"},
    {LOCALE_ILZERO, L"1"}, {LOCALE_INEGNUMBER, L"1"}, {LOCALE_SNATIVEDIGITS, L"0123456789"},
    {LOCALE_SCURRENCY, L"$"}, {LOCALE_SINTLSYMBOL, L"USD"}, {LOCALE_SMONDECIMALSEP, L"."},
    {LOCALE_SMONTHOUSANDSEP, L","}, {LOCALE_SMONGROUPING, L"3;0"}, {LOCALE_ICURRDIGITS, L"2"},
    {LOCALE_IINTLCURRDIGITS, L"2"}, {LOCALE_ICURRENCY, L"0"}, {LOCALE_INEGCURR, L"0"},
    {LOCALE_SDATE, L"/"}, {LOCALE_STIME, L":"}, {LOCALE_SSHORTDATE, L"M/d/yyyy"},
    {LOCALE_SLONGDATE, L"dddd, MMMM d, yyyy"}, {LOCALE_STIMEFORMAT, L"h:mm:ss tt"},
    {LOCALE_SSHORTTIME, L"h:mm tt"}, {LOCALE_SYEARMONTH, L"MMMM yyyy"}, {LOCALE_IDATE, L"0"},
    {LOCALE_ILDATE, L"0"}, {LOCALE_ITIME, L"0"}, {LOCALE_ICENTURY, L"1"}, {LOCALE_ITLZERO, L"0"},
    {LOCALE_IDAYLZERO, L"0"}, {LOCALE_IMONLZERO, L"0"}, {LOCALE_S1159, L"AM"},
    {LOCALE_S2359, L"PM"}, {LOCALE_ICALENDARTYPE, L"1"}, {LOCALE_IOPTIONALCALENDAR, L"0"},
    {LOCALE_IFIRSTDAYOFWEEK, L"6"}, {LOCALE_IFIRSTWEEKOFYEAR, L"0"}, {LOCALE_SDAYNAME1, L"Monday"},
    {LOCALE_SDAYNAME2, L"Tuesday"}, {LOCALE_SDAYNAME3, L"Wednesday"},
    {LOCALE_SDAYNAME4, L"Thursday"}, {LOCALE_SDAYNAME5, L"Friday"}, {LOCALE_SDAYNAME6, L"Saturday"},
    {LOCALE_SDAYNAME7, L"Sunday"}, {LOCALE_SABBREVDAYNAME1, L"Mon"},
    {LOCALE_SABBREVDAYNAME2, L"Tue"}, {LOCALE_SABBREVDAYNAME3, L"Wed"},
    {LOCALE_SABBREVDAYNAME4, L"Thu"}, {LOCALE_SABBREVDAYNAME5, L"Fri"},
    {LOCALE_SABBREVDAYNAME6, L"Sat"}, {LOCALE_SABBREVDAYNAME7, L"Sun"},
    {LOCALE_SMONTHNAME1, L"January"}, {LOCALE_SMONTHNAME2, L"February"},
    {LOCALE_SMONTHNAME3, L"March"}, {LOCALE_SMONTHNAME4, L"April"}, {LOCALE_SMONTHNAME5, L"May"},
    {LOCALE_SMONTHNAME6, L"June"}, {LOCALE_SMONTHNAME7, L"July"}, {LOCALE_SMONTHNAME8, L"August"},
    {LOCALE_SMONTHNAME9, L"September"}, {LOCALE_SMONTHNAME10, L"October"},
    {LOCALE_SMONTHNAME11, L"November"}, {LOCALE_SMONTHNAME12, L"December"},
    {LOCALE_SMONTHNAME13, L""}, {LOCALE_SABBREVMONTHNAME1, L"Jan"},
    {LOCALE_SABBREVMONTHNAME2, L"Feb"}, {LOCALE_SABBREVMONTHNAME3, L"Mar"},
    {LOCALE_SABBREVMONTHNAME4, L"Apr"}, {LOCALE_SABBREVMONTHNAME5, L"May"},
    {LOCALE_SABBREVMONTHNAME6, L"Jun"}, {LOCALE_SABBREVMONTHNAME7, L"Jul"},
    {LOCALE_SABBREVMONTHNAME8, L"Aug"}, {LOCALE_SABBREVMONTHNAME9, L"Sep"},
    {LOCALE_SABBREVMONTHNAME10, L"Oct"}, {LOCALE_SABBREVMONTHNAME11, L"Nov"},
    {LOCALE_SABBREVMONTHNAME12, L"Dec"}, {LOCALE_SABBREVMONTHNAME13, L""},
    {LOCALE_SPOSITIVESIGN, L""}, {LOCALE_SNEGATIVESIGN, L"-"}, {LOCALE_IPOSSIGNPOSN, L"3"},
    {LOCALE_INEGSIGNPOSN, L"0"}, {LOCALE_IPOSSYMPRECEDES, L"1"}, {LOCALE_IPOSSEPBYSPACE, L"0"},
    {LOCALE_INEGSYMPRECEDES, L"1"}, {LOCALE_INEGSEPBYSPACE, L"0"},
    {LOCALE_SISO639LANGNAME, L"en"}, {LOCALE_SISO3166CTRYNAME, L"US"}, {LOCALE_SNAME, L"en-US"},
    {LOCALE_SENGCURRNAME, L"US Dollar"}, {LOCALE_SNATIVECURRNAME, L"US Dollar"},
    {LOCALE_SSORTNAME, L"Default"}, {LOCALE_IDIGITSUBSTITUTION, L"1"}, {LOCALE_SNAN, L"NaN"},
    {LOCALE_SPOSINFINITY, L"\x221E"}, {LOCALE_SNEGINFINITY, L"-\x221E"},
    {LOCALE_SISO639LANGNAME2, L"eng"}, {LOCALE_SISO3166CTRYNAME2, L"USA"},
    {LOCALE_SPARENT, L"en"}, {LOCALE_IREADINGLAYOUT, L"0"}, {LOCALE_INEUTRAL, L"0"},
    {LOCALE_INEGATIVEPERCENT, L"0"}, {LOCALE_IPOSITIVEPERCENT, L"0"}, {LOCALE_SPERCENT, L"%"},
    {LOCALE_SPERMILLE, L"\x2030"}, {LOCALE_SMONTHDAY, L"MMMM d"}, {LOCALE_IPAPERSIZE, L"1"},
};

static const WCHAR *value_of(LCTYPE type)
{
    for (SIZE_T i = 0; i < COUNT(rows); i++)
        if (rows[i].type == type) return rows[i].text;
    return NULL;
}

static DWORD number_of(LCTYPE type, const WCHAR *text)
{
    UINT base = type == LOCALE_ILANGUAGE || type == LOCALE_IDEFAULTLANGUAGE ? 16 : 10;
    DWORD value = 0;
    for (; *text; text++) value = value * base + (*text - '0');
    return value;
}

/* Code points and ISO names that say English or the default; "" is the invariant locale. */
BOOL WINAPI IsValidLocaleName(LPCWSTR name)
{
    return name && (!*name || !_wcsicmp(name, locale_name) || !_wcsicmp(name, L"en"));
}

BOOL WINAPI IsValidLocale(LCID locale, DWORD flags)
{
    (void)flags;
    switch (locale) {
    case LOCALE_INVARIANT:
    case LOCALE_SYSTEM_DEFAULT:
    case LOCALE_USER_DEFAULT:
    case LOCALE_NEUTRAL:
    case 0x09:
    case ENGLISH: return TRUE;
    default: return FALSE;
    }
}

int WINAPI GetLocaleInfoW(LCID locale, LCTYPE type, LPWSTR buffer, int size)
{
    LCTYPE plain = type & ~(LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP | LOCALE_RETURN_NUMBER |
                            LOCALE_RETURN_GENITIVE_NAMES | LOCALE_ALLOW_NEUTRAL_NAMES);
    const WCHAR *text = value_of(plain);
    int needed;
    if (size < 0 || (size && !buffer) || !IsValidLocale(locale, LCID_INSTALLED))
        return set_error(ERROR_INVALID_PARAMETER);
    if (!text) return set_error(ERROR_INVALID_FLAGS);
    needed = type & LOCALE_RETURN_NUMBER ? (int)(sizeof(DWORD) / sizeof(WCHAR))
                                         : (int)wcslen(text) + 1;
    if (!size) return needed;
    if (size < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (type & LOCALE_RETURN_NUMBER) {
        DWORD number = number_of(plain, text);
        memcpy(buffer, &number, sizeof number);
    } else {
        memcpy(buffer, text, (SIZE_T)needed * sizeof(WCHAR));
    }
    return needed;
}

int WINAPI GetLocaleInfoEx(LPCWSTR name, LCTYPE type, LPWSTR buffer, int size)
{
    if (name && !IsValidLocaleName(name)) return set_error(ERROR_INVALID_PARAMETER);
    return GetLocaleInfoW(ENGLISH, type, buffer, size);
}

int WINAPI GetLocaleInfoA(LCID locale, LCTYPE type, LPSTR buffer, int size)
{
    WCHAR text[128];
    int count = GetLocaleInfoW(locale, type, text, COUNT(text));
    if (!count) return 0;
    if (type & LOCALE_RETURN_NUMBER) {
        if (!size) return sizeof(DWORD);
        if (size < (int)sizeof(DWORD)) return set_error(ERROR_INSUFFICIENT_BUFFER);
        memcpy(buffer, text, sizeof(DWORD));
        return sizeof(DWORD);
    }
    return WideCharToMultiByte(CP_ACP, 0, text, count, buffer, size, NULL, NULL);
}

BOOL WINAPI SetLocaleInfoW(LCID locale, LCTYPE type, LPCWSTR text)
{
    (void)locale;
    (void)type;
    (void)text;
    return set_error(ERROR_INVALID_ACCESS);
}

/* The default language of the user and of the system, with or without sort order. */
LCID WINAPI GetUserDefaultLCID(void)
{
    return ENGLISH;
}

LCID WINAPI GetThreadLocale(void)
{
    LCID locale = NtTeb()->CurrentLocale;
    return locale ? locale : ENGLISH;
}

BOOL WINAPI SetThreadLocale(LCID locale)
{
    if (!IsValidLocale(locale, LCID_INSTALLED)) return set_error(ERROR_INVALID_PARAMETER);
    NtTeb()->CurrentLocale = ConvertDefaultLocale(locale);
    return TRUE;
}

LANGID WINAPI GetThreadUILanguage(void)
{
    return ENGLISH;
}

LANGID WINAPI SetThreadUILanguage(LANGID language)
{
    return language ? language : ENGLISH;
}

LCID WINAPI ConvertDefaultLocale(LCID locale)
{
    return locale != LOCALE_INVARIANT && IsValidLocale(locale, LCID_INSTALLED) ? ENGLISH : locale;
}

int WINAPI GetUserDefaultLocaleName(LPWSTR buffer, int size)
{
    if (size < (int)COUNT(locale_name)) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, locale_name, sizeof locale_name);
    return COUNT(locale_name);
}

int WINAPI GetSystemDefaultLocaleName(LPWSTR buffer, int size)
{
    return GetUserDefaultLocaleName(buffer, size);
}

int WINAPI LCIDToLocaleName(LCID locale, LPWSTR buffer, int size, DWORD flags)
{
    const WCHAR *name = locale == LOCALE_INVARIANT ? L"" : locale == 0x09 ? L"en" : locale_name;
    int needed = (int)wcslen(name) + 1;
    (void)flags;
    if (!IsValidLocale(locale, LCID_INSTALLED)) return set_error(ERROR_INVALID_PARAMETER);
    if (!size) return needed;
    if (size < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name, (SIZE_T)needed * sizeof(WCHAR));
    return needed;
}

LCID WINAPI LocaleNameToLCID(LPCWSTR name, DWORD flags)
{
    (void)flags;
    if (!name) return ENGLISH;
    if (!IsValidLocaleName(name)) return (LCID)set_error(ERROR_INVALID_PARAMETER);
    return !*name ? LOCALE_INVARIANT : wcslen(name) == 2 ? 0x09 : ENGLISH;
}

int WINAPI ResolveLocaleName(LPCWSTR name, LPWSTR buffer, int size)
{
    (void)name;
    return LCIDToLocaleName(ENGLISH, buffer, size, 0);
}

BOOL WINAPI EnumSystemLocalesW(LOCALE_ENUMPROCW callback, DWORD flags)
{
    static WCHAR number[] = L"00000409";
    (void)flags;
    callback(number);
    return TRUE;
}

BOOL WINAPI EnumSystemLocalesA(LOCALE_ENUMPROCA callback, DWORD flags)
{
    static char number[] = "00000409";
    (void)flags;
    callback(number);
    return TRUE;
}

BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter,
    LPVOID reserved)
{
    static WCHAR name[] = L"en-US";
    (void)flags;
    if (reserved) return set_error(ERROR_INVALID_PARAMETER);
    callback(name, LOCALE_WINDOWS, parameter);
    return TRUE;
}

BOOL WINAPI IsValidLanguageGroup(LGRPID group, DWORD flags)
{
    (void)flags;
    return group == LGRPID_WESTERN_EUROPE;
}

BOOL WINAPI GetUserPreferredUILanguages(DWORD flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    static const WCHAR by_name[] = L"en-US\0", by_id[] = L"0409\0";
    BOOL id = (flags & MUI_LANGUAGE_ID) != 0;
    ULONG needed = id ? COUNT(by_id) : COUNT(by_name), room = *size;
    *count = 1;
    *size = needed;
    if (!buffer) return TRUE;
    if (room < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, id ? by_id : by_name, needed * sizeof(WCHAR));
    return TRUE;
}
