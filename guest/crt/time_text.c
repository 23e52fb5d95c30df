/* Times as text: asctime, ctime, strftime, _strdate; and the moments with fractions. */
#include "crt.h"

struct tm {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
int _localtime64_s(struct tm *out, const int64_t *time);
int64_t _time64(int64_t *out);
void _tzset(void);
extern char *_tzname[2];
extern long _timezone, _dstbias;
extern int _daylight;

static const char *const day_names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday",
                                        "Friday", "Saturday"};
static const char *const month_names[] = {
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December"};

static char *two(char *out, int value, char fill)
{
    *out++ = value < 10 ? fill : (char)('0' + value / 10 % 10);
    *out++ = (char)('0' + value % 10);
    return out;
}

static bool sound(const struct tm *t)
{
    return t->tm_year >= 0 && t->tm_year <= 8099 && (unsigned)t->tm_mon < 12 && t->tm_mday > 0 &&
           t->tm_mday < 32 && (unsigned)t->tm_hour < 24 && (unsigned)t->tm_min < 60 &&
           (unsigned)t->tm_sec < 61 && (unsigned)t->tm_wday < 7;
}

static void whole(char *out, const struct tm *t)
{
    int year = t->tm_year + 1900;

    memcpy(out, day_names[t->tm_wday], 3);
    out[3] = ' ';
    memcpy(out + 4, month_names[t->tm_mon], 3);
    out[7] = ' ';
    out = two(out + 8, t->tm_mday, _MSVCRT ? '0' : ' ');
    *out++ = ' ';
    out = two(out, t->tm_hour, '0');
    *out++ = ':';
    out = two(out, t->tm_min, '0');
    *out++ = ':';
    out = two(out, t->tm_sec, '0');
    *out++ = ' ';
    out = two(out, year / 100, '0');
    out = two(out, year % 100, '0');
    strcpy(out, "\n");
}

int asctime_s(char *out, size_t room, const struct tm *t)
{
    if (out && room)
        *out = 0;
    if (!out || room < 26 || !t || !sound(t))
        return crt_invalid(EINVAL);
    whole(out, t);
    return 0;
}

int _wasctime_s(wchar_t *out, size_t room, const struct tm *t)
{
    char text[26];

    if (out && room)
        *out = 0;
    if (!out || room < 26 || asctime_s(text, sizeof text, t))
        return crt_invalid(EINVAL);
    for (int i = 0; i < 26; i++)
        out[i] = (uchar)text[i];
    return 0;
}

char *asctime(const struct tm *t)
{
    struct thread_data *data = crt_thread();

    if (!data->time_text && !(data->time_text = malloc(26)))
        return NULL;
    return asctime_s(data->time_text, 26, t) ? NULL : data->time_text;
}

wchar_t *_wasctime(const struct tm *t)
{
    struct thread_data *data = crt_thread();

    if (!data->time_wtext && !(data->time_wtext = malloc(26 * sizeof(wchar_t))))
        return NULL;
    return _wasctime_s(data->time_wtext, 26, t) ? NULL : data->time_wtext;
}

#define CTIME(CH, TIME, ctime_s, ctime, asctime_s, asctime)                                   \
    int ctime_s(CH *out, size_t room, const TIME *time)                                       \
    {                                                                                         \
        struct tm t;                                                                          \
        int64_t wide = time ? *time : -1;                                                     \
        if (out && room)                                                                      \
            *out = 0;                                                                         \
        if (!time || _localtime64_s(&t, &wide))                                               \
            return time ? EINVAL : crt_invalid(EINVAL);                                       \
        return asctime_s(out, room, &t);                                                      \
    }                                                                                         \
    CH *ctime(const TIME *time)                                                               \
    {                                                                                         \
        struct tm t;                                                                          \
        int64_t wide = time ? *time : -1;                                                     \
        return time && !_localtime64_s(&t, &wide) ? asctime(&t) : NULL;                       \
    }
CTIME(char, int32_t, _ctime32_s, _ctime32, asctime_s, asctime)
CTIME(char, int64_t, _ctime64_s, _ctime64, asctime_s, asctime)
CTIME(wchar_t, int32_t, _wctime32_s, _wctime32, _wasctime_s, _wasctime)
CTIME(wchar_t, int64_t, _wctime64_s, _wctime64, _wasctime_s, _wasctime)

struct text {
    char *at, *end;
    bool failed;
};

static void put(struct text *out, const char *from, size_t size)
{
    if (size > (size_t)(out->end - out->at)) {
        out->failed = true;
        return;
    }
    memcpy(out->at, from, size);
    out->at += size;
}

static void put_number(struct text *out, int value, int digits, bool plain)
{
    char buffer[12], *end = buffer + sizeof buffer, *at = end;

    do
        *--at = (char)('0' + value % 10);
    while ((value /= 10) || (!plain && end - at < digits));
    put(out, at, (size_t)(end - at));
}

/* ISO 8601's week-numbering year and week. */
static int iso_week(const struct tm *t, int *year)
{
    int day = (t->tm_wday + 6) % 7, week = (t->tm_yday - day + 10) / 7, last;

    *year = t->tm_year + 1900;
    last = *year - 1;
    if (week < 1) {
        int start = (t->tm_wday - t->tm_yday + 371) % 7;   /* of 1 January */
        bool leap = (last % 4 == 0 && last % 100) || last % 400 == 0;
        *year = last;
        return start == 5 || (start == 6 && leap) ? 53 : 52;
    }
    if (week == 53) {
        bool leap = ((*year) % 4 == 0 && *year % 100) || *year % 400 == 0;
        if ((leap ? 366 : 365) - t->tm_yday - 1 < 3 - day) {
            ++*year;
            return 1;
        }
    }
    return week;
}

static void format(struct text *out, const char *from, const struct tm *t);

static void put_zone(struct text *out, const struct tm *t, bool name)
{
    long west = _timezone + (t->tm_isdst > 0 ? _dstbias : 0);
    int minutes = (int)((west < 0 ? -west : west) / 60);

    if (name) {
        put(out, _tzname[t->tm_isdst > 0], strlen(_tzname[t->tm_isdst > 0]));
        return;
    }
    put(out, west > 0 ? "-" : "+", 1);
    put_number(out, minutes / 60 * 100 + minutes % 60, 4, false);
}

static bool directive(struct text *out, char kind, bool plain, const struct tm *t)
{
    int year = t->tm_year + 1900, hour = t->tm_hour % 12 ? t->tm_hour % 12 : 12, iso;

    switch (kind) {
    case 'a': put(out, day_names[t->tm_wday], 3); break;
    case 'A': put(out, day_names[t->tm_wday], strlen(day_names[t->tm_wday])); break;
    case 'b': case 'h': put(out, month_names[t->tm_mon], 3); break;
    case 'B': put(out, month_names[t->tm_mon], strlen(month_names[t->tm_mon])); break;
    case 'c': format(out, _MSVCRT ? "%m/%d/%y %H:%M:%S" : "%a %b %e %H:%M:%S %Y", t); break;
    case 'C': put_number(out, year / 100, 2, plain); break;
    case 'd': put_number(out, t->tm_mday, 2, plain); break;
    case 'D': format(out, "%m/%d/%y", t); break;
    case 'e':
        if (t->tm_mday < 10 && !plain)
            put(out, " ", 1);
        put_number(out, t->tm_mday, 1, plain);
        break;
    case 'F': format(out, "%Y-%m-%d", t); break;
    case 'g': put_number(out, (iso_week(t, &iso), iso % 100), 2, plain); break;
    case 'G': put_number(out, (iso_week(t, &iso), iso), 4, plain); break;
    case 'H': put_number(out, t->tm_hour, 2, plain); break;
    case 'I': put_number(out, hour, 2, plain); break;
    case 'j': put_number(out, t->tm_yday + 1, 3, plain); break;
    case 'm': put_number(out, t->tm_mon + 1, 2, plain); break;
    case 'M': put_number(out, t->tm_min, 2, plain); break;
    case 'n': put(out, "\n", 1); break;
    case 'p': put(out, t->tm_hour < 12 ? "AM" : "PM", 2); break;
    case 'r': format(out, "%I:%M:%S %p", t); break;
    case 'R': format(out, "%H:%M", t); break;
    case 'S': put_number(out, t->tm_sec, 2, plain); break;
    case 't': put(out, "\t", 1); break;
    case 'T': case 'X': format(out, "%H:%M:%S", t); break;
    case 'u': put_number(out, t->tm_wday ? t->tm_wday : 7, 1, plain); break;
    case 'U': put_number(out, (t->tm_yday + 7 - t->tm_wday) / 7, 2, plain); break;
    case 'V': put_number(out, iso_week(t, &iso), 2, plain); break;
    case 'w': put_number(out, t->tm_wday, 1, plain); break;
    case 'W': put_number(out, (t->tm_yday + 7 - (t->tm_wday + 6) % 7) / 7, 2, plain); break;
    case 'x': format(out, plain ? "%A, %B %d, %Y" : "%m/%d/%y", t); break;
    case 'y': put_number(out, year % 100, 2, plain); break;
    case 'Y': put_number(out, year, 4, plain); break;
    case 'z': put_zone(out, t, false); break;
    case 'Z': put_zone(out, t, true); break;
    case '%': put(out, "%", 1); break;
    default: return false;
    }
    return true;
}

static void format(struct text *out, const char *from, const struct tm *t)
{
    for (; *from && !out->failed; from++) {
        bool plain = false;

        if (*from != '%') {
            put(out, from, 1);
            continue;
        }
        if (*++from == '#')
            plain = *from++ != 0;
        if (*from == 'E' || *from == 'O')
            from++;
        if (!directive(out, *from, plain, t)) {
            crt_invalid(EINVAL);
            out->failed = true;
            return;
        }
    }
}

size_t strftime(char *out, size_t room, const char *pattern, const struct tm *t)
{
    struct text text = {out, out + room - 1, false};

    if (!out || !room || !pattern || !t || (unsigned)t->tm_wday > 6 || (unsigned)t->tm_mon > 11 ||
        t->tm_year < -1900 || t->tm_year > 8099) {
        if (out && room)
            *out = 0;
        crt_invalid(EINVAL);
        return 0;
    }
    _tzset();
    format(&text, pattern, t);
    if (text.failed) {
        *out = 0;
        errno = errno == EINVAL ? EINVAL : ERANGE;
        return 0;
    }
    *text.at = 0;
    return (size_t)(text.at - out);
}

size_t wcsftime(wchar_t *out, size_t room, const wchar_t *pattern, const struct tm *t)
{
    char *narrow = pattern ? crt_narrow(pattern) : NULL, *text = malloc(room ? room * 4 : 1);
    size_t size = text && out && room ? strftime(text, room * 4, narrow, t) : 0;

    if (size)
        size = (size_t)MultiByteToWideChar(crt_file_code_page(), 0, text, -1, out, (int)room);
    free(narrow);
    free(text);
    return size ? size - 1 : 0;
}

size_t _strftime_l(char *out, size_t room, const char *pattern, const struct tm *t, void *locale)
{
    UNUSED(locale);
    return strftime(out, room, pattern, t);
}

size_t _wcsftime_l(wchar_t *out, size_t room, const wchar_t *pattern, const struct tm *t,
                   void *locale)
{
    UNUSED(locale);
    return wcsftime(out, room, pattern, t);
}

static void today(struct tm *t)
{
    int64_t now = _time64(NULL);

    _localtime64_s(t, &now);
}

#define CLOCK(CH, name_s, name, ftime, FORMAT)                                                \
    int name_s(CH *out, size_t room)                                                          \
    {                                                                                         \
        struct tm t;                                                                          \
        if (out && room)                                                                      \
            *out = 0;                                                                         \
        if (!out || room < 9)                                                                 \
            return crt_invalid(out && room ? ERANGE : EINVAL);                                \
        today(&t);                                                                            \
        ftime(out, 9, FORMAT, &t);                                                            \
        return 0;                                                                             \
    }                                                                                         \
    CH *name(CH *out)                                                                         \
    {                                                                                         \
        return name_s(out, 9) ? NULL : out;                                                   \
    }
CLOCK(char, _strdate_s, _strdate, strftime, "%m/%d/%y")
CLOCK(char, _strtime_s, _strtime, strftime, "%H:%M:%S")
CLOCK(wchar_t, _wstrdate_s, _wstrdate, wcsftime, L"%m/%d/%y")
CLOCK(wchar_t, _wstrtime_s, _wstrtime, wcsftime, L"%H:%M:%S")
