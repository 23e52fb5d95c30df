/* Event objects of Winsock, kernel events that are reset by hand, and what sockets tell them. */
#include "afd.h"

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

static const struct {
    long event;
    int bit;
    ULONG polled;
} network_events[] = {
    {FD_READ, FD_READ_BIT, AFD_POLL_RECEIVE},
    {FD_WRITE, FD_WRITE_BIT, AFD_POLL_SEND},
    {FD_OOB, FD_OOB_BIT, AFD_POLL_RECEIVE_EXPEDITED},
    {FD_ACCEPT, FD_ACCEPT_BIT, AFD_POLL_ACCEPT},
    {FD_CONNECT, FD_CONNECT_BIT, AFD_POLL_CONNECT | AFD_POLL_CONNECT_FAIL},
    {FD_CLOSE, FD_CLOSE_BIT, AFD_POLL_DISCONNECT | AFD_POLL_ABORT},
};

int WSAAPI WSAEventSelect(SOCKET socket, WSAEVENT event, long wanted)
{
    AFD_EVENT_SELECT_INFO info = {event, 0};
    if (!started()) return SOCKET_ERROR;
    for (unsigned i = 0; i < COUNT(network_events); i++)
        if (wanted & network_events[i].event) info.PollEvents |= network_events[i].polled;
    return finish(
        control(socket, IOCTL_AFD_EVENT_SELECT, &info, sizeof info, NULL, 0, NULL));
}

static int first_error(const AFD_ENUM_NETWORK_EVENTS_INFO *info, ULONG polled)
{
    for (int bit = 0; bit < AFD_NUM_POLL_EVENTS; bit++)
        if (info->PollEvents & polled & (1u << bit) && info->EventStatus[bit])
            return error_of(info->EventStatus[bit]);
    return polled & info->PollEvents & AFD_POLL_ABORT ? WSAECONNABORTED : 0;
}

int WSAAPI WSAEnumNetworkEvents(SOCKET socket, WSAEVENT event, LPWSANETWORKEVENTS events)
{
    AFD_ENUM_NETWORK_EVENTS_INFO info;
    if (!started()) return SOCKET_ERROR;
    if (!events) return failed(WSAEFAULT);
    if (finish(control(socket, IOCTL_AFD_ENUM_NETWORK_EVENTS, event ? &event : NULL,
            event ? sizeof event : 0, &info, sizeof info, NULL)))
        return SOCKET_ERROR;
    memset(events, 0, sizeof *events);
    for (unsigned i = 0; i < COUNT(network_events); i++) {
        if (!(info.PollEvents & network_events[i].polled)) continue;
        events->lNetworkEvents |= network_events[i].event;
        events->iErrorCode[network_events[i].bit] = first_error(&info, network_events[i].polled);
    }
    return 0;
}

/* Events as messages need windows, of which there are none. */
int WSAAPI WSAAsyncSelect(SOCKET socket, HWND window, u_int message, long wanted)
{
    struct socket_info kind;
    (void)window, (void)message, (void)wanted;
    return socket_info(socket, &kind) ? SOCKET_ERROR : failed(WSAEINVAL);
}
