/* Event objects of Winsock: kernel events that are reset by hand. */
#include "winsock.h"

WSAEVENT WSAAPI WSACreateEvent(void)
{
    return started() ? CreateEventW(NULL, TRUE, FALSE, NULL) : WSA_INVALID_EVENT;
}

BOOL WSAAPI WSACloseEvent(WSAEVENT event)
{
    return started() && CloseHandle(event);
}

BOOL WSAAPI WSASetEvent(WSAEVENT event)
{
    return started() && SetEvent(event);
}

BOOL WSAAPI WSAResetEvent(WSAEVENT event)
{
    return started() && ResetEvent(event);
}

DWORD WSAAPI WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL all,
    DWORD milliseconds, BOOL alertable)
{
    if (!started()) return WSA_WAIT_FAILED;
    return WaitForMultipleObjectsEx(count, events, all, milliseconds, alertable);
}
