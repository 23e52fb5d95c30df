/* Options of sockets, and controls by number. */
#include "afd.h"
#include <mswsock.h>

static NTSTATUS transport(SOCKET socket, ULONG type, int level, ULONG code, const void *in,
    ULONG in_size, void *out, ULONG out_size, ULONG_PTR *told)
{
    AFD_TL_IO_CONTROL_INFO info = {type, (ULONG)level, code, TRUE, in, in_size};
    return control(
        socket, IOCTL_AFD_TRANSPORT_IOCTL, &info, sizeof info, out, out_size, told);
}

static BOOL is_level(int level)
{
    return level == SOL_SOCKET || level == IPPROTO_IP || level == IPPROTO_TCP
        || level == IPPROTO_UDP || level == IPPROTO_IPV6;
}

static int finish_option(int level, NTSTATUS status)
{
    if (status != STATUS_NOT_SUPPORTED) return finish(status);
    return failed(is_level(level) ? WSAENOPROTOOPT : WSAEINVAL);
}

/* WSAPROTOCOL_INFO in one of its forms, from the catalogue. */
static int protocol_info(SOCKET socket, BOOL wide, char *value, int *size)
{
    WSAPROTOCOL_INFOW all[8];
    INT wanted[] = {0, 0};
    DWORD room = sizeof all;
    struct socket_info kind;
    int row = wide ? (int)sizeof(WSAPROTOCOL_INFOW) : (int)sizeof(WSAPROTOCOL_INFOA), count;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (!value || !size || *size < row) return failed(WSAEFAULT);
    wanted[0] = kind.protocol;
    count = wide ? WSAEnumProtocolsW(wanted, all, &room)
                 : WSAEnumProtocolsA(wanted, (LPWSAPROTOCOL_INFOA)all, &room);
    for (int i = 0; i < count; i++) {
        LPWSAPROTOCOL_INFOA entry = (LPWSAPROTOCOL_INFOA)((char *)all + i * row);
        if (entry->iAddressFamily != kind.family) continue;
        memcpy(value, entry, (size_t)row);
        *size = row;
        return 0;
    }
    return failed(WSAENOTSOCK);
}

int WSAAPI getsockopt(SOCKET socket, int level, int name, char *value, int *size)
{
    ULONG_PTR told = 0;
    NTSTATUS status;
    if (!started()) return SOCKET_ERROR;
    if (level == SOL_SOCKET && (name == SO_PROTOCOL_INFOW || name == SO_PROTOCOL_INFOA))
        return protocol_info(socket, name == SO_PROTOCOL_INFOW, value, size);
    if (!value || !size || *size <= 0) return failed(WSAEFAULT);
    status = transport(
        socket, TlGetSockOpt, level, (ULONG)name, NULL, 0, value, (ULONG)*size, &told);
    if (NT_SUCCESS(status)) *size = (int)told;
    return finish_option(level, status);
}

int WSAAPI setsockopt(SOCKET socket, int level, int name, const char *value, int size)
{
    if (!started()) return SOCKET_ERROR;
    if (!value && (size || level != SOL_SOCKET || name != SO_UPDATE_CONNECT_CONTEXT))
        return failed(WSAEFAULT);
    if (size < 0 && level != SOL_SOCKET) return failed(WSAENOBUFS);
    if (size < 0 || size > (int)sizeof(struct ipv6_mreq)) size = sizeof(struct ipv6_mreq);
    return finish_option(level,
        transport(socket, TlSetSockOpt, level, (ULONG)name, value, (ULONG)size, NULL, 0, NULL));
}

static int set_nonblocking(SOCKET socket, u_long on)
{
    AFD_INFORMATION info = {AFD_NONBLOCKING_MODE, {.QuadPart = on != 0}};
    return finish(
        control(socket, IOCTL_AFD_SET_INFORMATION, &info, sizeof info, NULL, 0, NULL));
}

int WSAAPI ioctlsocket(SOCKET socket, long code, u_long *value)
{
    ULONG available[2];
    if (!started()) return SOCKET_ERROR;
    if (IsBadReadPtr(value, sizeof *value)) return failed(WSAEFAULT);
    if (code == (long)FIONBIO) return set_nonblocking(socket, *value);
    if (code != (long)FIONREAD && code != (long)SIOCATMARK) return failed(WSAEINVAL);
    if (finish(control(socket, IOCTL_AFD_QUERY_RECEIVE_INFO, NULL, 0, available, sizeof available,
            NULL)))
        return SOCKET_ERROR;
    *value = code == (long)FIONREAD ? available[0] : TRUE;
    return 0;
}

/* SIO_ADDRESS_LIST_QUERY: the addresses that a socket can be bound to. */
static int address_list(SOCKET socket, void *out, DWORD room, DWORD *told)
{
    struct {
        SOCKET_ADDRESS_LIST list;
        SOCKADDR_INET address;
    } *answer = out;
    struct socket_info kind;
    DWORD size;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    size = kind.family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    *told = sizeof answer->list + size;
    if (!out || room < *told) return failed(WSAEFAULT);
    memset(answer, 0, *told);
    answer->list.iAddressCount = 1;
    answer->list.Address[0].lpSockaddr = (struct sockaddr *)&answer->address;
    answer->list.Address[0].iSockaddrLength = (INT)size;
    answer->address.si_family = (ADDRESS_FAMILY)kind.family;
    if (kind.family == AF_INET) answer->address.Ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else answer->address.Ipv6.sin6_addr.s6_addr[15] = 1;
    return 0;
}

static int interface_list(SOCKET socket, void *out, DWORD room, DWORD *told)
{
    INTERFACE_INFO *info = out;
    struct socket_info kind;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (!out || room < sizeof *info) return failed(WSAEFAULT);
    memset(info, 0, sizeof *info);
    info->iiFlags = IFF_UP | IFF_LOOPBACK | IFF_MULTICAST;
    info->iiAddress.AddressIn.sin_family = info->iiNetmask.AddressIn.sin_family = AF_INET;
    info->iiAddress.AddressIn.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    info->iiNetmask.AddressIn.sin_addr.s_addr = htonl(0xFF000000);
    *told = sizeof *info;
    return 0;
}

static int answer_word(SOCKET socket, DWORD_PTR value, void *out, DWORD room, DWORD *told)
{
    struct socket_info kind;
    if (socket_info(socket, &kind)) return SOCKET_ERROR;
    if (!out || room < sizeof value) return failed(WSAEFAULT);
    memcpy(out, &value, sizeof value);
    *told = sizeof value;
    return 0;
}

static int extension(SOCKET socket, const void *in, DWORD size, void *out, DWORD room, DWORD *told)
{
    void *function;
    if (!in || size < sizeof(GUID)) return failed(WSAEFAULT);
    if (!extension_function(in, &function)) return failed(WSAEINVAL);
    return answer_word(socket, (DWORD_PTR)function, out, room, told);
}

#ifndef SIO_LOOPBACK_FAST_PATH
#define SIO_LOOPBACK_FAST_PATH _WSAIOW(IOC_VENDOR, 16)
#endif

static int ioctl(SOCKET socket, DWORD code, void *in, DWORD size, void *out, DWORD room,
    DWORD *told)
{
    u_long value = 0;
    switch (code) {
    case FIONBIO:
        if (!in || size < sizeof value) return failed(WSAEFAULT);
        return ioctlsocket(socket, (long)code, in);
    case FIONREAD:
    case SIOCATMARK:
        if (!out || room < sizeof value) return failed(WSAEFAULT);
        if (ioctlsocket(socket, (long)code, &value)) return SOCKET_ERROR;
        return answer_word(socket, value, out, room, told);
    case SIO_GET_EXTENSION_FUNCTION_POINTER: return extension(socket, in, size, out, room, told);
    case SIO_BASE_HANDLE:
    case SIO_BSP_HANDLE:
    case SIO_BSP_HANDLE_SELECT:
    case SIO_BSP_HANDLE_POLL: return answer_word(socket, socket, out, room, told);
    case SIO_ADDRESS_LIST_QUERY: return address_list(socket, out, room, told);
    case SIO_GET_INTERFACE_LIST: return interface_list(socket, out, room, told);
    case SIO_LOOPBACK_FAST_PATH: return answer_word(socket, 0, &value, sizeof value, told);
    default:
        return finish(transport(
            socket, TlSocketIoControl, SOL_SOCKET, code, in, size, out, room, NULL));
    }
}

int WSAAPI WSAIoctl(SOCKET socket, DWORD code, LPVOID in, DWORD size, LPVOID out, DWORD room,
    LPDWORD told, LPWSAOVERLAPPED block, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
    DWORD done = 0;
    int result;
    if (!started()) return SOCKET_ERROR;
    if (!told) return failed(WSAEFAULT);
    result = ioctl(socket, code, in, size, out, room, &done);
    *told = done;
    if (result || !block) return result;
    return start_control(socket, IOCTL_AFD_NO_OPERATION, NULL, 0, NULL, 0,
        (struct overlapped){block, routine}, NULL);
}
