/* Random bytes. They follow from the machine's seed and clock, so that a run can be repeated:
 * nothing here is a secret. */
#include "ntcalls.h"

static ULONGLONG state;

static ULONGLONG next(void)
{
    /* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators". */
    ULONGLONG old, mixed;
    do {
        old = state;
        mixed = old;
        if (!mixed) {
            LARGE_INTEGER time;
            NtQuerySystemTime(&time);
            mixed = (ULONGLONG)time.QuadPart ^ (ULONGLONG)SharedUserData->Cookie << 32 ^
                    0x9E3779B97F4A7C15u;
        }
        mixed ^= mixed >> 12;
        mixed ^= mixed << 25;
        mixed ^= mixed >> 27;
    } while (!__sync_bool_compare_and_swap(&state, old, mixed));
    return mixed * 0x2545F4914F6CDD1Du;
}

BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size)
{
    ULONGLONG bits = 0;
    for (SIZE_T i = 0; i < size; i++, bits >>= 8) {
        if (!(i & 7)) bits = next();
        data[i] = (BYTE)bits;
    }
    return TRUE;
}
