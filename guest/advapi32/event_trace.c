/* Event tracing and the event log: no session listens, no service writes a log. */
#include "advapi32.h"
#include <evntprov.h>

static LONG providers;

ULONG WINAPI EventRegister(LPCGUID provider, PENABLECALLBACK callback, PVOID context,
    PREGHANDLE handle)
{
    (void)callback, (void)context;
    if (!provider || !handle) return ERROR_INVALID_PARAMETER;
    *handle = (REGHANDLE)InterlockedIncrement(&providers);
    return ERROR_SUCCESS;
}

ULONG WINAPI EventUnregister(REGHANDLE handle)
{
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

ULONG WINAPI EventSetInformation(REGHANDLE handle, EVENT_INFO_CLASS what, PVOID data, ULONG size)
{
    (void)what, (void)data, (void)size;
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

/* Events that nobody listens to are successfully written, as documented. */
ULONG WINAPI EventWrite(REGHANDLE handle, PCEVENT_DESCRIPTOR event, ULONG count,
    PEVENT_DATA_DESCRIPTOR data)
{
    (void)count, (void)data;
    if (!event) return ERROR_INVALID_PARAMETER;
    return handle ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

ULONG WINAPI EventWriteTransfer(REGHANDLE handle, PCEVENT_DESCRIPTOR event, LPCGUID activity,
    LPCGUID related, ULONG count, PEVENT_DATA_DESCRIPTOR data)
{
    (void)activity, (void)related;
    return EventWrite(handle, event, count, data);
}

BOOLEAN WINAPI EventProviderEnabled(REGHANDLE handle, UCHAR level, ULONGLONG keyword)
{
    (void)handle, (void)level, (void)keyword;
    return FALSE;
}

BOOLEAN WINAPI EventEnabled(REGHANDLE handle, PCEVENT_DESCRIPTOR event)
{
    (void)handle, (void)event;
    return FALSE;
}

HANDLE WINAPI RegisterEventSourceW(LPCWSTR server, LPCWSTR source)
{
    (void)server, (void)source;
    set_error(RPC_S_SERVER_UNAVAILABLE);
    return NULL;
}

HANDLE WINAPI RegisterEventSourceA(LPCSTR server, LPCSTR source)
{
    (void)server, (void)source;
    return RegisterEventSourceW(NULL, NULL);
}

BOOL WINAPI DeregisterEventSource(HANDLE log)
{
    (void)log;
    return set_error(ERROR_INVALID_HANDLE);
}

BOOL WINAPI ReportEventW(HANDLE log, WORD type, WORD category, DWORD id, PSID user, WORD count,
    DWORD size, LPCWSTR *strings, PVOID data)
{
    (void)log, (void)type, (void)category, (void)id, (void)user, (void)count, (void)size;
    (void)strings, (void)data;
    return set_error(ERROR_INVALID_HANDLE);
}
