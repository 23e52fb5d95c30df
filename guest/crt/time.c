/* Calendar time. The time zone comes from TZ, or from Windows without it. */
#include "crt.h"

#define EPOCH 116444736000000000ll
#define LAST_64 32535215999ll                 /* 23:59:59, 31 December 3000 */
#define DAY 86400

struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};

long _timezone = 8 * 3600, _dstbias = -3600;
int _daylight = 1;
static char standard_name[64] = "PST", daylight_name[64] = "PDT";
char *_tzname[2] = {standard_name, daylight_name};
static bool zone_known, zone_rules;
static TIME_ZONE_INFORMATION zone;
static int64_t clock_start;

static int64_t now(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - EPOCH;
}

void crt_time_start(void)
{
    clock_start = now();
}

int64_t _time64(int64_t *out)
{
    int64_t value = now() / 10000000;

    if (out)
        *out = value;
    return value;
}

int32_t _time32(int32_t *out)
{
    int64_t value = now() / 10000000;
    int32_t narrow = value > INT32_MAX ? -1 : (int32_t)value;

    if (out)
        *out = narrow;
    return narrow;
}

long clock(void)
{
    return (long)((now() - clock_start) / 10000);
}

double _difftime64(int64_t end, int64_t start)
{
    if (end < 0 || start < 0)
        return crt_invalid(EINVAL), 0;
    return (double)(end - start);
}

double _difftime32(int32_t end, int32_t start)
{
    return _difftime64(end, start);
}

/* TZ is a name, hours west with minutes and seconds, and a second name where summer time is. */
static bool zone_from_variable(void)
{
    const char *text = getenv("TZ");
    long sign = 1, seconds;
    int size = 0;

    if (!text || !*text)
        return false;
    for (; size < 3 && text[size]; size++)
        standard_name[size] = text[size];
    standard_name[size] = 0;
    text += size;
    if (*text == '-' || *text == '+')
        sign = *text++ == '-' ? -1 : 1;
    seconds = strtol(text, (char **)&text, 10) * 3600;
    if (*text == ':')
        seconds += strtol(text + 1, (char **)&text, 10) * 60;
    if (*text == ':')
        seconds += strtol(text + 1, (char **)&text, 10);
    _timezone = seconds * sign;
    _daylight = *text != 0;
    lstrcpynA(daylight_name, text, 4);
    zone_rules = false;
    return true;
}

void _tzset(void)
{
    if (!zone_from_variable() && GetTimeZoneInformation(&zone) != TIME_ZONE_ID_INVALID) {
        _timezone = zone.Bias * 60 + (zone.StandardDate.wMonth ? zone.StandardBias * 60 : 0);
        _daylight = zone.DaylightDate.wMonth && zone.DaylightBias;
        _dstbias = _daylight ? (zone.DaylightBias - zone.StandardBias) * 60 : 0;
        zone_rules = _daylight;
        WideCharToMultiByte(CP_ACP, 0, zone.StandardName, -1, standard_name, 63, NULL, NULL);
        WideCharToMultiByte(CP_ACP, 0, zone.DaylightName, -1, daylight_name, 63, NULL, NULL);
    }
    zone_known = true;
}

static void need_zone(void)
{
    _lock(LOCK_TIME);
    if (!zone_known)
        _tzset();
    _unlock(LOCK_TIME);
}

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100) || year % 400 == 0;
}

static int64_t days_before(int64_t year)      /* from 1970-01-01 */
{
    int64_t last = year - 1;

    return (year - 1970) * 365 + (last / 4 - last / 100 + last / 400) - (492 - 19 + 4);
}

static const short month_start[2][13] = {
    {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

static void broken_down(struct tm *out, int64_t time)
{
    int64_t days = time / DAY;
    int rest = (int)(time % DAY), year;

    if (rest < 0)
        rest += DAY, days--;
    year = 1970 + (int)(days / 366);
    while (days >= days_before(year + 1))
        year++;
    while (days < days_before(year))
        year--;
    out->tm_year = year - 1900;
    out->tm_yday = (int)(days - days_before(year));
    out->tm_wday = (int)((days % 7 + 11) % 7);
    for (out->tm_mon = 0; out->tm_yday >= month_start[leap(year)][out->tm_mon + 1]; out->tm_mon++)
        ;
    out->tm_mday = out->tm_yday - month_start[leap(year)][out->tm_mon] + 1;
    out->tm_hour = rest / 3600;
    out->tm_min = rest / 60 % 60;
    out->tm_sec = rest % 60;
    out->tm_isdst = 0;
}

/* When, in seconds of the year's local time, a rule of the zone comes into force. */
static int64_t rule_time(const SYSTEMTIME *rule, int year)
{
    int month = rule->wMonth - 1, day = rule->wDay, first, last;

    if (!rule->wYear) {                       /* the wDay-th wDayOfWeek of the month */
        first = (int)((days_before(year) + month_start[leap(year)][month]) % 7 + 4) % 7;
        last = month_start[leap(year)][month + 1] - month_start[leap(year)][month];
        day = (rule->wDayOfWeek - first + 7) % 7 + 1 + (day - 1) * 7;
        while (day > last)
            day -= 7;
    }
    return (int64_t)(month_start[leap(year)][month] + day - 1) * DAY + rule->wHour * 3600 +
           rule->wMinute * 60;
}

/* Summer time in the United States since 2007, which TZ's zones follow. */
static const SYSTEMTIME us_start = {.wMonth = 3, .wDay = 2, .wHour = 2};
static const SYSTEMTIME us_end = {.wMonth = 11, .wDay = 1, .wHour = 2};

static bool summer(const struct tm *standard)
{
    int year = standard->tm_year + 1900;
    int64_t at = (int64_t)standard->tm_yday * DAY + standard->tm_hour * 3600 +
                 standard->tm_min * 60 + standard->tm_sec;
    int64_t start = rule_time(zone_rules ? &zone.DaylightDate : &us_start, year);
    int64_t end = rule_time(zone_rules ? &zone.StandardDate : &us_end, year) + _dstbias;

    return start < end ? at >= start && at < end : at >= start || at < end;
}

static void local(struct tm *out, int64_t time)
{
    need_zone();
    broken_down(out, time - _timezone);
    if (_daylight && summer(out)) {
        broken_down(out, time - _timezone - _dstbias);
        out->tm_isdst = 1;
    }
}

static int convert(struct tm *out, const int64_t *time, bool is_local, int64_t last)
{
    if (!out || !time || *time < (is_local ? 0 : -43200) || *time > last) {
        if (out)
            memset(out, 0xFF, sizeof *out);
        if (out && time && *time < 0) {
            errno = EINVAL;
            return EINVAL;
        }
        return crt_invalid(EINVAL);
    }
    if (is_local)
        local(out, *time);
    else
        broken_down(out, *time);
    return 0;
}

static struct tm *own(void)
{
    struct thread_data *data = crt_thread();

    if (!data->broken_down_time)
        data->broken_down_time = malloc(sizeof(struct tm));
    return data->broken_down_time;
}

#define CONVERSIONS(TIME, last, gm_s, gm, local_s, local_plain)                               \
    int gm_s(struct tm *out, const TIME *time)                                                \
    {                                                                                         \
        int64_t wide = time ? *time : 0;                                                      \
        return convert(out, time ? &wide : NULL, false, last);                                \
    }                                                                                         \
    struct tm *gm(const TIME *time)                                                           \
    {                                                                                         \
        struct tm *out = own();                                                               \
        return gm_s(out, time) ? NULL : out;                                                  \
    }                                                                                         \
    int local_s(struct tm *out, const TIME *time)                                             \
    {                                                                                         \
        int64_t wide = time ? *time : 0;                                                      \
        return convert(out, time ? &wide : NULL, true, last);                                 \
    }                                                                                         \
    struct tm *local_plain(const TIME *time)                                                  \
    {                                                                                         \
        struct tm *out = own();                                                               \
        return local_s(out, time) ? NULL : out;                                               \
    }
CONVERSIONS(int32_t, INT32_MAX, _gmtime32_s, _gmtime32, _localtime32_s, _localtime32)
CONVERSIONS(int64_t, LAST_64 + 43200, _gmtime64_s, _gmtime64, _localtime64_s, _localtime64)

static int64_t seconds_of(const struct tm *t)
{
    int64_t months = (int64_t)t->tm_year * 12 + t->tm_mon, year = months / 12;
    int month = (int)(months % 12);

    if (month < 0)
        month += 12, year--;
    year += 1900;
    return (days_before(year) + month_start[leap((int)year)][month] + t->tm_mday - 1) * DAY +
           (int64_t)t->tm_hour * 3600 + (int64_t)t->tm_min * 60 + t->tm_sec;
}

static int64_t make(struct tm *t, bool is_local, int64_t last)
{
    int64_t time;

    if (!t)
        return crt_invalid(EINVAL), -1;
    time = t->tm_year < 69 || t->tm_year > 1101 ? -1 : seconds_of(t);
    if (time >= -DAY && is_local) {
        struct tm standard;
        need_zone();
        broken_down(&standard, time);
        if (t->tm_isdst > 0 || (t->tm_isdst < 0 && _daylight && summer(&standard)))
            time += _dstbias;
        time += _timezone;
    }
    if (time < 0 || time > last) {
        errno = EINVAL;
        return -1;
    }
    if (is_local)
        local(t, time);
    else
        broken_down(t, time);
    return time;
}

int64_t _mktime64(struct tm *t)
{
    return make(t, true, LAST_64);
}

int32_t _mktime32(struct tm *t)
{
    return (int32_t)make(t, true, INT32_MAX);
}

int64_t _mkgmtime64(struct tm *t)
{
    return make(t, false, LAST_64);
}

int32_t _mkgmtime32(struct tm *t)
{
    return (int32_t)make(t, false, INT32_MAX);
}
