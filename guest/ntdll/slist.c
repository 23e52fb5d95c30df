/* Interlocked singly linked lists: the 8-byte header is exchanged as one. */
#include "ntdll.h"

static BOOL Exchange(PSLIST_HEADER head, SLIST_HEADER old, SLIST_HEADER new)
{
    return InterlockedCompareExchange64((volatile LONGLONG *)&head->Alignment,
                                        (LONGLONG)new.Alignment, (LONGLONG)old.Alignment) ==
           (LONGLONG)old.Alignment;
}

static SLIST_HEADER Read(PSLIST_HEADER head)
{
    SLIST_HEADER value;
    value.Alignment = head->Alignment;
    return value;
}

VOID NTAPI RtlInitializeSListHead(PSLIST_HEADER Head)
{
    Head->Alignment = 0;
}

PSLIST_ENTRY NTAPI RtlFirstEntrySList(const SLIST_HEADER *Head)
{
    return (PSLIST_ENTRY)Head->Next.Next;
}

WORD NTAPI RtlQueryDepthSList(PSLIST_HEADER Head)
{
    return Head->Depth;
}

PSLIST_ENTRY FASTCALL RtlInterlockedPushListSList(PSLIST_HEADER Head, PSLIST_ENTRY First,
                                                  PSLIST_ENTRY Last, ULONG Count)
{
    SLIST_HEADER old, new;
    do {
        old = new = Read(Head);
        Last->Next = old.Next.Next;
        new.Next.Next = First;
        new.Depth = (WORD)(old.Depth + Count);
        new.Sequence++;
    } while (!Exchange(Head, old, new));
    return old.Next.Next;
}

PSLIST_ENTRY NTAPI RtlInterlockedPushEntrySList(PSLIST_HEADER Head, PSLIST_ENTRY Entry)
{
    return RtlInterlockedPushListSList(Head, Entry, Entry, 1);
}

PSLIST_ENTRY NTAPI RtlInterlockedPopEntrySList(PSLIST_HEADER Head)
{
    SLIST_HEADER old, new;
    do {
        old = new = Read(Head);
        if (!old.Next.Next)
            return NULL;
        new.Next.Next = old.Next.Next->Next;
        new.Depth--;
        new.Sequence++;
    } while (!Exchange(Head, old, new));
    return old.Next.Next;
}

PSLIST_ENTRY NTAPI RtlInterlockedFlushSList(PSLIST_HEADER Head)
{
    SLIST_HEADER old, new;
    do {
        old = new = Read(Head);
        new.Next.Next = NULL;
        new.Depth = 0;
        new.Sequence++;
    } while (!Exchange(Head, old, new));
    return old.Next.Next;
}
