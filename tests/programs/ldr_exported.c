/* What ldr_exports.c asks for: exports by name, ordinal, as data, and forwarded (see the .def). */
#include "ldr_module.h"

__declspec(dllexport) int number = 5;
int *number_pointer = &number;

int named(void)
{
    return 10 + *number_pointer;
}

int unnamed(void)
{
    return 20;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    (void)module, (void)reason, (void)reserved;
    return TRUE;
}
