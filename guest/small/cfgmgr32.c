/* The tree of devices: it has no nodes. */
#include "rtl.h"

enum { CR_SUCCESS = 0, CR_INVALID_POINTER = 3, CR_NO_SUCH_DEVNODE = 13, CR_BUFFER_SMALL = 26 };

DWORD WINAPI CM_Get_Device_ID_List_SizeW(PULONG length, LPCWSTR filter, ULONG flags)
{
    (void)filter, (void)flags;
    if (!length) return CR_INVALID_POINTER;
    *length = 1;
    return CR_SUCCESS;
}

DWORD WINAPI CM_Get_Device_ID_ListW(LPCWSTR filter, LPWSTR list, ULONG length, ULONG flags)
{
    (void)filter, (void)flags;
    if (!list) return CR_INVALID_POINTER;
    if (!length) return CR_BUFFER_SMALL;
    *list = 0;
    return CR_SUCCESS;
}

DWORD WINAPI CM_Locate_DevNodeW(PULONG node, LPWSTR id, ULONG flags)
{
    (void)id, (void)flags;
    return node ? CR_NO_SUCH_DEVNODE : CR_INVALID_POINTER;
}
