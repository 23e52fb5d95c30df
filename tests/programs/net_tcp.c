/* Streams: an echo server in a thread, names, peeking, half-closing, resets, a long transfer, a
 * time-out, and a second process that inherits its socket. Recorded on Wine 8.0 (native i386); by
 * hand, from Microsoft's documentation: the error of a reset connection, and what a child sends. */
#include <stdlib.h>
#include "net.h"

#define BULK (1 << 20)

static SOCKET listener;
static char report[200];
static char bulk[BULK];

static DWORD WINAPI echo(void *count)
{
    for (int left = *(int *)count; left > 0; left--) {
        struct sockaddr_in peer;
        char data[100];
        int size = sizeof peer, got;
        SOCKET s = accept(listener, (struct sockaddr *)&peer, &size);
        int told = sprintf(report, "accepted from %s, %d bytes of address\n",
            inet_ntoa(peer.sin_addr), size);
        while ((got = recv(s, data, sizeof data, 0)) > 0) send(s, data, got, 0);
        sprintf(report + told, "server's end: %d\n", got);
        closesocket(s);
    }
    return 0;
}

static void talk(int port)
{
    SOCKET s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in peer;
    int size = sizeof peer;
    char data[100] = {0};
    SHOW(getpeername(s, (struct sockaddr *)&peer, &size));
    SHOW(connect_loopback(s, port));
    SHOW(connect_loopback(s, port));
    SHOW(getpeername(s, (struct sockaddr *)&peer, &size));
    printf("peer %s, the port %d\n", inet_ntoa(peer.sin_addr), ntohs(peer.sin_port) == port);
    SHOW(send(s, "hello, ", 7, 0));
    SHOW(send(s, "world", 5, 0));
    for (int got = 0; got < 12;) got += recv(s, data + got, 12 - got, 0);
    printf("echoed \"%s\"\n", data);
    SHOW(send(s, "once more", 9, 0));
    SHOW(recv(s, data, 4, MSG_PEEK));
    SHOW(recv(s, data, 9, MSG_WAITALL));
    printf("\"%.9s\"\n", data);
    SHOW(shutdown(s, SD_SEND));
    SHOW(send(s, "late", 4, 0));
    SHOW(recv(s, data, 100, 0));
    SHOW(shutdown(s, 3));
    SHOW(closesocket(s));
    SHOW(closesocket(s));
}

static DWORD WINAPI drain(void *socket)
{
    static char part[30000];
    unsigned sum = 0;
    int total = 0, got;
    while ((got = recv(*(SOCKET *)socket, part, sizeof part, 0)) > 0) {
        for (int i = 0; i < got; i++) sum = sum * 31 + (unsigned char)part[i];
        total += got;
    }
    printf("drained %d bytes, sum %08x\n", total, sum);
    return 0;
}

static void transfer(void)
{
    SOCKET from, to;
    HANDLE thread;
    int sent = 0;
    make_pair(&from, &to);
    for (int i = 0; i < BULK; i++) bulk[i] = (char)(i * 7 + i / 1000);
    thread = CreateThread(NULL, 0, drain, &to, 0, NULL);
    while (sent < BULK) {
        int done = send(from, bulk + sent, BULK - sent, 0);
        if (done <= 0) break;
        sent += done;
    }
    shutdown(from, SD_SEND);
    WaitForSingleObject(thread, INFINITE);
    printf("sent %d\n", sent);
    closesocket(from);
    closesocket(to);
}

static void endings(void)
{
    struct linger hard = {1, 0};
    SOCKET a, b;
    DWORD timeout = 50;
    char data[10];
    make_pair(&a, &b);
    SHOW(setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, (char *)&timeout, sizeof timeout));
    SHOW(recv(a, data, 1, 0));
    SHOW(send(b, "rest", 4, 0));
    closesocket(b);
    SHOW(recv(a, data, 10, 0));
    SHOW(recv(a, data, 10, 0));
    closesocket(a);
    make_pair(&a, &b);
    SHOW(setsockopt(b, SOL_SOCKET, SO_LINGER, (char *)&hard, sizeof hard));
    closesocket(b);
    Sleep(20);
    SHOW(recv(a, data, 10, 0));
    closesocket(a);
    make_pair(&a, &b);
    SHOW(shutdown(a, SD_RECEIVE));
    SHOW(recv(a, data, 10, 0));
    closesocket(a);
    closesocket(b);
}

static void run_child(SOCKET inherited)
{
    char line[MAX_PATH + 50], path[MAX_PATH];
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %u", path, (unsigned)inherited);
    if (!CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        printf("no child: %lu\n", GetLastError());
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    printf("child ended with %lu\n", code);
}

static int child(SOCKET inherited)
{
    char data[20];
    int got = recv(inherited, data, sizeof data, 0);
    printf("child got \"%.*s\"\n", got, data);
    return send(inherited, "from the child", 14, 0);
}

int main(int argc, char **argv)
{
    int port, count = 1;
    HANDLE server;
    SOCKET a, b;
    char data[20];
    start();
    if (argc > 1) return child((SOCKET)strtoul(argv[1], NULL, 10));
    listener = listen_loopback(&port);
    server = CreateThread(NULL, 0, echo, &count, CREATE_SUSPENDED, NULL);
    ResumeThread(server);
    talk(port);
    WaitForSingleObject(server, INFINITE);
    printf("%s", report);
    closesocket(listener);
    a = socket(AF_INET, SOCK_STREAM, 0);
    SHOW(connect_loopback(a, port));
    closesocket(a);
    transfer();
    endings();
    make_pair(&a, &b);
    send(a, "to the child", 12, 0);
    run_child(b);
    closesocket(b);
    printf("%.*s\n", recv(a, data, sizeof data, 0), data);
    SHOW(recv(a, data, sizeof data, 0));
    SHOW(WSACleanup());
    return 0;
}
