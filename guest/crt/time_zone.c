/* What programs ask of the time zone, and times with fractions of seconds. */
#include "crt.h"

extern char *_tzname[2];
extern long _timezone, _dstbias;
extern int _daylight;
int _localtime64_s(void *out, const int64_t *time);
void _tzset(void);

#define EPOCH 116444736000000000ll

#define POINTER(TYPE, function, variable) TYPE *function(void) { return &variable; }
POINTER(long, __p__timezone, _timezone)
POINTER(long, __p__dstbias, _dstbias)
POINTER(int, __p__daylight, _daylight)

char **__p__tzname(void)
{
    return _tzname;
}

#define CHECKED(TYPE, function, variable)                                                     \
    int function(TYPE *out)                                                                   \
    {                                                                                         \
        if (!out)                                                                             \
            return crt_invalid(EINVAL);                                                       \
        *out = variable;                                                                      \
        return 0;                                                                             \
    }
CHECKED(long, _get_timezone, _timezone)
CHECKED(long, _get_dstbias, _dstbias)
CHECKED(int, _get_daylight, _daylight)

int _get_tzname(size_t *size, char *out, size_t room, int index)
{
    size_t length;

    if (!size || (!out && room) || (out && !room) || (index != 0 && index != 1))
        return crt_invalid(EINVAL);
    length = strlen(_tzname[index]) + 1;
    *size = length;
    if (out && length > room)
        return ERANGE;
    if (out)
        memcpy(out, _tzname[index], length);
    return 0;
}

static int64_t now(void)
{
    FILETIME time;

    GetSystemTimeAsFileTime(&time);
    return (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime) - EPOCH;
}

#define FTIME(KIND, TIME, ftime_s, ftime)                                                     \
    struct KIND {                                                                             \
        TIME time;                                                                            \
        unsigned short millitm;                                                               \
        short timezone, dstflag;                                                              \
    };                                                                                        \
    int ftime_s(struct KIND *out)                                                             \
    {                                                                                         \
        int64_t ticks = now(), seconds = ticks / 10000000;                                    \
        int t[9];                                                                             \
        if (!out)                                                                             \
            return crt_invalid(EINVAL);                                                       \
        _tzset();                                                                             \
        _localtime64_s(t, &seconds);                                                          \
        out->time = (TIME)seconds;                                                            \
        out->millitm = (unsigned short)(ticks / 10000 % 1000);                                \
        out->timezone = (short)(_timezone / 60);                                              \
        out->dstflag = (short)t[8];                                                           \
        return 0;                                                                             \
    }                                                                                         \
    void ftime(struct KIND *out)                                                              \
    {                                                                                         \
        ftime_s(out);                                                                         \
    }
FTIME(timeb32, int32_t, _ftime32_s, _ftime32)
FTIME(timeb64, int64_t, _ftime64_s, _ftime64)

#define TIMESPEC(TIME, name)                                                                  \
    struct name {                                                                             \
        TIME seconds;                                                                         \
        long nanoseconds;                                                                     \
    };                                                                                        \
    int name##_get(struct name *out, int base)                                                \
    {                                                                                         \
        int64_t ticks = now();                                                                \
        if (!out || base != 1)                                                                \
            return 0;                                                                         \
        out->seconds = (TIME)(ticks / 10000000);                                              \
        out->nanoseconds = (long)(ticks % 10000000 * 100);                                    \
        return base;                                                                          \
    }
TIMESPEC(int32_t, _timespec32)
TIMESPEC(int64_t, _timespec64)

unsigned _getsystime(int *out)                /* a struct tm, and the milliseconds */
{
    int64_t ticks = now(), seconds = ticks / 10000000;

    _localtime64_s(out, &seconds);
    return (unsigned)(ticks / 10000 % 1000);
}
