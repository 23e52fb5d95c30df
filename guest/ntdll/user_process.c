/* New processes: of an image, or as a copy of the caller's. */
#include "heap.h"

#define PS_ATTRIBUTE_CLIENT_ID 0x10003
#define PS_ATTRIBUTE_IMAGE_INFORMATION 0x6
#define PS_ATTRIBUTE_IMAGE_NAME 0x20005
#define PS_ATTRIBUTE_PARENT_PROCESS 0x60000
#define PROCESS_CREATE_FLAGS_INHERIT_HANDLES 4
#define THREAD_CREATE_FLAGS_CREATE_SUSPENDED 1
#define RTL_CLONE_PROCESS_FLAGS_CREATE_SUSPENDED 1
#define RTL_CLONE_PROCESS_FLAGS_INHERIT_HANDLES 2
#define RTL_CLONE_PROCESS_FLAGS_NO_SYNCHRONIZE 4

struct attribute {
    ULONG_PTR attribute;
    SIZE_T size;
    PVOID value;
    PSIZE_T returned;
};
struct attributes {
    SIZE_T total;
    struct attribute rows[4];
};

static struct attributes Outputs(PRTL_USER_PROCESS_INFORMATION Information)
{
    return (struct attributes){sizeof(SIZE_T) + 2 * sizeof(struct attribute), {
        {PS_ATTRIBUTE_CLIENT_ID, sizeof Information->ClientId, &Information->ClientId, NULL},
        {PS_ATTRIBUTE_IMAGE_INFORMATION, sizeof Information->ImageInformation,
         &Information->ImageInformation, NULL},
    }};
}

static VOID Add(struct attributes *list, ULONG_PTR attribute, SIZE_T size, PVOID value)
{
    SIZE_T index = (list->total - sizeof list->total) / sizeof *list->rows;
    list->rows[index] = (struct attribute){attribute, size, value, NULL};
    list->total += sizeof *list->rows;
}

NTSTATUS NTAPI RtlCreateUserProcess(PUNICODE_STRING ImagePath, ULONG Attributes,
                                    PRTL_USER_PROCESS_PARAMETERS Parameters,
                                    PVOID ProcessDescriptor, PVOID ThreadDescriptor, HANDLE Parent,
                                    BOOLEAN InheritHandles, HANDLE DebugPort, HANDLE ExceptionPort,
                                    PRTL_USER_PROCESS_INFORMATION Information)
{
    OBJECT_ATTRIBUTES process, thread;
    struct attributes list = Outputs(Information);
    (void)Attributes;
    (void)DebugPort;
    (void)ExceptionPort;
    Add(&list, PS_ATTRIBUTE_IMAGE_NAME, ImagePath->Length, ImagePath->Buffer);
    if (Parent)
        Add(&list, PS_ATTRIBUTE_PARENT_PROCESS, sizeof Parent, Parent);
    InitializeObjectAttributes(&process, NULL, 0, NULL, ProcessDescriptor);
    InitializeObjectAttributes(&thread, NULL, 0, NULL, ThreadDescriptor);
    Information->Length = sizeof *Information;
    return NtCreateUserProcess(&Information->Process, &Information->Thread, PROCESS_ALL_ACCESS,
                               THREAD_ALL_ACCESS, &process, &thread,
                               InheritHandles ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0,
                               THREAD_CREATE_FLAGS_CREATE_SUSPENDED,
                               RtlNormalizeProcessParams(Parameters), NULL, &list);
}

/* In the clone the caller has another thread id, by which its locks know their owner. */
static VOID Adopt(PRTL_CRITICAL_SECTION lock)
{
    lock->OwningThread = NtTeb()->ClientId.UniqueThread;
}

static NTSTATUS Clone(ULONG flags, PVOID ProcessDescriptor, PVOID ThreadDescriptor,
                      PRTL_USER_PROCESS_INFORMATION Information)
{
    OBJECT_ATTRIBUTES process, thread;
    struct attributes list = Outputs(Information);
    InitializeObjectAttributes(&process, NULL, 0, NULL, ProcessDescriptor);
    InitializeObjectAttributes(&thread, NULL, 0, NULL, ThreadDescriptor);
    return NtCreateUserProcess(
        &Information->Process, &Information->Thread, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS,
        &process, &thread,
        flags & RTL_CLONE_PROCESS_FLAGS_INHERIT_HANDLES ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0,
        flags & RTL_CLONE_PROCESS_FLAGS_CREATE_SUSPENDED ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0,
        NULL, NULL, &list);
}

/* Unless the caller forbids it, no other thread is in the loader, the PEB's data or the process
 * heap at the moment of the copy. */
NTSTATUS NTAPI RtlCloneUserProcess(ULONG Flags, PVOID ProcessDescriptor, PVOID ThreadDescriptor,
                                   HANDLE DebugPort, PRTL_USER_PROCESS_INFORMATION Information)
{
    NTSTATUS status;
    PRTL_CRITICAL_SECTION heap = &((struct heap *)NtPeb()->ProcessHeap)->lock;
    (void)DebugPort;
    if (Flags & ~(RTL_CLONE_PROCESS_FLAGS_CREATE_SUSPENDED |
                  RTL_CLONE_PROCESS_FLAGS_INHERIT_HANDLES | RTL_CLONE_PROCESS_FLAGS_NO_SYNCHRONIZE))
        return STATUS_INVALID_PARAMETER;
    Information->Length = sizeof *Information;
    if (Flags & RTL_CLONE_PROCESS_FLAGS_NO_SYNCHRONIZE)
        return Clone(Flags, ProcessDescriptor, ThreadDescriptor, Information);
    RtlEnterCriticalSection(NtPeb()->LoaderLock);
    RtlAcquirePebLock();
    RtlEnterCriticalSection(heap);
    status = Clone(Flags, ProcessDescriptor, ThreadDescriptor, Information);
    if (status == STATUS_PROCESS_CLONED) {
        Adopt(heap);
        Adopt(NtPeb()->FastPebLock);
        Adopt(NtPeb()->LoaderLock);
    }
    RtlLeaveCriticalSection(heap);
    RtlReleasePebLock();
    RtlLeaveCriticalSection(NtPeb()->LoaderLock);
    return status;
}
