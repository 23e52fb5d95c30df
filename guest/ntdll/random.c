/* Pseudo-random numbers from the caller's seed: Lehmer's generator modulo 2^31 - 1
 * (documented for RtlUniform), shuffled through a table for RtlRandom. */
#include "ntdll.h"

#define MODULUS 0x7FFFFFFFu

ULONG NTAPI RtlUniform(PULONG Seed)
{
    *Seed = (ULONG)((0x7FFFFFEDULL * *Seed + 0x7FFFFFC3u) % MODULUS);
    return *Seed;
}

ULONG NTAPI RtlRandomEx(PULONG Seed)
{
    static ULONG table[128];
    static ULONG start = 0x1D8B3E5Fu;
    if (!table[0])
        for (ULONG i = 0; i < LENGTH_OF(table); i++)
            table[i] = RtlUniform(&start) | 1;
    ULONG slot = RtlUniform(Seed) % LENGTH_OF(table);
    ULONG value = table[slot];
    table[slot] = RtlUniform(Seed) | 1;
    return value % MODULUS;
}

ULONG NTAPI RtlRandom(PULONG Seed)
{
    return RtlRandomEx(Seed);
}
