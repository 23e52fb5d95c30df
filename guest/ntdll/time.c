/* Time: 100 ns units since 1 January 1601, UTC, proleptic Gregorian. */
#include "ntdll.h"

#define TICKS_PER_MS 10000ULL
#define TICKS_PER_SECOND 10000000ULL
#define SECONDS_PER_DAY 86400u
#define SECONDS_1601_TO_1970 11644473600ULL
#define SECONDS_1601_TO_1980 11960006400ULL
#define DAYS_PER_400_YEARS 146097u

/* Days counted from 1 March 1600 put the leap day at the end of the year. */
static VOID DateOfDay(ULONG day, PTIME_FIELDS fields)
{
    ULONG shifted = day + 306; /* 1601-01-01 is 306 days after 1600-03-01 */
    ULONG era = shifted / DAYS_PER_400_YEARS, of_era = shifted % DAYS_PER_400_YEARS;
    ULONG year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    ULONG of_year = of_era - (365 * year + year / 4 - year / 100);
    ULONG month = (5 * of_year + 2) / 153;
    fields->Day = (SHORT)(of_year - (153 * month + 2) / 5 + 1);
    fields->Month = (SHORT)(month < 10 ? month + 3 : month - 9);
    fields->Year = (SHORT)(1600 + year + era * 400 + (fields->Month <= 2));
}

static ULONG DayOfDate(ULONG year, ULONG month, ULONG day)
{
    year -= month <= 2;
    ULONG of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    ULONG since = year - 1600;
    return since * 365 + since / 4 - since / 100 + since / 400 + of_year - 306;
}

static VOID SplitSeconds(ULONG seconds, PTIME_FIELDS fields)
{
    fields->Hour = (SHORT)(seconds / 3600);
    fields->Minute = (SHORT)(seconds / 60 % 60);
    fields->Second = (SHORT)(seconds % 60);
}

VOID NTAPI RtlTimeToTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS Fields)
{
    ULONGLONG milliseconds = (ULONGLONG)Time->QuadPart / TICKS_PER_MS;
    ULONGLONG seconds = milliseconds / 1000;
    ULONG days = (ULONG)(seconds / SECONDS_PER_DAY);
    Fields->Milliseconds = (SHORT)(milliseconds % 1000);
    SplitSeconds((ULONG)(seconds % SECONDS_PER_DAY), Fields);
    Fields->Weekday = (SHORT)((days + 1) % 7);
    DateOfDay(days, Fields);
}

static ULONG DaysInMonth(ULONG year, ULONG month)
{
    static const UCHAR days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    BOOL leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

BOOLEAN NTAPI RtlTimeFieldsToTime(PTIME_FIELDS Fields, PLARGE_INTEGER Time)
{
    if (Fields->Milliseconds < 0 || Fields->Milliseconds > 999 || Fields->Second < 0 ||
        Fields->Second > 59 || Fields->Minute < 0 || Fields->Minute > 59 || Fields->Hour < 0 ||
        Fields->Hour > 23 || Fields->Month < 1 || Fields->Month > 12 || Fields->Day < 1 ||
        Fields->Year < 1601 || (ULONG)Fields->Day > DaysInMonth(Fields->Year, Fields->Month))
        return FALSE;
    ULONGLONG seconds =
        (ULONGLONG)DayOfDate(Fields->Year, Fields->Month, Fields->Day) * SECONDS_PER_DAY +
        Fields->Hour * 3600 + Fields->Minute * 60 + Fields->Second;
    Time->QuadPart = (LONGLONG)((seconds * 1000 + Fields->Milliseconds) * TICKS_PER_MS);
    return TRUE;
}

/* A duration: Year, Month and Weekday are 0, Day counts days. */
VOID NTAPI RtlTimeToElapsedTimeFields(const LARGE_INTEGER *Time, PTIME_FIELDS Fields)
{
    ULONGLONG seconds = (ULONGLONG)Time->QuadPart / TICKS_PER_SECOND;
    *Fields = (TIME_FIELDS){0};
    Fields->Day = (SHORT)(seconds / SECONDS_PER_DAY);
    SplitSeconds((ULONG)(seconds % SECONDS_PER_DAY), Fields);
    Fields->Milliseconds = (SHORT)((ULONGLONG)Time->QuadPart / TICKS_PER_MS % 1000);
}

VOID NTAPI RtlSecondsSince1970ToTime(ULONG Seconds, PLARGE_INTEGER Time)
{
    Time->QuadPart = (LONGLONG)((Seconds + SECONDS_1601_TO_1970) * TICKS_PER_SECOND);
}

VOID NTAPI RtlSecondsSince1980ToTime(ULONG Seconds, PLARGE_INTEGER Time)
{
    Time->QuadPart = (LONGLONG)((Seconds + SECONDS_1601_TO_1980) * TICKS_PER_SECOND);
}

static BOOLEAN SecondsSince(const LARGE_INTEGER *time, ULONGLONG start, PULONG seconds)
{
    ULONGLONG since = (ULONGLONG)time->QuadPart / TICKS_PER_SECOND - start;
    if (since > 0xFFFFFFFFu)
        return FALSE;
    *seconds = (ULONG)since;
    return TRUE;
}

BOOLEAN NTAPI RtlTimeToSecondsSince1970(const LARGE_INTEGER *Time, PULONG Seconds)
{
    return SecondsSince(Time, SECONDS_1601_TO_1970, Seconds);
}

BOOLEAN NTAPI RtlTimeToSecondsSince1980(const LARGE_INTEGER *Time, PULONG Seconds)
{
    return SecondsSince(Time, SECONDS_1601_TO_1980, Seconds);
}

NTSTATUS NTAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *System, PLARGE_INTEGER Local)
{
    Local->QuadPart = System->QuadPart - (LONGLONG)ReadSystemTime(&SharedUserData->TimeZoneBias);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlLocalTimeToSystemTime(const LARGE_INTEGER *Local, PLARGE_INTEGER System)
{
    System->QuadPart = Local->QuadPart + (LONGLONG)ReadSystemTime(&SharedUserData->TimeZoneBias);
    return STATUS_SUCCESS;
}

/* Milliseconds since start: ticks times the multiplier, a fixed-point number with 24 bits. */
ULONG NTAPI NtGetTickCount(void)
{
    ULONGLONG ticks = ReadSystemTime(&SharedUserData->TickCount);
    ULONGLONG multiplier = SharedUserData->TickCountMultiplier;
    return (ULONG)(((ticks & 0xFFFFFFFFu) * multiplier >> 24) +
                   ((ticks >> 32) * multiplier << 8));
}

BOOLEAN NTAPI RtlQueryPerformanceCounter(PLARGE_INTEGER Counter)
{
    return NT_SUCCESS(NtQueryPerformanceCounter(Counter, NULL));
}

BOOLEAN NTAPI RtlQueryPerformanceFrequency(PLARGE_INTEGER Frequency)
{
    LARGE_INTEGER counter;
    return NT_SUCCESS(NtQueryPerformanceCounter(&counter, Frequency));
}

LONGLONG NTAPI RtlGetSystemTimePrecise(void)
{
    LARGE_INTEGER time;
    NtQuerySystemTime(&time);
    return time.QuadPart;
}
