/* Timers, and the devices for sound that are not there. */
#include "rtl.h"
#include <string.h>

enum { MMSYSERR_NOERROR = 0, MMSYSERR_ERROR = 1, MMSYSERR_BADDEVICEID = 2, MMSYSERR_INVALHANDLE = 5,
       MMSYSERR_INVALPARAM = 11, TIMERR_NOCANDO = 97 };
enum { TIME_PERIODIC = 1, TIME_CALLBACK_EVENT_SET = 0x10, TIME_CALLBACK_EVENT_PULSE = 0x20 };

DWORD WINAPI timeGetTime(void)
{
    return GetTickCount();
}

/* Timers have a millisecond's resolution anyway. */
UINT WINAPI timeBeginPeriod(UINT period)
{
    return period ? 0 : TIMERR_NOCANDO;
}

UINT WINAPI timeEndPeriod(UINT period)
{
    return timeBeginPeriod(period);
}

UINT WINAPI timeGetDevCaps(PUINT limits, UINT size)
{
    if (!limits || size < 2 * sizeof *limits) return TIMERR_NOCANDO;
    limits[0] = 1;
    limits[1] = 1000000;
    return 0;
}

typedef VOID(CALLBACK *time_callback)(UINT, UINT, DWORD_PTR, DWORD_PTR, DWORD_PTR);
enum { EVENTS = 16 };
static struct event {
    HANDLE timer;
    time_callback callback;
    DWORD_PTR argument;
    UINT flags;
    LONG taken;
} events[EVENTS];

static VOID CALLBACK on_timer(PVOID parameter, BOOLEAN timed_out)
{
    struct event *event = parameter;
    (void)timed_out;
    if (event->flags & TIME_CALLBACK_EVENT_SET) SetEvent((HANDLE)event->callback);
    else if (event->flags & TIME_CALLBACK_EVENT_PULSE) PulseEvent((HANDLE)event->callback);
    else event->callback((UINT)(event - events) + 1, 0, event->argument, 0, 0);
}

/* 16 at a time, as on Windows; the identifier is the place and one. */
UINT WINAPI timeSetEvent(UINT delay, UINT resolution, time_callback callback, DWORD_PTR argument,
    UINT flags)
{
    (void)resolution;
    for (UINT i = 0; i < EVENTS && callback && delay; i++) {
        struct event *event = &events[i];
        if (InterlockedExchange(&event->taken, 1)) continue;
        event->callback = callback;
        event->argument = argument;
        event->flags = flags;
        if (CreateTimerQueueTimer(&event->timer, NULL, on_timer, event, delay,
                flags & TIME_PERIODIC ? delay : 0, WT_EXECUTEINTIMERTHREAD))
            return i + 1;
        InterlockedExchange(&event->taken, 0);
        return 0;
    }
    return 0;
}

UINT WINAPI timeKillEvent(UINT id)
{
    struct event *event = &events[id - 1];
    if (!id || id > EVENTS || !event->taken) return MMSYSERR_INVALPARAM;
    DeleteTimerQueueTimer(NULL, event->timer, NULL);
    InterlockedExchange(&event->taken, 0);
    return 0;
}

UINT WINAPI no_devices(void)
{
    return 0;
}

UINT WINAPI no_device3(PVOID device, PVOID a, UINT b)
{
    (void)device, (void)a, (void)b;
    return MMSYSERR_BADDEVICEID;
}

UINT WINAPI no_device6(PVOID handle, UINT device, PVOID format, PVOID callback, PVOID instance,
    DWORD flags)
{
    (void)handle, (void)device, (void)format, (void)callback, (void)instance, (void)flags;
    return MMSYSERR_BADDEVICEID;
}

UINT WINAPI no_handle1(PVOID handle)
{
    (void)handle;
    return MMSYSERR_INVALHANDLE;
}

UINT WINAPI no_handle3(PVOID handle, PVOID header, UINT size)
{
    (void)handle, (void)header, (void)size;
    return MMSYSERR_INVALHANDLE;
}

UINT WINAPI waveOutGetErrorTextW(UINT error, LPWSTR text, UINT size)
{
    static const WCHAR *const texts[] = {
        [MMSYSERR_NOERROR] = L"The specified command was carried out.",
        [MMSYSERR_BADDEVICEID] =
            L"A device ID has been used that is out of range for your system.",
        [MMSYSERR_INVALHANDLE] = L"The specified device handle is invalid.",
        [MMSYSERR_INVALPARAM] = L"An invalid parameter was passed to a system function.",
    };
    const WCHAR *known = error < sizeof texts / sizeof *texts ? texts[error] : NULL;
    UINT length = known ? (UINT)wcslen(known) : 0;
    if (!text || !size) return MMSYSERR_INVALPARAM;
    if (length >= size) length = size - 1;
    if (known) memcpy(text, known, length * sizeof(WCHAR));
    text[length] = 0;
    return known ? MMSYSERR_NOERROR : MMSYSERR_ERROR;
}
