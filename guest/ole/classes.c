/* Classes and what apartments share: nobody has registered any class, nothing runs elsewhere. */
#include "rtl.h"
#include <winerror.h>

HRESULT WINAPI CoInitializeEx(LPVOID reserved, DWORD apartment);
VOID WINAPI CoUninitialize(void);

HRESULT WINAPI CoCreateInstance(const GUID *class, PVOID outer, DWORD context, const GUID *interface,
    PVOID *object)
{
    (void)class, (void)outer, (void)context, (void)interface;
    if (!object) return E_POINTER;
    *object = NULL;
    return REGDB_E_CLASSNOTREG;
}

HRESULT WINAPI CoGetClassObject(const GUID *class, DWORD context, PVOID server,
    const GUID *interface, PVOID *object)
{
    (void)server;
    return CoCreateInstance(class, NULL, context, interface, object);
}

/* Security is asked for calls to other processes; there are none to be called. */
HRESULT WINAPI CoInitializeSecurity(PVOID descriptor, LONG count, PVOID services, PVOID reserved,
    DWORD level, DWORD impersonation, PVOID list, DWORD capabilities, PVOID reserved2)
{
    (void)descriptor, (void)count, (void)services, (void)level, (void)impersonation, (void)list;
    (void)capabilities;
    return reserved || reserved2 ? E_INVALIDARG : S_OK;
}

HRESULT WINAPI CoSetProxyBlanket(PVOID proxy, DWORD authentication, DWORD authorization,
    WCHAR *principal, DWORD level, DWORD impersonation, PVOID identity, DWORD capabilities)
{
    (void)proxy, (void)authentication, (void)authorization, (void)principal, (void)level;
    (void)impersonation, (void)identity, (void)capabilities;
    return E_NOINTERFACE;
}

HRESULT WINAPI OleInitialize(PVOID reserved)
{
    return CoInitializeEx(reserved, 2);
}

VOID WINAPI OleUninitialize(void)
{
    CoUninitialize();
}

HRESULT WINAPI GetRunningObjectTable(DWORD reserved, PVOID *table)
{
    (void)reserved;
    if (!table) return E_POINTER;
    *table = NULL;
    return E_NOTIMPL;
}

HRESULT WINAPI CreateBindCtx(DWORD reserved, PVOID *context)
{
    return GetRunningObjectTable(reserved, context);
}

HRESULT WINAPI OleSaveToStream(PVOID object, PVOID stream)
{
    (void)object, (void)stream;
    return E_NOTIMPL;
}

HRESULT WINAPI OleLoadFromStream(PVOID stream, const GUID *interface, PVOID *object)
{
    (void)stream, (void)interface;
    if (object) *object = NULL;
    return E_NOTIMPL;
}
