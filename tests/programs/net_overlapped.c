/* Overlapped sockets: a completion port with AcceptEx and ConnectEx, events, completion routines,
 * cancelling, TransmitFile, DisconnectEx, ReadFile and WriteFile. Recorded on Wine 8.0 (native
 * i386). */
#include "net.h"

static HANDLE port;

static void *function(SOCKET s, GUID which)
{
    void *found = NULL;
    DWORD size;
    WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &which, sizeof which, &found, sizeof found,
        &size, NULL, NULL);
    return found;
}

static void packet(const char *what, OVERLAPPED *expected)
{
    OVERLAPPED *done = NULL;
    ULONG_PTR key = 0;
    DWORD size = 0;
    BOOL good = GetQueuedCompletionStatus(port, &size, &key, &done, 1000);
    printf("%s: %d, %lu bytes, key %lu, the right one %d", what, good, size, (ULONG)key,
        done == expected);
    if (!good) printf(", error %lu", GetLastError());
    printf("\n");
}

/* Two packets that may come in any order. */
static void two_packets(const char *first, OVERLAPPED *one, const char *second, OVERLAPPED *two)
{
    DWORD sizes[2] = {0}, size;
    ULONG_PTR keys[2] = {0}, key;
    for (int i = 0; i < 2; i++) {
        OVERLAPPED *done = NULL;
        if (!GetQueuedCompletionStatus(port, &size, &key, &done, 1000)) printf("failed\n");
        sizes[done == two] = size;
        keys[done == two] = key;
        if (done != one && done != two) printf("another\n");
    }
    printf("%s: %lu bytes, key %lu; %s: %lu bytes, key %lu\n", first, sizes[0], (ULONG)keys[0],
        second, sizes[1], (ULONG)keys[1]);
}

static void result(const char *what, BOOL done)
{
    printf("%s: %s\n", what, done ? "done" : WSAGetLastError() == WSA_IO_PENDING ? "pending"
                                                                               : "failed");
}

static void accept_and_connect(SOCKET *client, SOCKET *server)
{
    GUID accept_id = WSAID_ACCEPTEX, connect_id = WSAID_CONNECTEX;
    OVERLAPPED accepting = {0}, connecting = {0};
    struct sockaddr_in target, local;
    struct sockaddr *at, *remote;
    int number, local_size, remote_size;
    SOCKET listener = listen_loopback(&number);
    LPFN_ACCEPTEX accept_ex = function(listener, accept_id);
    LPFN_GETACCEPTEXSOCKADDRS get_addresses =
        function(listener, (GUID)WSAID_GETACCEPTEXSOCKADDRS);
    LPFN_CONNECTEX connect_ex;
    _Alignas(8) char out[200];
    *server = socket(AF_INET, SOCK_STREAM, 0);
    *client = socket(AF_INET, SOCK_STREAM, 0);
    connect_ex = function(*client, connect_id);
    CreateIoCompletionPort((HANDLE)listener, port, 1, 0);
    CreateIoCompletionPort((HANDLE)*client, port, 2, 0);
    CreateIoCompletionPort((HANDLE)*server, port, 3, 0);
    result("AcceptEx", accept_ex(listener, *server, out, 8, 32, 32, NULL, &accepting));
    target = loopback(number);
    result("ConnectEx, not bound",
        connect_ex(*client, (struct sockaddr *)&target, sizeof target, NULL, 0, NULL, &connecting));
    printf("error %d\n", WSAGetLastError());
    bind_loopback(*client);
    result("ConnectEx", connect_ex(*client, (struct sockaddr *)&target, sizeof target, "first", 5,
                            NULL, &connecting));
    two_packets("connected", &connecting, "accepted", &accepting);
    get_addresses(out, 8, 32, 32, &at, &local_size, &remote, &remote_size);
    memcpy(&local, at, sizeof local);
    printf("\"%.5s\" at %s, the port %d, sizes %d %d\n", out, inet_ntoa(local.sin_addr),
        ntohs(local.sin_port) == number, local_size, remote_size);
    SHOW(setsockopt(*server, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, (char *)&listener,
        sizeof listener));
    SHOW(setsockopt(*client, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0) ? 1 : 0);
    closesocket(listener);
}

static void transfers(SOCKET a, SOCKET b)
{
    OVERLAPPED sending = {0}, receiving = {0};
    char one[3], two[10];
    WSABUF parts[2] = {{3, one}, {10, two}}, out[2] = {{4, "some"}, {4, "data"}};
    DWORD flags = 0, size;
    result("WSARecv", !WSARecv(b, parts, 2, NULL, &flags, &receiving, NULL));
    result("WSASend", !WSASend(a, out, 2, NULL, 0, &sending, NULL));
    for (int i = 0; i < 2; i++) {
        OVERLAPPED *done;
        ULONG_PTR key;
        GetQueuedCompletionStatus(port, &size, &key, &done, 1000);
        if (done == &receiving) printf("received %lu: %.3s|%.5s\n", size, one, two);
    }
    receiving = (OVERLAPPED){0};
    result("WSARecv", !WSARecv(b, parts, 1, NULL, &flags, &receiving, NULL));
    SHOW(CancelIoEx((HANDLE)b, &receiving));
    packet("cancelled", &receiving);
}

static void files(SOCKET a, SOCKET b)
{
    OVERLAPPED reading = {0}, sending = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    TRANSMIT_FILE_BUFFERS around = {"<", 1, ">", 1};
    LPFN_TRANSMITFILE transmit = function(a, (GUID)WSAID_TRANSMITFILE);
    HANDLE file = CreateFileA("net_overlapped.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL,
        CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    DWORD size, flags;
    char data[40] = {0};
    sending.hEvent = (HANDLE)((ULONG_PTR)sending.hEvent | 1);
    WriteFile(file, "the file's contents", 19, &size, NULL);
    sending.Offset = 4;
    result("TransmitFile", transmit(a, file, 6, 0, &sending, &around, 0));
    SHOW(WSAGetOverlappedResult(a, &sending, &size, TRUE, &flags));
    printf("%lu sent\n", size);
    for (int got = 0; got < 8;) got += recv(b, data + got, 8 - got, 0);
    printf("%s\n", data);
    CloseHandle(file);
    result("ReadFile", ReadFile((HANDLE)b, data, 40, NULL, &reading));
    sending.Offset = 0;
    WriteFile((HANDLE)a, "written", 7, NULL, &sending);
    packet("read", &reading);
    printf("%.7s\n", data);
    printf("type %lu\n", GetFileType((HANDLE)a));
}

static void CALLBACK routine(DWORD error, DWORD size, LPWSAOVERLAPPED block, DWORD flags)
{
    printf("routine: error %lu, %lu bytes, event %d, flags %lu\n", error, size,
        (int)(ULONG_PTR)block->hEvent, flags);
}

static void routines(void)
{
    WSAOVERLAPPED block = {.hEvent = (HANDLE)7};
    SOCKET a, b;
    char data[10];
    WSABUF buffer = {10, data};
    DWORD flags = 0;
    make_pair(&a, &b);
    result("WSARecv", !WSARecv(b, &buffer, 1, NULL, &flags, &block, routine));
    SHOW(SleepEx(0, TRUE));
    send(a, "abc", 3, 0);
    SHOW(SleepEx(1000, TRUE));
    result("WSARecv", !WSARecv(b, &buffer, 1, NULL, &flags, &block, routine));
    closesocket(a);
    SHOW(SleepEx(1000, TRUE));
    closesocket(b);
}

int main(void)
{
    OVERLAPPED ending = {0};
    LPFN_DISCONNECTEX disconnect_ex;
    SOCKET a, b;
    char data[10];
    start();
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    accept_and_connect(&a, &b);
    transfers(a, b);
    files(a, b);
    disconnect_ex = function(a, (GUID)WSAID_DISCONNECTEX);
    result("DisconnectEx", disconnect_ex(a, &ending, 0, 0));
    packet("disconnected", &ending);
    SHOW(recv(b, data, 10, 0));
    routines();
    return 0;
}
