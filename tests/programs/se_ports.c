/* A server acts for the client of its port. */
#include <windows.h>
#include <winternl.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    USHORT length, total, type, info;
    HANDLE process, thread;
    ULONG id, callback;
    char data[32];
} MESSAGE;

#define HEADER 24
#define CALLS(X) \
    X(NtCreatePort, (PHANDLE, POBJECT_ATTRIBUTES, ULONG, ULONG, ULONG)) \
    X(NtConnectPort, (PHANDLE, UNICODE_STRING *, void *, void *, void *, ULONG *, void *, ULONG *)) \
    X(NtAcceptConnectPort, (PHANDLE, void *, MESSAGE *, BOOLEAN, void *, void *)) \
    X(NtCompleteConnectPort, (HANDLE)) \
    X(NtRequestWaitReplyPort, (HANDLE, MESSAGE *, MESSAGE *)) \
    X(NtReplyPort, (HANDLE, MESSAGE *)) \
    X(NtReplyWaitReceivePort, (HANDLE, void **, MESSAGE *, MESSAGE *)) \
    X(NtImpersonateClientOfPort, (HANDLE, MESSAGE *))
#define DECLARE(name, arguments) static NTSTATUS(NTAPI *p##name) arguments;
CALLS(DECLARE)

static HANDLE listening;

static void tell_token(void)
{
    HANDLE token;
    DWORD level = 9, size;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) {
        printf("server: token error %lu\n", GetLastError());
        return;
    }
    GetTokenInformation(token, TokenImpersonationLevel, &level, sizeof level, &size);
    printf("server: level %lu\n", level);
    CloseHandle(token);
}

static DWORD WINAPI serve(void *argument)
{
    HANDLE port = NULL;
    MESSAGE message;
    int rounds;
    (void)argument;
    for (rounds = 0; rounds < 2; rounds++) {
        pNtReplyWaitReceivePort(listening, NULL, NULL, &message);
        pNtAcceptConnectPort(&port, NULL, &message, TRUE, NULL, NULL);
        pNtCompleteConnectPort(port);
        pNtReplyWaitReceivePort(listening, NULL, NULL, &message);
        printf("server: the listening port %#lx\n", pNtImpersonateClientOfPort(listening, &message));
        tell_token();
        printf("server: impersonate %#lx\n", pNtImpersonateClientOfPort(port, &message));
        tell_token();
        pNtReplyPort(listening, &message);
        printf("server: answered %#lx\n", pNtImpersonateClientOfPort(port, &message));
        RevertToSelf();
    }
    return 0;
}

static void ask(UNICODE_STRING *name, ULONG level, ULONG dynamic)
{
    ULONG quality[3] = {12, level, dynamic};
    MESSAGE message;
    HANDLE port;
    printf("client: connect %#lx\n", pNtConnectPort(&port, name, quality, NULL, NULL, NULL, NULL, NULL));
    memset(&message, 0, sizeof message);
    message.length = 4;
    message.total = HEADER + 4;
    printf("client: ask %#lx\n", pNtRequestWaitReplyPort(port, &message, &message));
    Sleep(10);
}

int main(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    HANDLE server;
    setvbuf(stdout, NULL, _IONBF, 0);
#define FIND(name, arguments) p##name = (void *)GetProcAddress(ntdll, #name);
    CALLS(FIND)
    name.Buffer = L"\\RPC Control\\se_ports";
    name.Length = name.MaximumLength = 42;
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    printf("create %#lx\n", pNtCreatePort(&listening, &attributes, 0, 64, 0));
    server = CreateThread(NULL, 0, serve, NULL, 0, NULL);
    ask(&name, SecurityImpersonation, SECURITY_STATIC_TRACKING);
    ask(&name, SecurityIdentification, SECURITY_DYNAMIC_TRACKING);
    WaitForSingleObject(server, 1000);
    return 0;
}
