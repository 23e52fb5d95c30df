/* RTL_BITMAP: runs of equal bits, and the highest and lowest bits of a number. */
#include "ntdll.h"

typedef struct {
    ULONG StartingIndex;
    ULONG NumberOfBits;
} RTL_BITMAP_RUN, *PRTL_BITMAP_RUN;

static BOOL Bit(PRTL_BITMAP map, ULONG index)
{
    return map->Buffer[index / 32] >> index % 32 & 1;
}

/* The next run of that value from `from` on; its length, 0 if there is none. */
static ULONG NextRun(PRTL_BITMAP map, ULONG from, BOOL value, PULONG start)
{
    ULONG end;
    while (from < map->SizeOfBitMap && Bit(map, from) != value)
        from++;
    for (end = from; end < map->SizeOfBitMap && Bit(map, end) == value;)
        end++;
    *start = from;
    return end - from;
}

/* The last run of that value that ends at `from` or before. */
static ULONG LastRun(PRTL_BITMAP map, ULONG from, BOOL value, PULONG start)
{
    LONG at = (LONG)from, end;
    while (at >= 0 && Bit(map, (ULONG)at) != value)
        at--;
    for (end = at; at >= 0 && Bit(map, (ULONG)at) == value;)
        at--;
    *start = (ULONG)(at + 1);
    return (ULONG)(end - at);
}

static ULONG LongestRun(PRTL_BITMAP map, PULONG start, BOOL value)
{
    ULONG longest = 0, at = 0, found, length;
    while ((length = NextRun(map, at, value, &found))) {
        if (length > longest) {
            longest = length;
            if (start)
                *start = found;
        }
        at = found + length;
    }
    return longest;
}

/* Into an array of `count`: the first runs, or sorted the longest, longest first. */
static ULONG FindRuns(PRTL_BITMAP map, PRTL_BITMAP_RUN runs, ULONG count, BOOL longest, BOOL value)
{
    ULONG used = 0, at = 0, found, length;
    while ((longest || used < count) && (length = NextRun(map, at, value, &found))) {
        ULONG place = used;
        at = found + length;
        while (longest && place && runs[place - 1].NumberOfBits < length)
            place--;
        if (place == count)
            continue;
        if (used < count)
            used++;
        for (ULONG i = used - 1; i > place; i--)
            runs[i] = runs[i - 1];
        runs[place] = (RTL_BITMAP_RUN){found, length};
    }
    return used;
}

ULONG NTAPI RtlFindNextForwardRunClear(PRTL_BITMAP Map, ULONG From, PULONG Start)
{
    return NextRun(Map, From, FALSE, Start);
}

ULONG NTAPI RtlFindNextForwardRunSet(PRTL_BITMAP Map, ULONG From, PULONG Start)
{
    return NextRun(Map, From, TRUE, Start);
}

ULONG NTAPI RtlFindLastBackwardRunClear(PRTL_BITMAP Map, ULONG From, PULONG Start)
{
    return LastRun(Map, From, FALSE, Start);
}

ULONG NTAPI RtlFindLastBackwardRunSet(PRTL_BITMAP Map, ULONG From, PULONG Start)
{
    return LastRun(Map, From, TRUE, Start);
}

ULONG NTAPI RtlFindLongestRunClear(PRTL_BITMAP Map, PULONG Start)
{
    return LongestRun(Map, Start, FALSE);
}

ULONG NTAPI RtlFindLongestRunSet(PRTL_BITMAP Map, PULONG Start)
{
    return LongestRun(Map, Start, TRUE);
}

ULONG NTAPI RtlFindClearRuns(PRTL_BITMAP Map, PRTL_BITMAP_RUN Runs, ULONG Count, BOOLEAN Longest)
{
    return FindRuns(Map, Runs, Count, Longest, FALSE);
}

ULONG NTAPI RtlFindSetRuns(PRTL_BITMAP Map, PRTL_BITMAP_RUN Runs, ULONG Count, BOOLEAN Longest)
{
    return FindRuns(Map, Runs, Count, Longest, TRUE);
}

/* -1 for zero. */
CCHAR NTAPI RtlFindMostSignificantBit(ULONGLONG Value)
{
    CCHAR bit = -1;
    for (; Value; Value >>= 1)
        bit++;
    return bit;
}

CCHAR NTAPI RtlFindLeastSignificantBit(ULONGLONG Value)
{
    CCHAR bit = 0;
    if (!Value)
        return -1;
    for (; !(Value & 1); Value >>= 1)
        bit++;
    return bit;
}
