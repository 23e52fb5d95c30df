/* WSAStartup's count, the last error, and each thread's results of Winsock 1.1 calls. */
#include "winsock.h"

static volatile LONG starts;
static DWORD slot;

int failed(int error)
{
    SetLastError((DWORD)error);
    return SOCKET_ERROR;
}

BOOL started(void)
{
    if (starts <= 0) SetLastError(WSANOTINITIALISED);
    return starts > 0;
}

int WSAAPI WSAStartup(WORD version, LPWSADATA data)
{
    BOOL newer = LOBYTE(version) > 2 || (LOBYTE(version) == 2 && HIBYTE(version) > 2);
    if (!LOBYTE(version)) return WSAVERNOTSUPPORTED;
    if (!data) return WSAEFAULT;
    memset(data, 0, sizeof *data);
    data->wVersion = newer ? MAKEWORD(2, 2) : version;
    if (LOBYTE(version) == 1 && HIBYTE(version) > 1) data->wVersion = MAKEWORD(1, 1);
    data->wHighVersion = MAKEWORD(2, 2);
    memcpy(data->szDescription, "WinSock 2.0", sizeof "WinSock 2.0");
    memcpy(data->szSystemStatus, "Running", sizeof "Running");
    data->iMaxSockets = LOBYTE(version) == 1 ? 32767 : 0;
    data->iMaxUdpDg = LOBYTE(version) == 1 ? 65467 : 0;
    InterlockedIncrement(&starts);
    return 0;
}

int WSAAPI WSACleanup(void)
{
    LONG count = starts;
    while (count > 0) {
        LONG seen = InterlockedCompareExchange(&starts, count - 1, count);
        if (seen == count) {
            if (count == 1) close_sockets();
            return 0;
        }
        count = seen;
    }
    return failed(WSANOTINITIALISED);
}

int WSAAPI WSAGetLastError(void)
{
    return (int)GetLastError();
}

void WSAAPI WSASetLastError(int error)
{
    SetLastError((DWORD)error);
}

struct thread_data *thread_data(void)
{
    struct thread_data *data = TlsGetValue(slot);
    if (!data) {
        data = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof *data);
        if (data) data->event = CreateEventW(NULL, FALSE, FALSE, NULL);
        TlsSetValue(slot, data);
    }
    if (!data) SetLastError(WSAENOBUFS);
    return data;
}

static void free_thread_data(void)
{
    struct thread_data *data = TlsGetValue(slot);
    if (data && data->event) CloseHandle(data->event);
    HeapFree(GetProcessHeap(), 0, data);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    if (reason == DLL_PROCESS_ATTACH) {
        slot = TlsAlloc();
        return slot != TLS_OUT_OF_INDEXES;
    }
    if (reason == DLL_THREAD_DETACH || (reason == DLL_PROCESS_DETACH && !reserved))
        free_thread_data();
    if (reason == DLL_PROCESS_DETACH && !reserved) TlsFree(slot);
    return TRUE;
}
