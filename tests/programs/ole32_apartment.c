/* An apartment whose thread has a window, and an object of a class of the same process. */
#define COBJMACROS
#define CINTERFACE
#include <windows.h>
#include <objbase.h>
#include <initguid.h>
#include <stdio.h>

DEFINE_GUID(CLSID_Mine, 0x12345678, 0x1234, 0x5678, 1, 2, 3, 4, 5, 6, 7, 8);

static HRESULT STDMETHODCALLTYPE query(IClassFactory *self, REFIID id, void **out)
{
    *out = IsEqualGUID(id, &IID_IUnknown) || IsEqualGUID(id, &IID_IClassFactory) ? self : NULL;
    return *out ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE one(IClassFactory *self)
{
    (void)self;
    return 1;
}

static HRESULT STDMETHODCALLTYPE create(IClassFactory *self, IUnknown *outer, REFIID id, void **out)
{
    printf("create\n");
    return outer ? CLASS_E_NOAGGREGATION : query(self, id, out);
}

static HRESULT STDMETHODCALLTYPE lock(IClassFactory *self, BOOL locks)
{
    (void)self, (void)locks;
    return S_OK;
}

static IClassFactoryVtbl functions = {query, one, one, create, lock};
static IClassFactory factory = {&functions};

int main(void)
{
    IUnknown *made = NULL, *again = NULL;
    IStream *stream = NULL;
    DWORD cookie = 0;
    MSG msg;
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("init %08lx\n", CoInitializeEx(NULL, COINIT_APARTMENTTHREADED));
    printf("again %08lx\n", CoInitializeEx(NULL, COINIT_APARTMENTTHREADED));
    printf("changed %08lx\n", CoInitializeEx(NULL, COINIT_MULTITHREADED));
    printf("none %08lx\n", CoCreateInstance(&CLSID_Mine, NULL, CLSCTX_INPROC_SERVER,
        &IID_IUnknown, (void **)&made));
    printf("register %08lx\n", CoRegisterClassObject(&CLSID_Mine, (IUnknown *)&factory,
        CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie));
    printf("instance %08lx", CoCreateInstance(&CLSID_Mine, NULL, CLSCTX_INPROC_SERVER,
        &IID_IUnknown, (void **)&made));
    printf(" %d\n", made == (IUnknown *)&factory);
    printf("marshal %08lx\n",
        CoMarshalInterThreadInterfaceInStream(&IID_IUnknown, made, &stream));
    printf("unmarshal %08lx", CoGetInterfaceAndReleaseStream(stream, &IID_IUnknown,
        (void **)&again));
    printf(" %d\n", again == made);
    while (PeekMessageA(&msg, NULL, 0, 0, PM_REMOVE)) DispatchMessageA(&msg);
    printf("revoke %08lx\n", CoRevokeClassObject(cookie));
    CoUninitialize();
    CoUninitialize();
    printf("done\n");
    return 0;
}
