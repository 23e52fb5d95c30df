/* Arrays with bounds, as far as a program that was given one needs them; and the thread's error
 * object, of which there never is one unless the program sets it. */
#include "rtl.h"
#include <winerror.h>

struct safe_array {
    USHORT dimensions, features;
    ULONG element_size;
    LONG locks;
    PVOID data;
    struct {
        ULONG count;
        LONG first;
    } bounds[];
};
enum { FADF_AUTO = 1, FADF_STATIC = 2, FADF_FIXEDSIZE = 16, OF_OBJECTS = 0xF00 };

HRESULT WINAPI SafeArrayAccessData(struct safe_array *array, PVOID *data)
{
    if (!array || !data) return E_INVALIDARG;
    InterlockedIncrement(&array->locks);
    *data = array->data;
    return S_OK;
}

HRESULT WINAPI SafeArrayUnaccessData(struct safe_array *array)
{
    if (!array || !array->locks) return array ? E_UNEXPECTED : E_INVALIDARG;
    InterlockedDecrement(&array->locks);
    return S_OK;
}

/* Elements that own something (strings, objects, variants) cannot be had from here, since nothing
 * makes such arrays. */
HRESULT WINAPI SafeArrayDestroy(struct safe_array *array)
{
    if (!array) return S_OK;
    if (array->locks) return DISP_E_ARRAYISLOCKED;
    if (array->features & OF_OBJECTS) return E_NOTIMPL;
    if (!(array->features & (FADF_AUTO | FADF_STATIC | FADF_FIXEDSIZE)))
        RtlFreeHeap(GetProcessHeap(), 0, array->data);
    RtlFreeHeap(GetProcessHeap(), 0, array);
    return S_OK;
}

struct object {
    ULONG(WINAPI **methods)(struct object *);
};
enum { AddRef = 1, Release = 2 };
static DWORD error_slot = TLS_OUT_OF_INDEXES;

static BOOL have_slot(void)
{
    DWORD fresh;
    if (error_slot != TLS_OUT_OF_INDEXES) return TRUE;
    fresh = TlsAlloc();
    if (fresh == TLS_OUT_OF_INDEXES) return FALSE;
    if (InterlockedCompareExchange((LONG *)&error_slot, (LONG)fresh, (LONG)TLS_OUT_OF_INDEXES) !=
        (LONG)TLS_OUT_OF_INDEXES)
        TlsFree(fresh);
    return TRUE;
}

HRESULT WINAPI SetErrorInfo(ULONG reserved, struct object *information)
{
    struct object *before;
    if (reserved) return E_INVALIDARG;
    if (!have_slot()) return E_OUTOFMEMORY;
    before = TlsGetValue(error_slot);
    if (before) before->methods[Release](before);
    if (information) information->methods[AddRef](information);
    TlsSetValue(error_slot, information);
    return S_OK;
}

/* The caller gets the reference. */
HRESULT WINAPI GetErrorInfo(ULONG reserved, struct object **information)
{
    if (reserved || !information) return E_INVALIDARG;
    *information = have_slot() ? TlsGetValue(error_slot) : NULL;
    if (!*information) return S_FALSE;
    TlsSetValue(error_slot, NULL);
    return S_OK;
}
