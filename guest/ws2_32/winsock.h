/* What the files of ws2_32 share. Lower-case names with an underscore are its own. */
#pragma once
#define _WINSOCK_DEPRECATED_NO_WARNINGS
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0602
#endif
#include <winsock2.h>
#include <ws2tcpip.h>
#include <stddef.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PORT_ROOM 8            /* ":65535" and a zero */
#define NAME_ROOM 256          /* a DNS name and a zero (RFC 1035, 2.3.4) */

/* What the calls of Winsock 1.1 return pointers to; one for each thread (startup.c). */
struct thread_data {
    HANDLE event; /* that the thread waits for in calls that block */
    char address_text[16];
    char name[NAME_ROOM];
    struct in_addr address;
    char *addresses[2], *aliases[2];
    struct hostent host;
    struct protoent protocol;
    struct servent service;
};
struct thread_data *thread_data(void);

/* Store an error and give what a failing call returns (startup.c). `started` stores
 * WSANOTINITIALISED if WSAStartup has not been called. */
int failed(int error);
BOOL started(void);

/* The process's sockets (sockets.c): FALSE without memory. */
BOOL remember_socket(SOCKET socket);
void forget_socket(SOCKET socket);
void close_sockets(void);

/* Text of addresses (address.c). Parsers give the first character after the address or NULL;
 * formatters give the place of the terminating zero. */
const WCHAR *parse_ipv4(const WCHAR *text, BOOL strict, struct in_addr *address);
const WCHAR *parse_ipv6(const WCHAR *text, struct in6_addr *address);
const WCHAR *parse_number(const WCHAR *text, ULONG limit, ULONG *value);
WCHAR *format_ipv4(struct in_addr address, WCHAR *text);
WCHAR *format_ipv6(const struct in6_addr *address, WCHAR *text);
WCHAR *format_number(ULONG value, WCHAR *text);

/* Socket addresses as text (socket_address.c): winsock errors, 0 for success. */
int parse_socket_address(const WCHAR *text, int family, SOCKADDR_INET *address);
int format_socket_address(const struct sockaddr *address, DWORD size, WCHAR *text);
#define SOCKET_ADDRESS_ROOM (INET6_ADDRSTRLEN + 24)

/* Names (names.c), well-known ports (services.c): NULL for what is not there. */
struct service {
    const char *name, *protocol;
    USHORT port;
};
const struct service *service_named(const char *name, const char *protocol);
const struct service *service_at(USHORT port, const char *protocol);
BOOL is_this_host(const WCHAR *name);
/* Addresses of another host (resolver.c), as many as there are and have room. */
int resolve_name(const WCHAR *name, int family, SOCKADDR_INET *found, int room);
#define MOST_ADDRESSES 16
void host_name(char *name, DWORD size);

/* An address as AcceptEx stores it: how long it is, then itself. */
static inline void accept_ex_address(char *at, LPSOCKADDR *address, LPINT size)
{
    *address = (LPSOCKADDR)(at + sizeof(ULONG));
    *size = (INT) * (ULONG *)at;
}
