/* select and WSAPoll, non-blocking sockets, and events of sockets. Recorded on Wine 8.0 (native
 * i386). */
#include "net.h"

static const struct timeval now = {0, 0}, soon = {0, 20000};

static void look(const char *when, SOCKET s, const struct timeval *timeout)
{
    fd_set r, w, e;
    int count;
    FD_ZERO(&r);
    FD_ZERO(&w);
    FD_ZERO(&e);
    FD_SET(s, &r);
    FD_SET(s, &w);
    FD_SET(s, &e);
    count = select(0, &r, &w, &e, timeout);
    printf("%s: select %d:%s%s%s\n", when, count, FD_ISSET(s, &r) ? " readable" : "",
        FD_ISSET(s, &w) ? " writable" : "", FD_ISSET(s, &e) ? " exceptional" : "");
}

static void poll_one(const char *when, SOCKET s, short events)
{
    WSAPOLLFD one = {s, events, 0};
    int count = WSAPoll(&one, 1, 0);
    printf("%s: WSAPoll %d: %#x\n", when, count, one.revents);
}

static void sets(void)
{
    u_long yes = 1, left;
    SOCKET listener, a, b;
    fd_set r;
    char data[10];
    int port;
    listener = listen_loopback(&port);
    look("listening", listener, &now);
    a = socket(AF_INET, SOCK_STREAM, 0);
    look("not connected", a, &now);
    connect_loopback(a, port);
    look("somebody waits", listener, &soon);
    b = accept(listener, NULL, NULL);
    look("connected", a, &now);
    poll_one("connected", a, POLLIN | POLLOUT);
    SHOW(ioctlsocket(b, FIONBIO, &yes));
    SHOW(recv(b, data, 10, 0));
    send(a, "four", 4, 0);
    look("data", b, &soon);
    poll_one("data", b, POLLIN | POLLOUT);
    SHOW(ioctlsocket(b, FIONREAD, &left));
    printf("%lu bytes\n", left);
    SHOW(recv(b, data, 10, 0));
    SHOW(recv(b, data, 10, 0));
    FD_ZERO(&r);
    FD_SET(b, &r);
    FD_SET(listener, &r);
    SHOW(select(0, &r, NULL, NULL, &soon));
    shutdown(a, SD_SEND);
    look("no more", b, &soon);
    SHOW(recv(b, data, 10, 0));
    SHOW(select(0, NULL, NULL, NULL, &now));
    FD_ZERO(&r);
    SHOW(select(0, &r, NULL, NULL, &now));
    closesocket(a), closesocket(b), closesocket(listener);
    FD_SET(b, &r);
    SHOW(select(0, &r, NULL, NULL, &now));
    poll_one("closed", b, POLLIN);
}

static void refused(void)
{
    u_long yes = 1;
    int port, error = -1, size = sizeof error;
    SOCKET s = listen_loopback(&port);
    closesocket(s);
    s = socket(AF_INET, SOCK_STREAM, 0);
    ioctlsocket(s, FIONBIO, &yes);
    SHOW(connect_loopback(s, port));
    look("refused", s, &soon);
    getsockopt(s, SOL_SOCKET, SO_ERROR, (char *)&error, &size);
    printf("SO_ERROR %d\n", error);
    closesocket(s);
}

static void show_events(const char *when, SOCKET s, WSAEVENT event)
{
    WSANETWORKEVENTS events;
    DWORD signalled = WSAWaitForMultipleEvents(1, &event, FALSE, 20, FALSE) == WSA_WAIT_EVENT_0;
    WSAEnumNetworkEvents(s, event, &events);
    printf("%s: signalled %lu, events %#lx\n", when, signalled, events.lNetworkEvents);
}

static void told(void)
{
    const long all = FD_READ | FD_WRITE | FD_ACCEPT | FD_CONNECT | FD_CLOSE;
    WSAEVENT event = WSACreateEvent();
    SOCKET listener, a, b;
    u_long no = 0;
    char data[10];
    int port;
    listener = listen_loopback(&port);
    SHOW(WSAEventSelect(listener, event, FD_ACCEPT));
    show_events("nobody", listener, event);
    a = socket(AF_INET, SOCK_STREAM, 0);
    connect_loopback(a, port);
    show_events("a connection", listener, event);
    b = accept(listener, NULL, NULL);
    show_events("accepted", listener, event);
    SHOW(WSAEventSelect(b, event, all));
    show_events("new", b, event);
    SHOW(ioctlsocket(b, FIONBIO, &no));
    send(a, "data", 4, 0);
    show_events("data", b, event);
    show_events("asked again", b, event);
    recv(b, data, 1, 0);
    show_events("received some", b, event);
    recv(b, data, 10, 0);
    show_events("received all", b, event);
    closesocket(a);
    show_events("closed", b, event);
    SHOW(WSAEventSelect(b, NULL, 0));
    SHOW(ioctlsocket(b, FIONBIO, &no));
    SHOW(recv(b, data, 10, 0));
    closesocket(b), closesocket(listener);
    WSACloseEvent(event);
}

int main(void)
{
    start();
    sets();
    refused();
    told();
    return 0;
}
