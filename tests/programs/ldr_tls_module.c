/* A module with static thread-local storage, laid out by hand: data, zeros after it, an alignment
 * of 64 bytes, and two callbacks. The test defines its NAME and its FIRST value. */
#include "ldr_module.h"

#define TEXT_OF(name) TEXT_OF_(name)
#define TEXT_OF_(name) #name

ULONG _tls_index = 0xBAD;
static int template[4] = {FIRST, FIRST + 1, FIRST + 2, FIRST + 3};
static const int *const self = template;

static void NTAPI first(void *module, DWORD reason, void *reserved)
{
    (void)module, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH || reason == DLL_PROCESS_DETACH)
        say(TEXT_OF(NAME) " callback 1\r\n");
}

static void NTAPI second(void *module, DWORD reason, void *reserved)
{
    (void)module;
    report(TEXT_OF(NAME) " callback 2", reason, reserved);
}

static const PIMAGE_TLS_CALLBACK callbacks[] = {first, second, NULL};

const IMAGE_TLS_DIRECTORY _tls_used = {
    .StartAddressOfRawData = (ULONG_PTR)template,
    .EndAddressOfRawData = (ULONG_PTR)(template + 4),
    .AddressOfIndex = (ULONG_PTR)&_tls_index,
    .AddressOfCallBacks = (ULONG_PTR)callbacks,
    .SizeOfZeroFill = 5000,
    .Characteristics = IMAGE_SCN_ALIGN_64BYTES,
};

/* The calling thread's block: the four values, then the zeros. */
__declspec(dllexport) int *NAME(void)
{
    (void)self;
    void **slots = (void **)__readfsdword(0x2C);
    return slots[_tls_index];
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH || reason == DLL_PROCESS_DETACH)
        report(TEXT_OF(NAME), reason, reserved);
    return TRUE;
}
