/* Network byte order. The WSA… forms first look for their socket. */
#include "afd.h"

u_long WSAAPI htonl(u_long value)
{
    return __builtin_bswap32(value);
}

u_short WSAAPI htons(u_short value)
{
    return __builtin_bswap16(value);
}

u_long WSAAPI ntohl(u_long value)
{
    return __builtin_bswap32(value);
}

u_short WSAAPI ntohs(u_short value)
{
    return __builtin_bswap16(value);
}

static int store(SOCKET socket, void *target, ULONG value, size_t size)
{
    struct socket_info kind;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (!target) return failed(WSAEFAULT);
    memcpy(target, &value, size);
    return 0;
}

int WSAAPI WSAHtonl(SOCKET socket, u_long value, u_long *target)
{
    return store(socket, target, htonl(value), sizeof *target);
}

int WSAAPI WSAHtons(SOCKET socket, u_short value, u_short *target)
{
    return store(socket, target, htons(value), sizeof *target);
}

int WSAAPI WSANtohl(SOCKET socket, u_long value, u_long *target)
{
    return store(socket, target, ntohl(value), sizeof *target);
}

int WSAAPI WSANtohs(SOCKET socket, u_short value, u_short *target)
{
    return store(socket, target, ntohs(value), sizeof *target);
}
