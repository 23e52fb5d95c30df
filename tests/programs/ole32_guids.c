/* GUIDs and their text in ole32 and rpcrt4; task memory behind IMalloc. */
#define COBJMACROS
#include <windows.h>
#include <objbase.h>
#include <rpc.h>
#include <stdio.h>

static void parse(const WCHAR *text)
{
    GUID guid;
    WCHAR again[40] = L"";
    HRESULT status = IIDFromString(text, &guid);
    printf("[%ls] %08lx", text, status);
    if (!status) printf(" %d [%ls]", StringFromGUID2(&guid, again, 40), again);
    printf("\n");
}

int main(void)
{
    GUID guid, other;
    WCHAR text[40], *allocated;
    unsigned char *name;
    IMalloc *malloc;
    void *block;
    PVOID object = &guid;
    parse(L"{00000000-0000-0000-C000-000000000046}");
    parse(L"{12345678-9abc-DEF0-1234-56789abcdef0}");
    parse(L"{12345678-9abc-DEF0-1234-56789abcdefg}");
    parse(L"12345678");
    printf("%08lx", CoCreateGuid(&guid));
    printf(" %d %d\n", guid.Data3 >> 12, guid.Data4[0] >> 6);
    printf("%d\n", StringFromGUID2(&guid, text, 38));
    printf("%d\n", StringFromGUID2(&guid, text, 39));
    printf("%08lx", StringFromCLSID(&guid, &allocated));
    printf(" %d\n", wcscmp(allocated, text));
    CoTaskMemFree(allocated);
    printf("%08lx\n", CoInitialize(NULL));
    printf("%08lx", CoCreateInstance(&guid, NULL, CLSCTX_ALL, &IID_IUnknown, &object));
    printf(" %p\n", object);
    printf("%08lx\n", CoGetMalloc(1, &malloc));
    block = IMalloc_Alloc(malloc, 20);
    printf("%d %d\n", (int)IMalloc_GetSize(malloc, block), IMalloc_DidAlloc(malloc, block));
    IMalloc_Free(malloc, block);
    guid = (GUID){0x12345678, 0x9abc, 0xdef0, {1, 2, 3, 4, 5, 6, 7, 8}};
    printf("%ld", UuidToStringA(&guid, &name));
    printf(" %s\n", name);
    printf("%ld\n", RpcStringFreeA(&name));
    printf("%ld", UuidFromStringW((RPC_WSTR)L"12345678-9abc-def0-0102-030405060708", &other));
    printf(" %d\n", !memcmp(&guid, &other, sizeof guid));
    printf("%ld\n", UuidFromStringW((RPC_WSTR)L"x", &other));
    return 0;
}
