/* The process's connection to the Windows subsystem's server, and calls over it. */
#include "csr_client.h"

#define SHARED_SIZE 0x10000
#define VIEW_SIZE 0
#define CONNECT_INFO_SIZE 0x1C
#define PORT_NAME L"\\ApiPort"

typedef struct {
    ULONG Length;
    HANDLE SectionHandle;
    ULONG SectionOffset;
    SIZE_T ViewSize;
    PVOID ViewBase, ViewRemoteBase;
} PORT_VIEW, *PPORT_VIEW;
typedef struct {
    ULONG Length;
    SIZE_T ViewSize;
    PVOID ViewBase;
} REMOTE_PORT_VIEW, *PREMOTE_PORT_VIEW;
struct connect_info {
    PVOID SharedSectionBase, SharedStaticServerData;
    HANDLE ServerProcessId;
    ULONG spare[4];
};
_Static_assert(sizeof(struct connect_info) == CONNECT_INFO_SIZE, "layout");

NTSTATUS NTAPI NtSecureConnectPort(PHANDLE Port, PUNICODE_STRING Name, PVOID Quality,
                                   PPORT_VIEW ClientView, PVOID ServerSid,
                                   PREMOTE_PORT_VIEW ServerView, PULONG MaxMessageLength,
                                   PVOID Information, PULONG InformationLength);
NTSTATUS NTAPI NtRequestWaitReplyPort(HANDLE Port, PPORT_MESSAGE Request, PPORT_MESSAGE Reply);
NTSTATUS NTAPI NtRegisterThreadTerminatePort(HANDLE Port);

PVOID csr_heap;

static HANDLE port;
static HANDLE server_id;
static ULONG_PTR delta; /* from the client's addresses of the shared memory to the server's */
static RTL_SRWLOCK lock;

static NTSTATUS MakeShared(HANDLE *section)
{
    LARGE_INTEGER size = {.QuadPart = SHARED_SIZE};
    return NtCreateSection(section, SECTION_ALL_ACCESS, NULL, &size, PAGE_READWRITE, SEC_RESERVE,
                           NULL);
}

/* The server grants no more than identification, and is asked for no certain SID. */
static NTSTATUS ConnectPort(PUNICODE_STRING name, HANDLE section, PPORT_VIEW view)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof quality, SecurityImpersonation,
                                           SECURITY_DYNAMIC_TRACKING, TRUE};
    REMOTE_PORT_VIEW server = {sizeof server, VIEW_SIZE, NULL};
    struct connect_info info = {0};
    ULONG length = sizeof info;
    *view = (PORT_VIEW){sizeof *view, section, 0, SHARED_SIZE, NULL, NULL};
    NTSTATUS status = NtSecureConnectPort(&port, name, &quality, view, NULL, &server, NULL, &info,
                                          &length);
    server_id = info.ServerProcessId;
    return status;
}

static NTSTATUS Connect(PCWSTR directory)
{
    WCHAR text[MAX_PATH];
    UNICODE_STRING name = {0, sizeof text, text};
    HANDLE section;
    PORT_VIEW view;
    NTSTATUS status = RtlAppendUnicodeToString(&name, directory);
    if (NT_SUCCESS(status))
        status = RtlAppendUnicodeToString(&name, PORT_NAME);
    if (NT_SUCCESS(status))
        status = MakeShared(&section);
    if (!NT_SUCCESS(status))
        return status;
    status = ConnectPort(&name, section, &view);
    NtClose(section);
    if (!NT_SUCCESS(status))
        return status;
    delta = (ULONG_PTR)view.ViewRemoteBase - (ULONG_PTR)view.ViewBase;
    csr_heap = RtlCreateHeap(0, view.ViewBase, view.ViewSize, PAGE_SIZE, NULL, NULL);
    if (csr_heap)
        return STATUS_SUCCESS;
    NtClose(port);
    port = NULL;
    return STATUS_NO_MEMORY;
}

static NTSTATUS ConnectOnce(PCWSTR directory)
{
    NTSTATUS status = STATUS_SUCCESS;
    RtlAcquireSRWLockExclusive(&lock);
    if (!port)
        status = Connect(directory);
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

/* Tell one of the server's DLLs of the process, with what that DLL wants to know and to answer. */
static NTSTATUS ConnectDll(ULONG index, PVOID information, ULONG length)
{
    CSR_API_MSG message;
    PCSR_CAPTURE_HEADER buffer = CsrAllocateCaptureBuffer(1, length);
    PVOID *pointer = &message.u.ClientConnect.ConnectionInformation;
    NTSTATUS status;
    if (!buffer)
        return STATUS_NO_MEMORY;
    message.u.ClientConnect.ServerDllIndex = index;
    message.u.ClientConnect.ConnectionInformationLength = length;
    CsrCaptureMessageBuffer(buffer, information, length, pointer);
    status = CsrClientCallServer(&message, buffer,
                                 CSR_API_NUMBER(CSRSRV_SERVERDLL_INDEX, CsrpClientConnect),
                                 sizeof message.u.ClientConnect);
    if (NT_SUCCESS(status))
        memcpy(information, *pointer, length);
    CsrFreeCaptureBuffer(buffer);
    return status;
}

NTSTATUS NTAPI CsrClientConnectToServer(PWSTR ObjectDirectory, ULONG ServerDllIndex,
                                        PVOID ConnectionInformation,
                                        PULONG ConnectionInformationLength,
                                        PBOOLEAN CalledFromServer)
{
    NTSTATUS status = ConnectOnce(ObjectDirectory);
    if (CalledFromServer)
        *CalledFromServer = FALSE;
    if (NT_SUCCESS(status) && ConnectionInformation && ConnectionInformationLength)
        status = ConnectDll(ServerDllIndex, ConnectionInformation, *ConnectionInformationLength);
    return status;
}

/* Pointers become the server's addresses, and their places offsets in the message; and back. */
static VOID Translate(PCSR_API_MSG message, PCSR_CAPTURE_HEADER buffer, BOOL outwards)
{
    ULONG_PTR base = (ULONG_PTR)message, change = outwards ? delta : -delta;
    for (ULONG i = 0; i < buffer->CountMessagePointers; i++) {
        ULONG_PTR *place = &buffer->MessagePointerOffsets[i];
        ULONG_PTR *pointer = (ULONG_PTR *)(outwards ? *place : *place + base);
        *place = outwards ? *place - base : *place + base;
        if (*pointer)
            *pointer += change;
    }
    message->CaptureBuffer = (PCSR_CAPTURE_HEADER)((ULONG_PTR)buffer + (outwards ? delta : 0));
}

NTSTATUS NTAPI CsrClientCallServer(PCSR_API_MSG Message, PCSR_CAPTURE_HEADER CaptureBuffer,
                                   ULONG ApiNumber, ULONG ArgLength)
{
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    if (ArgLength <= CSR_MESSAGE_BYTES) {
        Message->Header = (PORT_MESSAGE){0};
        Message->Header.TotalLength = (USHORT)(FIELD_OFFSET(CSR_API_MSG, u) + ArgLength);
        Message->Header.DataLength = (USHORT)(Message->Header.TotalLength - sizeof(PORT_MESSAGE));
        Message->ApiNumber = ApiNumber;
        Message->CaptureBuffer = NULL;
        if (CaptureBuffer)
            Translate(Message, CaptureBuffer, TRUE);
        status = NtRequestWaitReplyPort(port, &Message->Header, &Message->Header);
        if (CaptureBuffer)
            Translate(Message, CaptureBuffer, FALSE);
    }
    if (!NT_SUCCESS(status))
        Message->ReturnValue = status;
    return Message->ReturnValue;
}

HANDLE NTAPI CsrGetProcessId(void)
{
    return server_id;
}

/* Let the server know when this thread ends. */
NTSTATUS NTAPI CsrNewThread(void)
{
    return port ? NtRegisterThreadTerminatePort(port) : STATUS_SUCCESS;
}

/* Servers 5.2 and later have no use for it. */
NTSTATUS NTAPI CsrIdentifyAlertableThread(void)
{
    return STATUS_SUCCESS;
}

/* The kernel keeps priority classes. */
NTSTATUS NTAPI CsrSetPriorityClass(HANDLE Process, PULONG PriorityClass)
{
    (void)Process;
    (void)PriorityClass;
    return STATUS_INVALID_PARAMETER;
}
