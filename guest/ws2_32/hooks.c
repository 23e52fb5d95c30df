/* Winsock 1.1's blocking hooks: "not supported" to callers of version 2. */
#include "winsock.h"

FARPROC WSAAPI WSASetBlockingHook(FARPROC)
{
    if (started()) failed(WSAEOPNOTSUPP);
    return NULL;
}
int WSAAPI WSAUnhookBlockingHook(void) { return started() ? failed(WSAEOPNOTSUPP) : SOCKET_ERROR; }
int WSAAPI WSACancelBlockingCall(void) { return started() ? failed(WSAEOPNOTSUPP) : SOCKET_ERROR; }
WINBOOL WSAAPI WSAIsBlocking(void) { return FALSE; }
