/* The sockets that this process has made, which the last WSACleanup closes. */
#include "afd.h"

static SRWLOCK lock = SRWLOCK_INIT;
static SOCKET *sockets;
static DWORD count, room;

BOOL remember_socket(SOCKET socket)
{
    BOOL fits = TRUE;
    AcquireSRWLockExclusive(&lock);
    if (count == room) {
        DWORD wanted = room ? room * 2 : 16;
        SOCKET *larger = sockets
            ? HeapReAlloc(GetProcessHeap(), 0, sockets, wanted * sizeof *sockets)
            : HeapAlloc(GetProcessHeap(), 0, wanted * sizeof *sockets);
        fits = larger != NULL;
        if (fits) sockets = larger, room = wanted;
    }
    if (fits) sockets[count++] = socket;
    ReleaseSRWLockExclusive(&lock);
    return fits;
}

void forget_socket(SOCKET socket)
{
    AcquireSRWLockExclusive(&lock);
    for (DWORD i = 0; i < count; i++)
        if (sockets[i] == socket) {
            sockets[i] = sockets[--count];
            break;
        }
    ReleaseSRWLockExclusive(&lock);
}

void close_sockets(void)
{
    AcquireSRWLockExclusive(&lock);
    while (count) NtClose((HANDLE)sockets[--count]);
    ReleaseSRWLockExclusive(&lock);
}
