/* Blocks of memory: the C functions and Rtl's. The string instructions are the fastest form both
 * on an emulated CPU and, for more than a few bytes, on a real one. */
#include "ntdll.h"

void *CDECL memcpy(void *target, const void *source, size_t length)
{
    void *to = target;
    size_t words = length >> 2;
    __asm__ volatile("rep movsl\n\tmovl %3, %%ecx\n\trep movsb"
                     : "+D"(to), "+S"(source), "+c"(words)
                     : "r"(length & 3)
                     : "memory");
    return target;
}

void *CDECL memmove(void *target, const void *source, size_t length)
{
    if ((ULONG_PTR)target - (ULONG_PTR)source >= length)
        return memcpy(target, source, length);
    char *to = (char *)target + length - 1;
    const char *from = (const char *)source + length - 1;
    size_t tail = length & 3, words = length >> 2;
    __asm__ volatile("std\n\trep movsb\n\tsubl $3, %%edi\n\tsubl $3, %%esi\n\t"
                     "movl %3, %%ecx\n\trep movsl\n\tcld"
                     : "+D"(to), "+S"(from), "+c"(tail)
                     : "r"(words)
                     : "memory");
    return target;
}

void *CDECL memset(void *target, int value, size_t length)
{
    void *to = target;
    size_t words = length >> 2;
    __asm__ volatile("rep stosl\n\tmovl %3, %%ecx\n\trep stosb"
                     : "+D"(to), "+c"(words)
                     : "a"((UCHAR)value * 0x01010101u), "r"(length & 3)
                     : "memory");
    return target;
}

int CDECL memcmp(const void *left, const void *right, size_t length)
{
    const UCHAR *a = left, *b = right;
    for (; length >= 4 && *(const ULONG *)a == *(const ULONG *)b; length -= 4)
        a += 4, b += 4;
    for (; length; length--, a++, b++)
        if (*a != *b)
            return *a - *b;
    return 0;
}

void *CDECL memchr(const void *memory, int value, size_t length)
{
    for (const UCHAR *p = memory; length--; p++)
        if (*p == (UCHAR)value)
            return (void *)p;
    return NULL;
}

void *CDECL _memccpy(void *target, const void *source, int value, size_t length)
{
    const UCHAR *from = source;
    for (UCHAR *to = target; length--;)
        if ((*to++ = *from++) == (UCHAR)value)
            return to;
    return NULL;
}

int CDECL _memicmp(const void *left, const void *right, size_t length)
{
    const UCHAR *a = left, *b = right;
    for (; length--; a++, b++)
        if (tolower(*a) != tolower(*b))
            return tolower(*a) - tolower(*b);
    return 0;
}

VOID NTAPI RtlMoveMemory(PVOID Target, PCVOID Source, SIZE_T Length)
{
    memmove(Target, Source, Length);
}

VOID NTAPI RtlCopyMemoryNonTemporal(PVOID Target, PCVOID Source, SIZE_T Length)
{
    memcpy(Target, Source, Length);
}

VOID NTAPI RtlFillMemory(PVOID Target, SIZE_T Length, UCHAR Fill)
{
    memset(Target, Fill, Length);
}

VOID NTAPI RtlFillMemoryUlong(PVOID Target, SIZE_T Length, ULONG Fill)
{
    for (ULONG *word = Target, *end = word + Length / sizeof(ULONG); word < end; word++)
        *word = Fill;
}

VOID NTAPI RtlZeroMemory(PVOID Target, SIZE_T Length)
{
    memset(Target, 0, Length);
}

/* Returns the number of bytes that match, from the start. */
SIZE_T NTAPI RtlCompareMemory(const VOID *Left, const VOID *Right, SIZE_T Length)
{
    const UCHAR *a = Left, *b = Right;
    SIZE_T same = 0;
    while (same < Length && a[same] == b[same])
        same++;
    return same;
}

SIZE_T NTAPI RtlCompareMemoryUlong(PVOID Memory, SIZE_T Length, ULONG Pattern)
{
    const ULONG *word = Memory;
    SIZE_T same = 0, count = Length / sizeof(ULONG);
    while (same < count && word[same] == Pattern)
        same++;
    return same * sizeof(ULONG);
}
