/* The interfaces of a machine without a network: there are none. */
#include "rtl.h"
#include <winerror.h>

ULONG WINAPI GetAdaptersAddresses(ULONG family, ULONG flags, PVOID reserved, PVOID addresses,
    PULONG size)
{
    (void)family, (void)flags, (void)addresses;
    if (reserved || !size) return ERROR_INVALID_PARAMETER;
    return ERROR_NO_DATA;
}

DWORD WINAPI GetAdaptersInfo(PVOID adapters, PULONG size)
{
    (void)adapters;
    return size ? ERROR_NO_DATA : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI GetUnicastIpAddressTable(USHORT family, PVOID *table)
{
    (void)family;
    if (!table) return ERROR_INVALID_PARAMETER;
    *table = NULL;
    return ERROR_NOT_FOUND;
}

VOID WINAPI FreeMibTable(PVOID table)
{
    (void)table;
}

ULONG WINAPI if_nametoindex(LPCSTR name)
{
    (void)name;
    return 0;
}

LPSTR WINAPI if_indextoname(ULONG index, LPSTR name)
{
    (void)index, (void)name;
    return NULL;
}

DWORD WINAPI ConvertInterfaceIndexToLuid(ULONG index, PVOID luid)
{
    (void)index;
    return luid ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI ConvertInterfaceLuidToNameW(PVOID luid, PWSTR name, SIZE_T size)
{
    (void)size;
    return luid && name ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI GetBestRoute2(PVOID luid, ULONG index, PVOID source, PVOID target, ULONG options,
    PVOID route, PVOID best)
{
    (void)luid, (void)index, (void)source, (void)options, (void)best;
    return target && route ? ERROR_NETWORK_UNREACHABLE : ERROR_INVALID_PARAMETER;
}

DWORD WINAPI SendARP(ULONG target, ULONG source, PVOID address, PULONG size)
{
    (void)target, (void)source;
    return address && size ? ERROR_BAD_NET_NAME : ERROR_INVALID_PARAMETER;
}

/* A handle for one who waits for changes that never come. */
DWORD WINAPI NotifyChange(USHORT family, VOID(CALLBACK *callback)(PVOID, PVOID, int), PVOID context,
    BOOLEAN at_once, HANDLE *handle)
{
    enum { MibInitialNotification = 3 };
    (void)family;
    if (!callback || !handle) return ERROR_INVALID_PARAMETER;
    *handle = RtlAllocateHeap(GetProcessHeap(), 0, 1);
    if (!*handle) return ERROR_NOT_ENOUGH_MEMORY;
    if (at_once) callback(context, NULL, MibInitialNotification);
    return NO_ERROR;
}

DWORD WINAPI CancelMibChangeNotify2(HANDLE handle)
{
    if (!handle) return ERROR_INVALID_PARAMETER;
    RtlFreeHeap(GetProcessHeap(), 0, handle);
    return NO_ERROR;
}
