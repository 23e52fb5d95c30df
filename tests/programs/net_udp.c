/* Datagrams, IPv6, sockets that share ports, and errors. Recorded on Wine 8.0 (native i386); by hand,
 * from Microsoft's documentation: the error of sending without a connection. */
#include "net.h"

static void datagrams(void)
{
    SOCKET a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
    int port = bind_loopback(b), size, got;
    struct sockaddr_in target = loopback(port), source;
    u_long yes = 1;
    static char large[70000];
    char data[20] = {0};
    SHOW(sendto(a, "first", 5, 0, (struct sockaddr *)&target, sizeof target));
    SHOW(sendto(a, "the second", 10, 0, (struct sockaddr *)&target, sizeof target));
    SHOW(sendto(a, "", 0, 0, (struct sockaddr *)&target, sizeof target));
    size = sizeof source;
    got = recvfrom(b, data, 20, 0, (struct sockaddr *)&source, &size);
    printf("%d bytes \"%.5s\" from %s, %d\n", got, data, inet_ntoa(source.sin_addr), size);
    SHOW(recvfrom(b, data, 3, MSG_PEEK, NULL, NULL));
    SHOW(recvfrom(b, data, 3, 0, NULL, NULL));
    printf("\"%.3s\"\n", data);
    SHOW(recv(b, data, 20, 0));
    ioctlsocket(b, FIONBIO, &yes);
    SHOW(recv(b, data, 20, 0));
    SHOW(connect(b, (struct sockaddr *)&source, size));
    SHOW(send(b, "back", 4, 0));
    SHOW(recv(a, data, 20, 0));
    SHOW(send(a, "nowhere", 7, 0));
    SHOW(listen(a, 1));
    SHOW(accept(a, NULL, NULL));
    SHOW(sendto(a, large, sizeof large, 0, (struct sockaddr *)&target, sizeof target));
    closesocket(a), closesocket(b);
}

static void six(void)
{
    SOCKET listener = socket(AF_INET6, SOCK_STREAM, 0), s = socket(AF_INET6, SOCK_STREAM, 0), t;
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = {{{[15] = 1}}}}, peer;
    int size = sizeof address, peer_size = sizeof peer, only = -1, only_size = sizeof only;
    char text[50], data[10];
    SHOW(bind(listener, (struct sockaddr *)&address, size));
    SHOW(getsockname(listener, (struct sockaddr *)&address, &size));
    SHOW(listen(listener, 1));
    SHOW(connect(s, (struct sockaddr *)&address, size));
    t = accept(listener, (struct sockaddr *)&peer, &peer_size);
    printf("from %s, %d\n", inet_ntop(AF_INET6, &peer.sin6_addr, text, sizeof text), peer_size);
    SHOW(send(s, "six", 3, 0));
    SHOW(recv(t, data, 10, 0));
    getsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (char *)&only, &only_size);
    printf("v6only %d, %d\n", (char)only, only_size);
    closesocket(listener), closesocket(s), closesocket(t);
}

static void shared_ports(void)
{
    SOCKET a = socket(AF_INET, SOCK_STREAM, 0), b = socket(AF_INET, SOCK_STREAM, 0);
    int port = bind_loopback(a);
    struct sockaddr_in address = loopback(port), remote = loopback(80);
    BOOL yes = TRUE;
    SHOW(bind(b, (struct sockaddr *)&address, sizeof address));
    SHOW(bind(a, (struct sockaddr *)&address, sizeof address));
    SHOW(setsockopt(b, SOL_SOCKET, SO_REUSEADDR, (char *)&yes, sizeof yes));
    SHOW(bind(b, (struct sockaddr *)&address, sizeof address));
    remote.sin_addr.s_addr = inet_addr("192.0.2.1");
    SHOW(bind(b, (struct sockaddr *)&remote, sizeof remote));
    SHOW(bind(b, (struct sockaddr *)&address, 10));
    address.sin_family = AF_INET6;
    SHOW(bind(b, (struct sockaddr *)&address, sizeof address));
    closesocket(a), closesocket(b);
}

static void errors(void)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, 0);
    int size = 0, value = 0;
    char data[4];
    SHOW(send(s, "x", 1, 0));
    SHOW(recv(s, data, 4, 0));
    SHOW(shutdown(s, SD_SEND));
    SHOW(listen(s, 1));
    SHOW(accept(s, NULL, NULL));
    SHOW(getsockname(s, (struct sockaddr *)data, &size));
    SHOW(getsockopt(s, SOL_SOCKET, 0x7777, (char *)&value, &size));
    size = sizeof value;
    SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &size));
    printf("type %d\n", value);
    SHOW(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, (char *)&value, &size));
    SHOW(closesocket(s));
    SHOW(send(s, "x", 1, 0));
    SHOW(closesocket(INVALID_SOCKET));
    SHOW(socket(AF_INET, 77, 0));
    SHOW(socket(99, SOCK_STREAM, 0));
    SHOW(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
    SHOW(ioctlsocket(s, FIONBIO, NULL));
}

int main(void)
{
    start();
    datagrams();
    six();
    shared_ports();
    errors();
    return 0;
}
