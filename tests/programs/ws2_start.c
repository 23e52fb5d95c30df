/* Winsock without sockets: start-up, byte order, text of addresses, events, names, errors.
 * Expected output recorded on Wine 8.0 (native i386); lines that differ on Windows follow
 * Microsoft's documentation. */
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <ws2tcpip.h>

static void before_start(void)
{
    char name[8];
    printf("gethostname %d", gethostname(name, 8));
    printf(" error %d\n", WSAGetLastError());
    printf("socket %d", socket(AF_INET, SOCK_STREAM, 0) == INVALID_SOCKET);
    printf(" error %d\n", WSAGetLastError());
    printf("WSACleanup %d", WSACleanup());
    printf(" error %d\n", WSAGetLastError());
}

static void start(WORD version)
{
    WSADATA data;
    int error = WSAStartup(version, &data);
    if (error) printf("start %x: error %d\n", version, error);
    else printf("start %x: %x of %x, %s, %s\n", version, data.wVersion, data.wHighVersion,
        data.szDescription, data.szSystemStatus);
}

static void parse(int family, const char *text)
{
    unsigned char address[16] = {0};
    int result = inet_pton(family, text, address);
    printf("pton %s: %d", text, result);
    for (int i = 0; result == 1 && i < (family == AF_INET ? 4 : 16); i++) printf(" %02x", address[i]);
    printf("\n");
}

static void format(const char *text)
{
    struct in6_addr address;
    char out[INET6_ADDRSTRLEN];
    inet_pton(AF_INET6, text, &address);
    printf("ntop %s: %s\n", text, inet_ntop(AF_INET6, &address, out, sizeof out));
}

static void addresses(void)
{
    static const char *const old[] = {"1.2.3.4", "1.2.3", "1.2", "0x7f.1", "010.1.1.1", "", " ",
        "256.1.1.1", "1.2.3.4.5", "x", "4294967295", "1.65536.1"};
    static const char *const six[] = {"::", "::1", "1::", "fe80::1:2", "1:2:3:4:5:6:7:8",
        "::ffff:1.2.3.4", "1::2::3", "1:2:3", "12345::", ":1", "1:2:3:4:5:6:7::"};
    static const char *const shown[] = {"::", "::1", "1::", "0:0:1:0:0:0:1:0", "1:0:2:3:4:5:6:7",
        "::ffff:1.2.3.4", "::1.2.3.4", "FE80::ABCD", "1:2:3:4:5:6::"};
    char out[INET6_ADDRSTRLEN];
    struct in_addr four = {.s_addr = htonl(0xC0A80102)};
    for (unsigned i = 0; i < sizeof old / sizeof *old; i++)
        printf("inet_addr '%s' %08lx\n", old[i], ntohl(inet_addr(old[i])));
    printf("%s %04x\n", inet_ntoa(four), htons(0x1234));
    parse(AF_INET, "1.2.3.4");
    parse(AF_INET, "1.2.3");
    parse(AF_INET, "1.2.3.256");
    parse(AF_INET, "1.2.3.4x");
    for (unsigned i = 0; i < sizeof six / sizeof *six; i++) parse(AF_INET6, six[i]);
    for (unsigned i = 0; i < sizeof shown / sizeof *shown; i++) format(shown[i]);
    printf("pton family %d", inet_pton(99, "1", &four));
    printf(" error %d\n", WSAGetLastError());
    printf("ntop short %d", inet_ntop(AF_INET, &four, out, 5) == NULL);
    printf(" error %d\n", WSAGetLastError());
}

static void convert(int family, const char *text)
{
    struct sockaddr_storage address;
    INT size = sizeof address;
    char out[80] = "";
    DWORD length = sizeof out;
    if (WSAStringToAddressA((char *)text, family, NULL, (struct sockaddr *)&address, &size)) {
        printf("convert %s: error %d\n", text, WSAGetLastError());
        return;
    }
    int result = WSAAddressToStringA((struct sockaddr *)&address, (DWORD)size, NULL, out, &length);
    printf("convert %s: %d bytes, %d %s %lu\n", text, size, result, out, length);
}

static void look_up(const char *node, const char *service, int flags, int family, int type)
{
    ADDRINFOA hints = {.ai_flags = flags, .ai_family = family, .ai_socktype = type}, *info = NULL;
    int error = getaddrinfo(node, service, &hints, &info);
    printf("look up %s %s: %d", node ? node : "-", service ? service : "-", error);
    for (ADDRINFOA *at = info; at; at = at->ai_next) {
        char host[64], port[16];
        getnameinfo(at->ai_addr, (socklen_t)at->ai_addrlen, host, sizeof host, port, sizeof port,
            NI_NUMERICHOST | NI_NUMERICSERV);
        printf(" [%d %d %s %s %s]", at->ai_family, at->ai_socktype, host, port,
            at->ai_canonname ? at->ai_canonname : "-");
    }
    printf("\n");
    if (info) freeaddrinfo(info);
}

static void names(void)
{
    char name[256], tiny[1];
    struct hostent *host;
    struct servent *service;
    struct protoent *protocol;
    printf("gethostname %d", gethostname(name, sizeof name));
    printf(" given %d\n", *name != 0);
    printf("tiny %d", gethostname(tiny, 1));
    printf(" error %d\n", WSAGetLastError());
    look_up("127.0.0.1", "80", 0, AF_UNSPEC, SOCK_STREAM);
    look_up("::1", "80", AI_NUMERICHOST, AF_UNSPEC, SOCK_STREAM);
    look_up("127.0.0.1", "http", AI_CANONNAME, AF_INET, SOCK_STREAM);
    look_up("no such name", NULL, AI_NUMERICHOST, AF_UNSPEC, SOCK_STREAM);
    look_up("localhost", "1", 0, AF_INET, SOCK_DGRAM);
    look_up(NULL, "1", AI_PASSIVE, AF_INET, SOCK_STREAM);
    look_up(NULL, NULL, 0, AF_INET, SOCK_STREAM);
    look_up("1.2.3.4", NULL, 0, 99, SOCK_STREAM);
    look_up("1.2.3.4", "no such service", 0, AF_INET, SOCK_STREAM);
    host = gethostbyname("10.1.2.3");
    printf("%s %s\n", host->h_name, inet_ntoa(*(struct in_addr *)host->h_addr_list[0]));
    service = getservbyname("http", "tcp");
    printf("%s %d %s\n", service->s_name, ntohs((u_short)service->s_port), service->s_proto);
    printf("%d", getservbyname("no such service", NULL) == NULL);
    printf(" error %d\n", WSAGetLastError());
    protocol = getprotobyname("udp");
    printf("%s %d\n", protocol->p_name, protocol->p_proto);
}

static void events(void)
{
    WSAEVENT event = WSACreateEvent();
    printf("wait %lu", WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE));
    printf(" set %d", WSASetEvent(event));
    printf(" wait %lu", WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE));
    printf(" reset %d", WSAResetEvent(event));
    printf(" wait %lu", WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE));
    printf(" close %d\n", WSACloseEvent(event));
}

static void protocols(void)
{
    INT tcp[] = {IPPROTO_TCP, 0};
    static WSAPROTOCOL_INFOW rows[32];
    DWORD size = 0;
    printf("rows %d", WSAEnumProtocolsW(tcp, NULL, &size));
    printf(" error %d size %lu\n", WSAGetLastError(), size / (DWORD)sizeof *rows);
    size = sizeof rows;
    int count = WSAEnumProtocolsW(tcp, rows, &size);
    for (int i = 0; i < count; i++)
        printf("%ls %lx %d %d %d %lx\n", rows[i].szProtocol, rows[i].dwServiceFlags1,
            rows[i].iAddressFamily, rows[i].iSocketType, rows[i].iProtocol,
            rows[i].ProviderId.Data1);
}

static void no_sockets(void)
{
    SOCKET made;
    struct timeval none = {0, 0};
    fd_set set;
    char byte = 0;
    made = socket(99, SOCK_STREAM, 0);
    printf("family %d error %d\n", made == INVALID_SOCKET, WSAGetLastError());
    printf("closesocket %d", closesocket(0x1234));
    printf(" error %d\n", WSAGetLastError());
    printf("send %d", send(INVALID_SOCKET, &byte, 1, 0));
    printf(" error %d\n", WSAGetLastError());
    FD_ZERO(&set);
    printf("select %d", select(0, &set, NULL, NULL, &none));
    printf(" error %d\n", WSAGetLastError());
    FD_SET(0x1234, &set);
    printf("select %d", select(0, &set, NULL, NULL, &none));
    printf(" error %d is set %d %d\n", WSAGetLastError(), FD_ISSET(0x1234, &set) != 0,
        FD_ISSET(0x1235, &set) != 0);
}

int main(void)
{
    before_start();
    start(0);
    start(MAKEWORD(1, 1));
    start(MAKEWORD(2, 2));
    start(MAKEWORD(3, 0));
    addresses();
    convert(AF_INET, "1.2.3.4");
    convert(AF_INET, "1.2.3.4:80");
    convert(AF_INET, "1.2.3.4:65536");
    convert(AF_INET, "x");
    convert(AF_INET6, "::1");
    convert(AF_INET6, "[::1]:80");
    convert(AF_INET6, "fe80::1%5");
    convert(AF_INET6, "[::1");
    convert(99, "1.2.3.4");
    names();
    events();
    protocols();
    no_sockets();
    for (int i = 0; i < 4; i++) printf("%d ", WSACleanup());
    printf("error %d\n", WSAGetLastError());
    return 0;
}
