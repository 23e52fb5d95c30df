/* Services: there is no control manager, and so no process that it has started. */
#include "advapi32.h"

typedef PVOID service_handle;

service_handle WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    (void)machine, (void)database, (void)access;
    set_error(RPC_S_SERVER_UNAVAILABLE);
    return NULL;
}

BOOL WINAPI StartServiceCtrlDispatcherW(PVOID table)
{
    return set_error(table ? ERROR_FAILED_SERVICE_CONTROLLER_CONNECT : ERROR_INVALID_PARAMETER);
}

service_handle WINAPI RegisterServiceCtrlHandlerExW(LPCWSTR name, PVOID handler, PVOID context)
{
    (void)name, (void)handler, (void)context;
    set_error(ERROR_SERVICE_NOT_IN_EXE);
    return NULL;
}

BOOL WINAPI SetServiceStatus(service_handle service, PVOID status)
{
    (void)service, (void)status;
    return set_error(ERROR_INVALID_HANDLE);
}
