/* Making and closing sockets, and giving them to other processes. */
#include "afd.h"

#define OPEN_PACKET_NAME "AfdOpenPacketXX"

struct open_attribute {
    ULONG NextEntryOffset;
    UCHAR Flags, EaNameLength;
    USHORT EaValueLength;
    CHAR EaName[sizeof OPEN_PACKET_NAME];
    AFD_OPEN_PACKET EaValue;
};

SOCKET create_socket(const struct socket_info *info, DWORD flags)
{
    static WCHAR text[] = L"\\Device\\Afd\\Endpoint";
    UNICODE_STRING name = {sizeof text - sizeof *text, sizeof text, text};
    BOOL inherits = !(flags & WSA_FLAG_NO_HANDLE_INHERIT);
    OBJECT_ATTRIBUTES object = {sizeof object, NULL, &name,
        OBJ_CASE_INSENSITIVE | (inherits ? OBJ_INHERIT : 0), NULL, NULL};
    struct open_attribute attribute = {0, 0, sizeof OPEN_PACKET_NAME - 1,
        sizeof(AFD_OPEN_PACKET), OPEN_PACKET_NAME,
        {0, 0, info->family, info->type, info->protocol, 0}};
    IO_STATUS_BLOCK io;
    HANDLE handle;
    NTSTATUS status = NtCreateFile(&handle, GENERIC_READ | GENERIC_WRITE | SYNCHRONIZE, &object,
        &io, NULL, 0, FILE_SHARE_READ | FILE_SHARE_WRITE, FILE_OPEN_IF,
        flags & WSA_FLAG_OVERLAPPED ? 0 : FILE_SYNCHRONOUS_IO_NONALERT, &attribute,
        sizeof attribute);
    if (NT_SUCCESS(status)) {
        status = control((SOCKET)handle, IOCTL_AFD_SET_CONTEXT, info, sizeof *info, NULL, 0, NULL);
        if (NT_SUCCESS(status) && !remember_socket((SOCKET)handle)) status = STATUS_NO_MEMORY;
        if (!NT_SUCCESS(status)) NtClose(handle);
    }
    return finish(status) ? INVALID_SOCKET : (SOCKET)handle;
}

/* The reasons that the documentation of socket() gives, in their order. */
static int refusal(struct socket_info *info)
{
    int own;
    if (info->family == AF_UNSPEC && !info->protocol) return WSAEINVAL;
    if (!info->type) info->type = info->protocol == IPPROTO_UDP ? SOCK_DGRAM : SOCK_STREAM;
    if (info->type < SOCK_STREAM || info->type > SOCK_RAW) return WSAESOCKTNOSUPPORT;
    if (info->family != AF_UNSPEC && info->family != AF_INET && info->family != AF_INET6)
        return WSAEAFNOSUPPORT;
    if (info->type == SOCK_RAW) return WSAEACCES; /* only administrators make these */
    own = info->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
    if (info->protocol && info->protocol != own) return WSAEPROTONOSUPPORT;
    if (info->family == AF_UNSPEC) info->family = AF_INET;
    info->protocol = own;
    return 0;
}

static SOCKET make(struct socket_info info, DWORD flags)
{
    int error;
    if (!started()) return INVALID_SOCKET;
    error = refusal(&info);
    if (!error) return create_socket(&info, flags);
    failed(error);
    return INVALID_SOCKET;
}

SOCKET WSAAPI socket(int family, int type, int protocol)
{
    return make((struct socket_info){0, family, type, protocol}, WSA_FLAG_OVERLAPPED);
}

/* What a WSAPROTOCOL_INFO stands for: a kind of socket, or one that was duplicated. Both forms
 * have the same members before szProtocol. */
static SOCKET from_info(struct socket_info wanted, const WSAPROTOCOL_INFOA *info, DWORD flags)
{
    if (!started()) return INVALID_SOCKET;
    if (info && info->dwProviderReserved) {
        if (remember_socket(info->dwProviderReserved)) return info->dwProviderReserved;
        failed(WSAENOBUFS);
        return INVALID_SOCKET;
    }
    if (info && wanted.family == FROM_PROTOCOL_INFO) wanted.family = info->iAddressFamily;
    if (info && wanted.type == FROM_PROTOCOL_INFO) wanted.type = info->iSocketType;
    if (info && wanted.protocol == FROM_PROTOCOL_INFO) wanted.protocol = info->iProtocol;
    return make(wanted, flags);
}

SOCKET WSAAPI WSASocketW(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group,
    DWORD flags)
{
    (void)group;
    return from_info((struct socket_info){0, family, type, protocol},
        (const WSAPROTOCOL_INFOA *)info, flags);
}

SOCKET WSAAPI WSASocketA(int family, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group,
    DWORD flags)
{
    (void)group;
    return from_info((struct socket_info){0, family, type, protocol}, info, flags);
}

int WSAAPI closesocket(SOCKET socket)
{
    struct socket_info info;
    if (socket_info(socket, &info)) return SOCKET_ERROR;
    forget_socket(socket);
    return finish(NtClose((HANDLE)socket));
}

/* The handle in the other process travels in dwProviderReserved. */
static int duplicate(SOCKET socket, DWORD process_id, DWORD *reserved)
{
    HANDLE process = OpenProcess(PROCESS_DUP_HANDLE, FALSE, process_id), handle;
    NTSTATUS status;
    if (!process) return failed(WSAEINVAL);
    status = NtDuplicateObject(NtCurrentProcess(), (HANDLE)socket, process, &handle, 0, 0,
        DUPLICATE_SAME_ACCESS);
    CloseHandle(process);
    *reserved = (DWORD)(ULONG_PTR)handle;
    return finish(status);
}

int WSAAPI WSADuplicateSocketW(SOCKET socket, DWORD process_id, LPWSAPROTOCOL_INFOW info)
{
    int size = sizeof *info;
    if (!info) return started() ? failed(WSAEFAULT) : SOCKET_ERROR;
    if (getsockopt(socket, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)info, &size))
        return SOCKET_ERROR;
    return duplicate(socket, process_id, &info->dwProviderReserved);
}

int WSAAPI WSADuplicateSocketA(SOCKET socket, DWORD process_id, LPWSAPROTOCOL_INFOA info)
{
    int size = sizeof *info;
    if (!info) return started() ? failed(WSAEFAULT) : SOCKET_ERROR;
    if (getsockopt(socket, SOL_SOCKET, SO_PROTOCOL_INFOA, (char *)info, &size))
        return SOCKET_ERROR;
    return duplicate(socket, process_id, &info->dwProviderReserved);
}
