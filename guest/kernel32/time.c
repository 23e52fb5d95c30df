/* Clocks, calendars and the time zone, which is UTC. */
#include "kernel32.h"

static LARGE_INTEGER from_filetime(const FILETIME *time)
{
    LARGE_INTEGER value;
    value.LowPart = time->dwLowDateTime;
    value.HighPart = (LONG)time->dwHighDateTime;
    return value;
}

static void to_filetime(LARGE_INTEGER value, FILETIME *time)
{
    time->dwLowDateTime = value.LowPart;
    time->dwHighDateTime = (DWORD)value.HighPart;
}

VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME time)
{
    LARGE_INTEGER now;
    NtQuerySystemTime(&now);
    to_filetime(now, time);
}

VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME time)
{
    GetSystemTimeAsFileTime(time);
}

DWORD WINAPI GetTickCount(void)
{
    return (DWORD)GetTickCount64();
}

ULONGLONG WINAPI GetTickCount64(void)
{
    return ReadSystemTime(&SharedUserData->InterruptTime) / 10000;
}

BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter)
{
    return set_status(NtQueryPerformanceCounter(counter, NULL));
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    LARGE_INTEGER counter;
    return set_status(NtQueryPerformanceCounter(&counter, frequency));
}

VOID WINAPI QueryInterruptTime(PULONGLONG time)
{
    *time = ReadSystemTime(&SharedUserData->InterruptTime);
}

BOOL WINAPI QueryUnbiasedInterruptTime(PULONGLONG time)
{
    *time = ReadSystemTime(&SharedUserData->InterruptTime);
    return TRUE;
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *time, LPSYSTEMTIME system)
{
    LARGE_INTEGER value = from_filetime(time);
    TIME_FIELDS fields;
    if (value.QuadPart < 0) return set_error(ERROR_INVALID_PARAMETER);
    RtlTimeToTimeFields(&value, &fields);
    system->wYear = (WORD)fields.Year;
    system->wMonth = (WORD)fields.Month;
    system->wDay = (WORD)fields.Day;
    system->wHour = (WORD)fields.Hour;
    system->wMinute = (WORD)fields.Minute;
    system->wSecond = (WORD)fields.Second;
    system->wMilliseconds = (WORD)fields.Milliseconds;
    system->wDayOfWeek = (WORD)fields.Weekday;
    return TRUE;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *system, LPFILETIME time)
{
    LARGE_INTEGER value;
    TIME_FIELDS fields = {(SHORT)system->wYear, (SHORT)system->wMonth, (SHORT)system->wDay,
        (SHORT)system->wHour, (SHORT)system->wMinute, (SHORT)system->wSecond,
        (SHORT)system->wMilliseconds, 0};
    if (!RtlTimeFieldsToTime(&fields, &value)) return set_error(ERROR_INVALID_PARAMETER);
    to_filetime(value, time);
    return TRUE;
}

VOID WINAPI GetSystemTime(LPSYSTEMTIME system)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    FileTimeToSystemTime(&now, system);
}

VOID WINAPI GetLocalTime(LPSYSTEMTIME local)
{
    GetSystemTime(local);
}

BOOL WINAPI SetSystemTime(const SYSTEMTIME *system)
{
    FILETIME time;
    LARGE_INTEGER value;
    if (!SystemTimeToFileTime(system, &time)) return FALSE;
    value = from_filetime(&time);
    return set_status(NtSetSystemTime(&value, NULL));
}

BOOL WINAPI SetLocalTime(const SYSTEMTIME *local)
{
    return SetSystemTime(local);
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *time, LPFILETIME local)
{
    LARGE_INTEGER from = from_filetime(time), to;
    if (!set_status(RtlSystemTimeToLocalTime(&from, &to))) return FALSE;
    to_filetime(to, local);
    return TRUE;
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, LPFILETIME time)
{
    LARGE_INTEGER from = from_filetime(local), to;
    if (!set_status(RtlLocalTimeToSystemTime(&from, &to))) return FALSE;
    to_filetime(to, time);
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME *left, const FILETIME *right)
{
    ULONGLONG l = (ULONGLONG)from_filetime(left).QuadPart;
    ULONGLONG r = (ULONGLONG)from_filetime(right).QuadPart;
    return l < r ? -1 : l > r;
}

/* DOS dates: day 5 bits, month 4, year since 1980 7; times: 2 s 5 bits, minute 6, hour 5. */
BOOL WINAPI DosDateTimeToFileTime(WORD date, WORD clock, LPFILETIME time)
{
    SYSTEMTIME system = {.wYear = (WORD)(1980 + (date >> 9)), .wMonth = date >> 5 & 15,
        .wDay = date & 31, .wHour = (WORD)(clock >> 11), .wMinute = clock >> 5 & 63,
        .wSecond = (WORD)((clock & 31) * 2)};
    return SystemTimeToFileTime(&system, time);
}

BOOL WINAPI FileTimeToDosDateTime(const FILETIME *time, LPWORD date, LPWORD clock)
{
    SYSTEMTIME system;
    LARGE_INTEGER rounded = from_filetime(time);
    FILETIME up;
    if (!date || !clock) return set_error(ERROR_INVALID_PARAMETER);
    rounded.QuadPart += 19999999; /* rounded up to the next two seconds */
    to_filetime(rounded, &up);
    if (!FileTimeToSystemTime(&up, &system)) return FALSE;
    if (system.wYear < 1980 || system.wYear > 2107) return set_error(ERROR_INVALID_PARAMETER);
    *date = (WORD)((system.wYear - 1980) << 9 | system.wMonth << 5 | system.wDay);
    *clock = (WORD)(system.wHour << 11 | system.wMinute << 5 | system.wSecond / 2);
    return TRUE;
}

DWORD WINAPI GetTimeZoneInformation(LPTIME_ZONE_INFORMATION zone)
{
    static const TIME_ZONE_INFORMATION utc = {
        .StandardName = L"Coordinated Universal Time",
        .DaylightName = L"Coordinated Universal Time",
    };
    *zone = utc;
    return TIME_ZONE_ID_UNKNOWN;
}

DWORD WINAPI GetDynamicTimeZoneInformation(PDYNAMIC_TIME_ZONE_INFORMATION zone)
{
    static const DYNAMIC_TIME_ZONE_INFORMATION utc = {
        .StandardName = L"Coordinated Universal Time",
        .DaylightName = L"Coordinated Universal Time", .TimeZoneKeyName = L"UTC"};
    *zone = utc;
    return TIME_ZONE_ID_UNKNOWN;
}

BOOL WINAPI GetTimeZoneInformationForYear(USHORT year, PDYNAMIC_TIME_ZONE_INFORMATION dynamic,
    LPTIME_ZONE_INFORMATION zone)
{
    (void)year;
    if (dynamic) {
        memset(zone, 0, sizeof *zone);
        memcpy(zone, dynamic, sizeof *zone);
    } else {
        GetTimeZoneInformation(zone);
    }
    return TRUE;
}

BOOL WINAPI SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION *zone,
    const SYSTEMTIME *system, LPSYSTEMTIME local)
{
    FILETIME time;
    LARGE_INTEGER value;
    if (!SystemTimeToFileTime(system, &time)) return FALSE;
    value = from_filetime(&time);
    value.QuadPart -= zone ? (LONGLONG)(zone->Bias + zone->StandardBias) * 600000000 : 0;
    to_filetime(value, &time);
    return FileTimeToSystemTime(&time, local);
}

BOOL WINAPI TzSpecificLocalTimeToSystemTime(const TIME_ZONE_INFORMATION *zone,
    const SYSTEMTIME *local, LPSYSTEMTIME system)
{
    FILETIME time;
    LARGE_INTEGER value;
    if (!SystemTimeToFileTime(local, &time)) return FALSE;
    value = from_filetime(&time);
    value.QuadPart += zone ? (LONGLONG)(zone->Bias + zone->StandardBias) * 600000000 : 0;
    to_filetime(value, &time);
    return FileTimeToSystemTime(&time, system);
}

BOOL WINAPI GetSystemTimeAdjustment(PDWORD adjustment, PDWORD increment, PBOOL disabled)
{
    *adjustment = *increment = 156250;
    *disabled = TRUE;
    return TRUE;
}
