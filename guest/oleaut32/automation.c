/* Strings and variants of automation. A BSTR has its length in bytes in front of its text. */
#include "rtl.h"
#include <string.h>

typedef WCHAR *BSTR;
struct counted {
    ULONG Spare;
    ULONG bytes;
    WCHAR text[];
};

static struct counted *counted_of(const WCHAR *string)
{
    return CONTAINING_RECORD(string, struct counted, text);
}

BSTR WINAPI SysAllocStringByteLen(LPCSTR source, UINT bytes)
{
    struct counted *counted = bytes > 0x7FFFFFF0 ? NULL
        : RtlAllocateHeap(GetProcessHeap(), 0, sizeof *counted + bytes + sizeof(WCHAR) + 1);
    if (!counted) return NULL;
    counted->bytes = bytes;
    if (source) memcpy(counted->text, source, bytes);
    memset((char *)counted->text + bytes, 0, sizeof(WCHAR) + 1);
    return counted->text;
}

BSTR WINAPI SysAllocStringLen(const WCHAR *source, UINT length)
{
    if (length > 0x3FFFFFF0) return NULL;
    return SysAllocStringByteLen((LPCSTR)source, length * sizeof(WCHAR));
}

BSTR WINAPI SysAllocString(const WCHAR *source)
{
    return source ? SysAllocStringLen(source, (UINT)wcslen(source)) : NULL;
}

VOID WINAPI SysFreeString(BSTR string)
{
    if (string) RtlFreeHeap(GetProcessHeap(), 0, counted_of(string));
}

INT WINAPI SysReAllocString(BSTR *string, const WCHAR *source)
{
    BSTR fresh = SysAllocString(source);
    if (source && !fresh) return FALSE;
    SysFreeString(*string);
    *string = fresh;
    return TRUE;
}

UINT WINAPI SysStringByteLen(BSTR string)
{
    return string ? counted_of(string)->bytes : 0;
}

UINT WINAPI SysStringLen(BSTR string)
{
    return SysStringByteLen(string) / sizeof(WCHAR);
}

struct variant {
    USHORT type, reserved[3];
    union {
        ULONGLONG number;
        BSTR string;
        struct object {
            HRESULT(WINAPI **methods)(struct object *);
        } *object;
    };
};
enum { VT_EMPTY = 0, VT_BSTR = 8, VT_DISPATCH = 9, VT_UNKNOWN = 13, VT_ARRAY = 0x2000,
       VT_BYREF = 0x4000 };
enum { AddRef = 1, Release = 2 };

VOID WINAPI VariantInit(struct variant *variant)
{
    memset(variant, 0, sizeof *variant);
}

static BOOL is_object(const struct variant *variant)
{
    return (variant->type == VT_DISPATCH || variant->type == VT_UNKNOWN) && variant->object;
}

HRESULT WINAPI VariantClear(struct variant *variant)
{
    if (variant->type & VT_ARRAY && !(variant->type & VT_BYREF)) return DISP_E_BADVARTYPE;
    if (variant->type == VT_BSTR) SysFreeString(variant->string);
    else if (is_object(variant)) variant->object->methods[Release](variant->object);
    variant->type = VT_EMPTY;
    return 0;
}

HRESULT WINAPI VariantCopy(struct variant *target, const struct variant *source)
{
    HRESULT result;
    if (target == source) return 0;
    if (source->type & VT_ARRAY && !(source->type & VT_BYREF)) return DISP_E_BADVARTYPE;
    result = VariantClear(target);
    if (result < 0) return result;
    *target = *source;
    if (source->type == VT_BSTR && source->string) {
        target->string = SysAllocStringByteLen((LPCSTR)source->string,
            SysStringByteLen(source->string));
        if (!target->string) {
            target->type = VT_EMPTY;
            return (HRESULT)0x8007000E;
        }
    }
    if (is_object(target)) target->object->methods[AddRef](target->object);
    return 0;
}
