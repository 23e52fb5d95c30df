/* What is known of a place: the user's country is the only one (244, the United States). */
#include "kernel32.h"

enum { UNITED_STATES = 244 };

static const WCHAR *const facts[] = {
    [GEO_NATION] = L"244",          [GEO_LATITUDE] = L"39.45", [GEO_LONGITUDE] = L"-98.908",
    [GEO_ISO2] = L"US",             [GEO_ISO3] = L"USA",       [GEO_LCID] = L"00000409",
    [GEO_FRIENDLYNAME] = L"United States",
    [GEO_OFFICIALNAME] = L"United States of America",
};

int WINAPI GetGeoInfoW(GEOID location, GEOTYPE kind, LPWSTR buffer, int size, LANGID language)
{
    const WCHAR *text;
    int needed;
    (void)language;
    if (location != UNITED_STATES) return set_error(ERROR_INVALID_PARAMETER);
    text = (UINT)kind < COUNT(facts) ? facts[kind] : NULL;
    if (!text) return set_error(ERROR_INVALID_FLAGS);
    needed = (int)wcslen(text) + 1;
    if (!size) return needed;
    if (!buffer || size < needed) return set_error(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text, (SIZE_T)needed * sizeof(WCHAR));
    return needed;
}

int WINAPI GetGeoInfoA(GEOID location, GEOTYPE kind, LPSTR buffer, int size, LANGID language)
{
    WCHAR text[64];
    int count = GetGeoInfoW(location, kind, text, COUNT(text), language);
    if (!count || !size) return count;
    if (size < count) return set_error(ERROR_INSUFFICIENT_BUFFER);
    return WideCharToMultiByte(CP_ACP, 0, text, count, buffer, size, NULL, NULL);
}
