/* What the programs about sockets share: starting, addresses, and printing of results. */
#pragma once
#include <stdio.h>
#include <string.h>
#include <winsock2.h>
#include <mswsock.h>
#include <ws2tcpip.h>

/* A result and, if it is a failure, the error. */
#define SHOW(call)                                                     \
    do {                                                               \
        long result_ = (long)(call);                                   \
        printf("%s = %ld", #call, result_);                            \
        if (result_ == -1) printf(", error %d", WSAGetLastError());    \
        printf("\n");                                                  \
    } while (0)

static inline void start(void)
{
    WSADATA data;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (WSAStartup(MAKEWORD(2, 2), &data)) printf("no Winsock\n");
}

static inline struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((u_short)port);
    return address;
}

/* Bind to the loopback address and a port that is free; returns the port. */
static inline int bind_loopback(SOCKET socket)
{
    struct sockaddr_in address = loopback(0);
    int size = sizeof address;
    if (bind(socket, (struct sockaddr *)&address, size)) printf("no port: %d\n", WSAGetLastError());
    getsockname(socket, (struct sockaddr *)&address, &size);
    return ntohs(address.sin_port);
}

static inline SOCKET listen_loopback(int *port)
{
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0);
    *port = bind_loopback(listener);
    if (listen(listener, 5)) printf("no listening: %d\n", WSAGetLastError());
    return listener;
}

static inline int connect_loopback(SOCKET socket, int port)
{
    struct sockaddr_in address = loopback(port);
    return connect(socket, (struct sockaddr *)&address, sizeof address);
}

/* Two sockets that are connected with each other. */
static inline void make_pair(SOCKET *first, SOCKET *second)
{
    int port;
    SOCKET listener = listen_loopback(&port);
    *first = socket(AF_INET, SOCK_STREAM, 0);
    if (connect_loopback(*first, port)) printf("no connection: %d\n", WSAGetLastError());
    *second = accept(listener, NULL, NULL);
    closesocket(listener);
}
