/* What the files of ntdll share. */
#pragma once
#include "ntcalls.h"
#include "rtl.h"
#include "rtl_security.h"
#include "ldr.h"
#include "crt.h"

#define ALIGN_UP(value, to) (((value) + ((to) - 1)) & ~((to) - 1))
#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))
#define STRING_CONSTANT(text) \
    ((UNICODE_STRING){sizeof(text) - sizeof(WCHAR), sizeof(text), (PWSTR)(text)})

static inline VOID ListInitialize(PLIST_ENTRY head)
{
    head->Flink = head->Blink = head;
}

static inline VOID ListAppend(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    entry->Flink = head;
    entry->Blink = head->Blink;
    head->Blink->Flink = entry;
    head->Blink = entry;
}

static inline VOID ListPrepend(PLIST_ENTRY head, PLIST_ENTRY entry)
{
    ListAppend(head->Flink, entry);
}

static inline VOID ListRemove(PLIST_ENTRY entry)
{
    entry->Flink->Blink = entry->Blink;
    entry->Blink->Flink = entry->Flink;
    entry->Flink = entry->Blink = entry;
}

/* The process heap. */
static inline PVOID Allocate(SIZE_T size)
{
    return RtlAllocateHeap(NtPeb()->ProcessHeap, 0, size);
}

static inline PVOID AllocateZeroed(SIZE_T size)
{
    return RtlAllocateHeap(NtPeb()->ProcessHeap, HEAP_ZERO_MEMORY, size);
}

static inline VOID Free(PVOID address)
{
    RtlFreeHeap(NtPeb()->ProcessHeap, 0, address);
}

enum waiter_kind { ANY_WAITER, EXCLUSIVE_WAITER, SHARED_WAITER };
VOID WaitForWord(volatile LONG *word, LONG seen, enum waiter_kind kind);
VOID WakeNext(volatile LONG *word);
VOID ForgetWaiters(void);
VOID InitializePebLock(void);
VOID InitializeFls(void);
VOID HeapSubsystemInitialize(void);
VOID HeapDelayInitialize(void);
BOOL CDECL CallEntryPoint(PVOID entry, PVOID base, ULONG reason, PVOID reserved,
                          NTSTATUS *raised);
VOID CDECL DebugService(ULONG service, PCSTR text, ULONG length);
