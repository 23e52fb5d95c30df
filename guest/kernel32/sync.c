/* Events, mutexes, semaphores and waitable timers. */
#include "kernel32.h"

static ULONG open_attributes(BOOL inherit)
{
    return inherit ? OBJ_INHERIT : 0;
}

static HANDLE opened(NTSTATUS status, HANDLE handle)
{
    return set_status(status) ? handle : NULL;
}

static BOOL need_name(LPCWSTR name)
{
    return name ? TRUE : set_error(ERROR_INVALID_PARAMETER);
}

HANDLE WINAPI CreateEventExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags,
    DWORD access)
{
    struct object_name object;
    HANDLE event = NULL;
    NTSTATUS status;
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    status = NtCreateEvent(&event, access, &object.attributes,
        flags & CREATE_EVENT_MANUAL_RESET ? NotificationEvent : SynchronizationEvent,
        (flags & CREATE_EVENT_INITIAL_SET) != 0);
    return created(status, event);
}

HANDLE WINAPI CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCWSTR name)
{
    DWORD flags = (manual ? CREATE_EVENT_MANUAL_RESET : 0) | (set ? CREATE_EVENT_INITIAL_SET : 0);
    return CreateEventExW(security, name, flags, EVENT_ALL_ACCESS);
}

HANDLE WINAPI CreateEventExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access)
{
    WIDE(wide, name);
    return CreateEventExW(security, wide, flags, access);
}

HANDLE WINAPI CreateEventA(LPSECURITY_ATTRIBUTES security, BOOL manual, BOOL set, LPCSTR name)
{
    WIDE(wide, name);
    return CreateEventW(security, manual, set, wide);
}

HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE event = NULL;
    if (!need_name(name) || !name_object(&object, name, NULL, open_attributes(inherit)))
        return NULL;
    return opened(NtOpenEvent(&event, access, &object.attributes), event);
}

HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenEventW(access, inherit, wide);
}

BOOL WINAPI SetEvent(HANDLE event)
{
    return set_status(NtSetEvent(event, NULL));
}

BOOL WINAPI ResetEvent(HANDLE event)
{
    return set_status(NtResetEvent(event, NULL));
}

BOOL WINAPI PulseEvent(HANDLE event)
{
    return set_status(NtPulseEvent(event, NULL));
}

HANDLE WINAPI CreateMutexExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags,
    DWORD access)
{
    struct object_name object;
    HANDLE mutex = NULL;
    NTSTATUS status;
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    status = NtCreateMutant(&mutex, access, &object.attributes,
        (flags & CREATE_MUTEX_INITIAL_OWNER) != 0);
    return created(status, mutex);
}

HANDLE WINAPI CreateMutexExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags, DWORD access)
{
    WIDE(wide, name);
    return CreateMutexExW(security, wide, flags, access);
}

HANDLE WINAPI CreateMutexW(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCWSTR name)
{
    DWORD flags = owned ? CREATE_MUTEX_INITIAL_OWNER : 0;
    return CreateMutexExW(security, name, flags, MUTEX_ALL_ACCESS);
}

HANDLE WINAPI CreateMutexA(LPSECURITY_ATTRIBUTES security, BOOL owned, LPCSTR name)
{
    WIDE(wide, name);
    return CreateMutexW(security, owned, wide);
}

HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE mutex = NULL;
    if (!need_name(name) || !name_object(&object, name, NULL, open_attributes(inherit)))
        return NULL;
    return opened(NtOpenMutant(&mutex, access, &object.attributes), mutex);
}

HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenMutexW(access, inherit, wide);
}

BOOL WINAPI ReleaseMutex(HANDLE mutex)
{
    return set_status(NtReleaseMutant(mutex, NULL));
}

HANDLE WINAPI CreateSemaphoreExW(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum,
    LPCWSTR name, DWORD flags, DWORD access)
{
    struct object_name object;
    HANDLE semaphore = NULL;
    (void)flags; /* reserved */
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    return created(NtCreateSemaphore(&semaphore, access, &object.attributes, initial, maximum),
        semaphore);
}

HANDLE WINAPI CreateSemaphoreW(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum,
    LPCWSTR name)
{
    return CreateSemaphoreExW(security, initial, maximum, name, 0, SEMAPHORE_ALL_ACCESS);
}

HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum,
    LPCSTR name, DWORD flags, DWORD access)
{
    WIDE(wide, name);
    return CreateSemaphoreExW(security, initial, maximum, wide, flags, access);
}

HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES security, LONG initial, LONG maximum,
    LPCSTR name)
{
    WIDE(wide, name);
    return CreateSemaphoreW(security, initial, maximum, wide);
}

HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE semaphore = NULL;
    if (!need_name(name) || !name_object(&object, name, NULL, open_attributes(inherit)))
        return NULL;
    return opened(NtOpenSemaphore(&semaphore, access, &object.attributes), semaphore);
}

HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenSemaphoreW(access, inherit, wide);
}

BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG count, LPLONG previous)
{
    return set_status(NtReleaseSemaphore(semaphore, count, previous));
}

HANDLE WINAPI CreateWaitableTimerExW(LPSECURITY_ATTRIBUTES security, LPCWSTR name, DWORD flags,
    DWORD access)
{
    struct object_name object;
    HANDLE timer = NULL;
    TIMER_TYPE type = flags & CREATE_WAITABLE_TIMER_MANUAL_RESET ? NotificationTimer
                                                                 : SynchronizationTimer;
    if (!name_object(&object, name, security, OBJ_OPENIF)) return NULL;
    return created(NtCreateTimer(&timer, access, &object.attributes, type), timer);
}

HANDLE WINAPI CreateWaitableTimerW(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCWSTR name)
{
    DWORD flags = manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0;
    return CreateWaitableTimerExW(security, name, flags, TIMER_ALL_ACCESS);
}

HANDLE WINAPI CreateWaitableTimerExA(LPSECURITY_ATTRIBUTES security, LPCSTR name, DWORD flags,
    DWORD access)
{
    WIDE(wide, name);
    return CreateWaitableTimerExW(security, wide, flags, access);
}

HANDLE WINAPI CreateWaitableTimerA(LPSECURITY_ATTRIBUTES security, BOOL manual, LPCSTR name)
{
    WIDE(wide, name);
    return CreateWaitableTimerW(security, manual, wide);
}

HANDLE WINAPI OpenWaitableTimerW(DWORD access, BOOL inherit, LPCWSTR name)
{
    struct object_name object;
    HANDLE timer = NULL;
    if (!need_name(name) || !name_object(&object, name, NULL, open_attributes(inherit)))
        return NULL;
    return opened(NtOpenTimer(&timer, access, &object.attributes), timer);
}

HANDLE WINAPI OpenWaitableTimerA(DWORD access, BOOL inherit, LPCSTR name)
{
    WIDE(wide, name);
    return OpenWaitableTimerW(access, inherit, wide);
}

BOOL WINAPI SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period,
    PTIMERAPCROUTINE routine, LPVOID argument, BOOL resume)
{
    LARGE_INTEGER when = *due;
    NTSTATUS status = NtSetTimer(timer, &when, routine, argument, resume != 0, period, NULL);
    if (status == STATUS_TIMER_RESUME_IGNORED) set_error(ERROR_NOT_SUPPORTED);
    return set_status(status);
}

BOOL WINAPI SetWaitableTimerEx(HANDLE timer, const LARGE_INTEGER *due, LONG period,
    PTIMERAPCROUTINE routine, LPVOID argument, PREASON_CONTEXT reason, ULONG tolerance)
{
    (void)reason;
    (void)tolerance;
    return SetWaitableTimer(timer, due, period, routine, argument, FALSE);
}

BOOL WINAPI CancelWaitableTimer(HANDLE timer)
{
    return set_status(NtCancelTimer(timer, NULL));
}
