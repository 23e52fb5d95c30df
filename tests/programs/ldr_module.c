/* A module that reports its DllMain. The test defines its NAME, and if wanted: NEEDS, a function
 * of another module; QUIET, no calls for threads; REFUSE, DllMain fails; CRASH, it faults. */
#include "ldr_module.h"

#define TEXT_OF(name) TEXT_OF_(name)
#define TEXT_OF_(name) #name

#ifdef NEEDS
__declspec(dllimport) int NEEDS(void);
#endif

__declspec(dllexport) int NAME(void)
{
#ifdef NEEDS
    static int asked;
    return asked++ ? 0 : 1 + NEEDS();
#else
    return 1;
#endif
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, void *reserved)
{
    report(TEXT_OF(NAME), reason, reserved);
#ifdef QUIET
    DisableThreadLibraryCalls(module);
#endif
    (void)module;
#ifdef CRASH
    if (reason == DLL_PROCESS_ATTACH)
        *(volatile int *)16 = 0;
#endif
#ifdef REFUSE
    return FALSE;
#else
    return TRUE;
#endif
}
