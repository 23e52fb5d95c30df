/* Waiting for sockets: select and WSAPoll, which are polls of the driver. */
#include "afd.h"

#define READABLE (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT | AFD_POLL_DISCONNECT | AFD_POLL_ABORT \
    | AFD_POLL_LOCAL_CLOSE)
#define MOST_POLLED 0x10000
#define WRITABLE AFD_POLL_SEND
#define EXCEPTIONAL (AFD_POLL_RECEIVE_EXPEDITED | AFD_POLL_CONNECT_FAIL)

int WSAAPI __WSAFDIsSet(SOCKET socket, fd_set *set)
{
    for (u_int i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == socket) return TRUE;
    return FALSE;
}

static ULONG poll_size(ULONG count)
{
    return offsetof(AFD_POLL_INFO, Handles) + count * sizeof(AFD_POLL_HANDLE_INFO);
}

static AFD_POLL_INFO *new_poll(ULONG count)
{
    AFD_POLL_INFO *poll;
    if (count > MOST_POLLED) return failed(WSAENOBUFS), NULL;
    poll = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, poll_size(count));
    if (!poll) failed(WSAENOBUFS);
    return poll;
}

/* Wait; what is ready takes the place of what was asked for. */
static int wait(AFD_POLL_INFO *poll)
{
    ULONG size = poll_size(poll->NumberOfHandles);
    NTSTATUS status = control(
        (SOCKET)poll->Handles[0].Handle, IOCTL_AFD_POLL, poll, size, poll, size, NULL);
    if (status == STATUS_TIMEOUT) poll->NumberOfHandles = 0;
    return NT_SUCCESS(status) ? 0 : finish(status);
}

static ULONG ready(const AFD_POLL_INFO *poll, SOCKET socket)
{
    ULONG events = 0;
    for (ULONG i = 0; i < poll->NumberOfHandles; i++)
        if (poll->Handles[i].Handle == (HANDLE)socket) events |= poll->Handles[i].PollEvents;
    return events;
}

static void ask(AFD_POLL_INFO *poll, SOCKET socket, ULONG events)
{
    AFD_POLL_HANDLE_INFO *entry = &poll->Handles[poll->NumberOfHandles++];
    for (ULONG i = 0; i + 1 < poll->NumberOfHandles; i++)
        if (poll->Handles[i].Handle == (HANDLE)socket) {
            entry = &poll->Handles[i];
            poll->NumberOfHandles--;
            break;
        }
    entry->Handle = (HANDLE)socket;
    entry->PollEvents |= events;
}

static void set_timeout(AFD_POLL_INFO *poll, const struct timeval *timeout)
{
    poll->Timeout.QuadPart = INT64_MAX;
    if (timeout)
        poll->Timeout.QuadPart = -((LONGLONG)timeout->tv_sec * 1000000 + timeout->tv_usec) * 10;
}

struct wish {
    fd_set *set;
    SOCKET socket;
    ULONG events;
};

static struct wish *gather(fd_set *set, ULONG events, struct wish *next)
{
    for (u_int i = 0; set && i < set->fd_count; i++)
        *next++ = (struct wish){set, set->fd_array[i], events};
    return next;
}

/* Leave in the sets what is ready; two of them may be one. Returns how many are there. */
static int grant(const struct wish *wishes, ULONG count, const AFD_POLL_INFO *poll)
{
    int granted = 0;
    for (ULONG i = 0; i < count; i++) wishes[i].set->fd_count = 0;
    for (ULONG i = 0; i < count; i++) {
        fd_set *set = wishes[i].set;
        if (!(ready(poll, wishes[i].socket) & wishes[i].events)) continue;
        if (__WSAFDIsSet(wishes[i].socket, set)) continue;
        set->fd_array[set->fd_count++] = wishes[i].socket;
        granted++;
    }
    return granted;
}

static int select_wishes(const struct wish *wishes, ULONG count, const struct timeval *timeout)
{
    AFD_POLL_INFO *poll = new_poll(count);
    int result;
    if (!poll) return SOCKET_ERROR;
    for (ULONG i = 0; i < count; i++) ask(poll, wishes[i].socket, wishes[i].events);
    set_timeout(poll, timeout);
    result = wait(poll);
    if (!result) result = grant(wishes, count, poll);
    HeapFree(GetProcessHeap(), 0, poll);
    return result;
}

static ULONG members(const fd_set *set)
{
    return set ? set->fd_count : 0;
}

int WSAAPI select(int ignored, fd_set *readable, fd_set *writable, fd_set *exceptional,
    const struct timeval *timeout)
{
    ULONG count = members(readable) + members(writable) + members(exceptional);
    struct wish *wishes, *next;
    int result;
    (void)ignored;
    if (!started()) return SOCKET_ERROR;
    if (!count) return failed(WSAEINVAL);
    if (count > MOST_POLLED) return failed(WSAENOBUFS);
    wishes = HeapAlloc(GetProcessHeap(), 0, count * sizeof *wishes);
    if (!wishes) return failed(WSAENOBUFS);
    next = gather(readable, READABLE, wishes);
    next = gather(writable, WRITABLE, next);
    gather(exceptional, EXCEPTIONAL, next);
    result = select_wishes(wishes, count, timeout);
    HeapFree(GetProcessHeap(), 0, wishes);
    return result;
}

static ULONG asked_events(SHORT events)
{
    ULONG asked = AFD_POLL_DISCONNECT | AFD_POLL_ABORT | AFD_POLL_CONNECT_FAIL;
    if (events & POLLRDNORM) asked |= AFD_POLL_RECEIVE | AFD_POLL_ACCEPT;
    if (events & POLLRDBAND) asked |= AFD_POLL_RECEIVE_EXPEDITED;
    if (events & POLLWRNORM) asked |= AFD_POLL_SEND;
    return asked;
}

static SHORT told_events(ULONG events)
{
    SHORT told = 0;
    if (events & (AFD_POLL_RECEIVE | AFD_POLL_ACCEPT)) told |= POLLRDNORM;
    if (events & AFD_POLL_RECEIVE_EXPEDITED) told |= POLLRDBAND;
    if (events & AFD_POLL_SEND) told |= POLLWRNORM;
    if (events & (AFD_POLL_DISCONNECT | AFD_POLL_ABORT | AFD_POLL_CONNECT_FAIL)) told |= POLLHUP;
    if (events & (AFD_POLL_ABORT | AFD_POLL_CONNECT_FAIL)) told |= POLLERR;
    if (events & AFD_POLL_LOCAL_CLOSE) told = POLLNVAL;
    return told;
}

/* Ask for what there is of the sockets; the others are not valid. Returns a winsock error. */
static int ask_all(AFD_POLL_INFO *poll, LPWSAPOLLFD sockets, ULONG count)
{
    const SHORT known = POLLRDNORM | POLLRDBAND | POLLWRNORM;
    struct socket_info kind;
    BOOL good = TRUE;
    for (ULONG i = 0; i < count; i++) {
        sockets[i].revents = 0;
        if (socket_info(sockets[i].fd, &kind)) sockets[i].revents = POLLNVAL;
        else ask(poll, sockets[i].fd, asked_events(sockets[i].events) | AFD_POLL_LOCAL_CLOSE);
        good &= sockets[i].fd == INVALID_SOCKET || !(sockets[i].events & ~known);
    }
    if (!poll->NumberOfHandles) return WSAENOTSOCK;
    for (ULONG i = 0; i < count && !good; i++) sockets[i].revents = 0;
    return good ? 0 : WSAEINVAL;
}

static int tell_all(const AFD_POLL_INFO *poll, LPWSAPOLLFD sockets, ULONG count)
{
    int told = 0;
    for (ULONG i = 0; i < count; i++) {
        if (sockets[i].revents & POLLNVAL) continue;
        sockets[i].revents = told_events(ready(poll, sockets[i].fd))
            & (sockets[i].events | POLLHUP | POLLERR | POLLNVAL);
        told += sockets[i].revents != 0;
    }
    return told;
}

int WSAAPI WSAPoll(LPWSAPOLLFD sockets, ULONG count, INT milliseconds)
{
    AFD_POLL_INFO *poll;
    int result;
    if (!started()) return SOCKET_ERROR;
    if (!count) return failed(WSAEINVAL);
    if (!sockets) return failed(WSAEFAULT);
    if (!(poll = new_poll(count))) return SOCKET_ERROR;
    result = ask_all(poll, sockets, count);
    if (result) result = failed(result);
    else {
        poll->Timeout.QuadPart = milliseconds < 0 ? INT64_MAX : -(LONGLONG)milliseconds * 10000;
        result = wait(poll) ? SOCKET_ERROR : tell_all(poll, sockets, count);
    }
    if (result >= 0) SetLastError(0);
    HeapFree(GetProcessHeap(), 0, poll);
    return result;
}
