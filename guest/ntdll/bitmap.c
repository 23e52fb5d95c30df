/* RTL_BITMAP. */
#include "ntdll.h"

static BOOL Bit(PRTL_BITMAP map, ULONG index)
{
    return map->Buffer[index / 32] >> index % 32 & 1;
}

static VOID Set(PRTL_BITMAP map, ULONG start, ULONG count, BOOL value)
{
    for (ULONG i = start; count-- && i < map->SizeOfBitMap; i++)
        if (value)
            map->Buffer[i / 32] |= 1u << i % 32;
        else
            map->Buffer[i / 32] &= ~(1u << i % 32);
}

static BOOL Are(PRTL_BITMAP map, ULONG start, ULONG count, BOOL value)
{
    if (!count || start >= map->SizeOfBitMap || count > map->SizeOfBitMap - start)
        return FALSE;
    while (count--)
        if (Bit(map, start++) != value)
            return FALSE;
    return TRUE;
}

/* The first run of `count` bits of that value in [from, to), or -1. */
static ULONG Search(PRTL_BITMAP map, ULONG count, ULONG from, ULONG to, BOOL value)
{
    ULONG run = 0;
    for (ULONG i = from; i < to; i++) {
        run = Bit(map, i) == value ? run + 1 : 0;
        if (run == count)
            return i + 1 - count;
    }
    return (ULONG)-1;
}

/* From the hint (rounded down to a byte) to the end, then from the start. */
static ULONG Find(PRTL_BITMAP map, ULONG count, ULONG hint, BOOL value)
{
    ULONG size = map->SizeOfBitMap;
    if (count > size)
        return (ULONG)-1;
    if (hint >= size)
        hint = 0;
    if (!count)
        return hint & ~7u;
    ULONG found = Search(map, count, hint, size, value);
    if (found == (ULONG)-1 && hint)
        found = Search(map, count, 0, hint + count - 1 < size ? hint + count - 1 : size, value);
    return found;
}

VOID NTAPI RtlInitializeBitMap(PRTL_BITMAP Map, PULONG Buffer, ULONG Bits)
{
    Map->SizeOfBitMap = Bits;
    Map->Buffer = Buffer;
}

VOID NTAPI RtlClearAllBits(PRTL_BITMAP Map)
{
    memset(Map->Buffer, 0, (Map->SizeOfBitMap + 31) / 32 * 4);
}

VOID NTAPI RtlSetAllBits(PRTL_BITMAP Map)
{
    memset(Map->Buffer, 0xFF, (Map->SizeOfBitMap + 31) / 32 * 4);
}

VOID NTAPI RtlSetBits(PRTL_BITMAP Map, ULONG Start, ULONG Count)
{
    Set(Map, Start, Count, TRUE);
}

VOID NTAPI RtlClearBits(PRTL_BITMAP Map, ULONG Start, ULONG Count)
{
    Set(Map, Start, Count, FALSE);
}

BOOLEAN NTAPI RtlTestBit(PRTL_BITMAP Map, ULONG Index)
{
    return Index < Map->SizeOfBitMap && Bit(Map, Index);
}

BOOLEAN NTAPI RtlAreBitsSet(PRTL_BITMAP Map, ULONG Start, ULONG Count)
{
    return Are(Map, Start, Count, TRUE);
}

BOOLEAN NTAPI RtlAreBitsClear(PRTL_BITMAP Map, ULONG Start, ULONG Count)
{
    return Are(Map, Start, Count, FALSE);
}

ULONG NTAPI RtlFindClearBits(PRTL_BITMAP Map, ULONG Count, ULONG Hint)
{
    return Find(Map, Count, Hint, FALSE);
}

ULONG NTAPI RtlFindSetBits(PRTL_BITMAP Map, ULONG Count, ULONG Hint)
{
    return Find(Map, Count, Hint, TRUE);
}

ULONG NTAPI RtlFindClearBitsAndSet(PRTL_BITMAP Map, ULONG Count, ULONG Hint)
{
    ULONG found = Find(Map, Count, Hint, FALSE);
    if (found != (ULONG)-1)
        Set(Map, found, Count, TRUE);
    return found;
}

ULONG NTAPI RtlFindSetBitsAndClear(PRTL_BITMAP Map, ULONG Count, ULONG Hint)
{
    ULONG found = Find(Map, Count, Hint, TRUE);
    if (found != (ULONG)-1)
        Set(Map, found, Count, FALSE);
    return found;
}

ULONG NTAPI RtlNumberOfSetBits(PRTL_BITMAP Map)
{
    ULONG count = 0;
    for (ULONG i = 0; i < Map->SizeOfBitMap; i++)
        count += Bit(Map, i);
    return count;
}

ULONG NTAPI RtlNumberOfClearBits(PRTL_BITMAP Map)
{
    return Map->SizeOfBitMap - RtlNumberOfSetBits(Map);
}
