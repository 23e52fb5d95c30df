/* Network byte order. The WSA… forms first look for their socket, and there is none. */
#include "winsock.h"

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
