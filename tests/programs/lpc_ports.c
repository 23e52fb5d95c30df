/* Ports: a server thread and clients that connect, send, ask, are called back, share memory and go.
 * Expected output from the documentation of the calls (NT 4 DDK, phnt): Wine 8.0 has no ports. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    USHORT length, total, type, info;
    HANDLE process, thread;
    ULONG id, callback;
    char data[96];
} MESSAGE;
typedef struct {
    ULONG size;
    HANDLE section;
    ULONG offset, view_size;
    char *base, *remote;
} VIEW;
typedef struct {
    ULONG size, view_size;
    char *base;
} REMOTE;
typedef struct {
    ULONG count;
    struct {
        void *base;
        ULONG size;
    } entry[1];
} DATA;

#define HEADER 24
#define CALLS(X) \
    X(NtCreatePort, (PHANDLE, POBJECT_ATTRIBUTES, ULONG, ULONG, ULONG)) \
    X(NtConnectPort, (PHANDLE, UNICODE_STRING *, void *, VIEW *, REMOTE *, ULONG *, void *, ULONG *)) \
    X(NtAcceptConnectPort, (PHANDLE, void *, MESSAGE *, BOOLEAN, VIEW *, REMOTE *)) \
    X(NtCompleteConnectPort, (HANDLE)) \
    X(NtRequestPort, (HANDLE, MESSAGE *)) \
    X(NtRequestWaitReplyPort, (HANDLE, MESSAGE *, MESSAGE *)) \
    X(NtReplyPort, (HANDLE, MESSAGE *)) \
    X(NtReplyWaitReplyPort, (HANDLE, MESSAGE *)) \
    X(NtReplyWaitReceivePortEx, (HANDLE, void **, MESSAGE *, MESSAGE *, LARGE_INTEGER *)) \
    X(NtReadRequestData, (HANDLE, MESSAGE *, ULONG, void *, SIZE_T, SIZE_T *)) \
    X(NtWriteRequestData, (HANDLE, MESSAGE *, ULONG, void *, SIZE_T, SIZE_T *)) \
    X(NtRegisterThreadTerminatePort, (HANDLE))
#define DECLARE(name, arguments) static NTSTATUS(NTAPI *p##name) arguments;
CALLS(DECLARE)

static UNICODE_STRING name;
static HANDLE listening, done;
static ULONG quality[3] = {12, 2, 1};

static void fill(MESSAGE *message, const char *text)
{
    memset(message, 0, sizeof *message);
    strcpy(message->data, text);
    message->length = (USHORT)(strlen(text) + 1);
    message->total = HEADER + sizeof message->data;
}

static void accept_or_refuse(MESSAGE *request)
{
    HANDLE port = NULL;
    VIEW own = {sizeof own, NULL, 0, 4096, NULL, NULL};
    REMOTE other = {sizeof other, 0, NULL};
    BOOLEAN wanted = strcmp(request->data, "refuse me") != 0, views = !strcmp(request->data, "views");
    printf("server: connection request \"%s\"\n", request->data);
    if (views) own.section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, NULL);
    strcpy(request->data, "welcome");
    request->length = 8;
    printf("server: accept %#lx\n", pNtAcceptConnectPort(&port, (void *)0x77, request, wanted,
        views ? &own : NULL, views ? &other : NULL));
    if (views) {
        strcpy(own.base, "from the server");
        printf("server: sees \"%s\" in %lu bytes\n", other.base, other.view_size);
    }
    if (wanted) printf("server: complete %#lx\n", pNtCompleteConnectPort(port));
}

static void serve_request(MESSAGE *message)
{
    MESSAGE callback, answer;
    char text[16] = "";
    SIZE_T count = 0;
    if (!strcmp(message->data, "call me back")) {
        callback = *message;
        callback.type = 1;
        strcpy(callback.data, "who are you?");
        printf("server: callback %#lx", pNtRequestWaitReplyPort(listening, &callback, &answer));
        printf(" answered \"%s\"\n", answer.data);
    }
    if (message->info) {
        printf("server: read data %#lx", pNtReadRequestData(listening, message, 0, text, 6, &count));
        printf(" %lu bytes \"%s\"\n", (ULONG)count, text);
        printf("server: no such data %#lx\n", pNtReadRequestData(listening, message, 1, text, 6, NULL));
        printf("server: write data %#lx\n", pNtWriteRequestData(listening, message, 0, "server", 7, NULL));
    }
    strcpy(message->data, "reply");
    message->length = 6;
    printf("server: reply %#lx\n", pNtReplyPort(listening, message));
    printf("server: reply again %#lx\n", pNtReplyPort(listening, message));
}

static DWORD WINAPI serve(void *argument)
{
    LARGE_INTEGER second = {.QuadPart = -10000000};
    (void)argument;
    for (;;) {
        MESSAGE message;
        void *context = NULL;
        NTSTATUS status = pNtReplyWaitReceivePortEx(listening, &context, NULL, &message, &second);
        if (status) {
            printf("server: receive %#lx\n", status);
            return 0;
        }
        if (message.type == 10) accept_or_refuse(&message);
        else if (message.type == 1) serve_request(&message);
        else
            printf("server: type %d, context %#lx, \"%s\"\n", message.type, (ULONG)(ULONG_PTR)context,
                message.length && message.type == 3 ? message.data : "");
        SetEvent(done);
    }
}

static NTSTATUS connect_as(const char *text, HANDLE *port, VIEW *own, REMOTE *other)
{
    char information[32];
    ULONG length = sizeof information, most = 0;
    NTSTATUS status;
    memset(information, 0, sizeof information);
    strcpy(information, text);
    status = pNtConnectPort(port, &name, quality, own, other, &most, information, &length);
    printf("client: connect %#lx", status);
    if (!status) printf(", \"%s\" in %lu bytes, messages of %lu", information, length, most);
    puts("");
    return status;
}

static void ask(HANDLE port, const char *text)
{
    MESSAGE message, reply;
    fill(&message, text);
    printf("client: ask %#lx", pNtRequestWaitReplyPort(port, &message, &reply));
    printf(" type %d \"%s\" of the server: %d\n", reply.type, reply.data,
        reply.process == (HANDLE)(ULONG_PTR)GetCurrentProcessId());
    if (reply.type == 1) {
        strcpy(reply.data, "a client");
        printf("client: answer %#lx", pNtReplyWaitReplyPort(port, &reply));
        printf(" type %d \"%s\"\n", reply.type, reply.data);
    }
}

static void ask_with_data(HANDLE port)
{
    MESSAGE message, reply;
    char text[16] = "client";
    DATA *data;
    fill(&message, "data");
    message.info = HEADER + 8;
    data = (DATA *)(message.data + 8);
    data->count = 1;
    data->entry[0].base = text;
    data->entry[0].size = sizeof text;
    printf("client: ask with data %#lx", pNtRequestWaitReplyPort(port, &message, &reply));
    printf(", now \"%s\"\n", text);
}

static DWORD WINAPI visit(void *argument)
{
    HANDLE port = NULL;
    connect_as("visitor", &port, NULL, NULL);
    printf("client: register %#lx\n", pNtRegisterThreadTerminatePort(port));
    *(HANDLE *)argument = port;
    return 0;
}

static void wrong(HANDLE port)
{
    MESSAGE message;
    fill(&message, "x");
    message.total = 2000;
    printf("client: too long %#lx\n", pNtRequestPort(port, &message));
    message.total = 10;
    printf("client: shorter than its data %#lx\n", pNtRequestPort(port, &message));
    fill(&message, "x");
    message.type = 5;
    printf("client: a type of the kernel's %#lx\n", pNtRequestPort(port, &message));
    printf("client: reply to nobody %#lx\n", pNtReplyPort(port, &message));
    fill(&message, "x");
    printf("server: connection port as a client's %#lx\n", pNtRequestPort(listening, &message));
}

int main(void)
{
    OBJECT_ATTRIBUTES attributes;
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    HANDLE port = NULL, thread, server;
    VIEW own = {sizeof own, NULL, 0, 8192, NULL, NULL};
    REMOTE other = {sizeof other, 0, NULL};
    MESSAGE message;
    setvbuf(stdout, NULL, _IONBF, 0);
#define FIND(call, arguments) p##call = (void *)GetProcAddress(ntdll, #call);
    CALLS(FIND)
    RtlInitUnicodeString(&name, L"\\lpc_ports");
    done = CreateEventA(NULL, FALSE, FALSE, NULL);
    connect_as("nobody", &port, NULL, NULL);
    InitializeObjectAttributes(&attributes, &name, 0, NULL, NULL);
    printf("create %#lx\n", pNtCreatePort(&listening, &attributes, 32, 128, 0));
    server = CreateThread(NULL, 0, serve, NULL, 0, NULL);
    connect_as("refuse me", &port, NULL, NULL);
    own.section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192, NULL);
    strcpy(MapViewOfFile(own.section, FILE_MAP_WRITE, 0, 0, 0), "from the client");
    connect_as("views", &port, &own, &other);
    printf("client: sees \"%s\" in %lu bytes\n", other.base, other.view_size);
    printf("client: own view \"%s\", addresses differ: %d\n", own.base, own.base != own.remote);
    fill(&message, "datagram");
    printf("client: send %#lx\n", pNtRequestPort(port, &message));
    ask(port, "question");
    ask(port, "call me back");
    ask_with_data(port);
    wrong(port);
    ResetEvent(done);
    CloseHandle(port);
    WaitForSingleObject(done, 5000);
    thread = CreateThread(NULL, 0, visit, &port, 0, NULL);
    WaitForSingleObject(thread, 5000);
    WaitForSingleObject(server, 10000);
    fill(&message, "late");
    CloseHandle(listening);
    printf("client: send to nobody who listens %#lx\n", pNtRequestPort(port, &message));
    return 0;
}
