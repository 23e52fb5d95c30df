/* What this DLL asks of \Device\Afd: codes and structures as Windows' mswsock sends them, for
 * sockets that name no transport device (ntafd.h of the phnt headers). */
#pragma once
#include "nt.h"
#include "ntcalls.h"
#include "rtl.h"
#include "winsock.h"

#define AFD_CODE(function, method) (0x12000u | (function) << 2 | (method))
#define IOCTL_AFD_BIND AFD_CODE(0, 3)
#define IOCTL_AFD_CONNECT AFD_CODE(1, 3)
#define IOCTL_AFD_START_LISTEN AFD_CODE(2, 3)
#define IOCTL_AFD_WAIT_FOR_LISTEN AFD_CODE(3, 0)
#define IOCTL_AFD_ACCEPT AFD_CODE(4, 0)
#define IOCTL_AFD_RECEIVE AFD_CODE(5, 3)
#define IOCTL_AFD_RECEIVE_DATAGRAM AFD_CODE(6, 3)
#define IOCTL_AFD_SEND AFD_CODE(7, 3)
#define IOCTL_AFD_SEND_DATAGRAM AFD_CODE(8, 3)
#define IOCTL_AFD_POLL AFD_CODE(9, 0)
#define IOCTL_AFD_PARTIAL_DISCONNECT AFD_CODE(10, 3)
#define IOCTL_AFD_GET_ADDRESS AFD_CODE(11, 3)
#define IOCTL_AFD_QUERY_RECEIVE_INFO AFD_CODE(12, 3)
#define IOCTL_AFD_SET_INFORMATION AFD_CODE(14, 3)
#define IOCTL_AFD_GET_REMOTE_ADDRESS AFD_CODE(15, 3)
#define IOCTL_AFD_GET_CONTEXT AFD_CODE(16, 3)
#define IOCTL_AFD_SET_CONTEXT AFD_CODE(17, 3)
#define IOCTL_AFD_TRANSMIT_FILE AFD_CODE(31, 3)
#define IOCTL_AFD_SUPER_ACCEPT AFD_CODE(32, 3)
#define IOCTL_AFD_EVENT_SELECT AFD_CODE(33, 3)
#define IOCTL_AFD_ENUM_NETWORK_EVENTS AFD_CODE(34, 3)
#define IOCTL_AFD_DEFER_ACCEPT AFD_CODE(35, 0)
#define IOCTL_AFD_NO_OPERATION AFD_CODE(39, 3)
#define IOCTL_AFD_TRANSPORT_IOCTL AFD_CODE(47, 3)
#define IOCTL_AFD_SUPER_CONNECT AFD_CODE(49, 3)
#define IOCTL_AFD_SUPER_DISCONNECT AFD_CODE(50, 3)

#define AFD_OVERLAPPED 2
#define TDI_SEND_EXPEDITED 0x20
#define TDI_RECEIVE_NORMAL 0x20
#define TDI_RECEIVE_EXPEDITED 0x40
#define TDI_RECEIVE_PEEK 0x80
#define TDI_RECEIVE_WAIT_ALL 0x4000
#define AFD_NONBLOCKING_MODE 2
#define AFD_PARTIAL_DISCONNECT_SEND 1
#define AFD_PARTIAL_DISCONNECT_RECEIVE 2

#define AFD_POLL_RECEIVE 0x1
#define AFD_POLL_RECEIVE_EXPEDITED 0x2
#define AFD_POLL_SEND 0x4
#define AFD_POLL_DISCONNECT 0x8
#define AFD_POLL_ABORT 0x10
#define AFD_POLL_LOCAL_CLOSE 0x20
#define AFD_POLL_CONNECT 0x40
#define AFD_POLL_ACCEPT 0x80
#define AFD_POLL_CONNECT_FAIL 0x100
#define AFD_NUM_POLL_EVENTS 13

enum { TlSetSockOpt = 1, TlGetSockOpt = 2, TlSocketIoControl = 3 };

/* Room for the SOCKADDR of either family. */
typedef union {
    struct sockaddr any;
    SOCKADDR_INET inet;
} AFD_ADDRESS;

typedef struct {
    ULONG EndpointFlags, GroupID;
    LONG AddressFamily, SocketType, Protocol;
    ULONG TransportDeviceNameLength;
} AFD_OPEN_PACKET;

typedef struct {
    ULONG ShareAccess;
    AFD_ADDRESS Address;
} AFD_BIND_INFO;

typedef struct {
    BOOLEAN SanActive;
    HANDLE RootEndpoint, ConnectEndpoint;
    AFD_ADDRESS RemoteAddress;
} AFD_CONNECT_INFO;

typedef struct {
    BOOLEAN SanActive;
    AFD_ADDRESS RemoteAddress;
} AFD_SUPER_CONNECT_INFO;

typedef struct {
    BOOLEAN SanActive;
    ULONG MaximumConnectionQueue;
    BOOLEAN UseDelayedAcceptance;
} AFD_LISTEN_INFO;

typedef struct {
    LONG Sequence;
    AFD_ADDRESS RemoteAddress;
} AFD_LISTEN_RESPONSE_INFO;

typedef struct {
    BOOLEAN SanActive;
    LONG Sequence;
    HANDLE AcceptHandle;
} AFD_ACCEPT_INFO;

typedef struct {
    LONG Sequence;
    BOOLEAN Reject;
} AFD_DEFER_ACCEPT_INFO;

typedef struct {
    LPWSABUF BufferArray;
    ULONG BufferCount, AfdFlags, TdiFlags;
    struct sockaddr *Address; /* these two for datagrams */
    PINT AddressLength;
} AFD_RECEIVE_INFO;

typedef struct {
    LPWSABUF BufferArray;
    ULONG BufferCount, AfdFlags, TdiFlags;
    ULONG TdiRequest[4]; /* from here on for datagrams */
    PVOID SendDatagramInformation;
    ULONG UserDataLength;
    PVOID UserData;
    ULONG OptionsLength;
    PVOID Options;
    LONG RemoteAddressLength;
    const struct sockaddr *RemoteAddress;
} AFD_SEND_INFO;

typedef struct {
    HANDLE Handle;
    ULONG PollEvents;
    NTSTATUS Status;
} AFD_POLL_HANDLE_INFO;

typedef struct {
    LARGE_INTEGER Timeout;
    ULONG NumberOfHandles;
    BOOLEAN Unique;
    AFD_POLL_HANDLE_INFO Handles[];
} AFD_POLL_INFO;

typedef struct {
    ULONG DisconnectMode;
    LARGE_INTEGER Timeout;
} AFD_PARTIAL_DISCONNECT_INFO;

typedef struct {
    ULONG InformationType;
    LARGE_INTEGER Information;
} AFD_INFORMATION;

typedef struct {
    HANDLE Event;
    ULONG PollEvents;
} AFD_EVENT_SELECT_INFO;

typedef struct {
    ULONG PollEvents;
    NTSTATUS EventStatus[AFD_NUM_POLL_EVENTS];
} AFD_ENUM_NETWORK_EVENTS_INFO;

typedef struct {
    ULONG Type, Level, IoControlCode;
    BOOLEAN EndpointIoctl;
    const void *InputBuffer;
    SIZE_T InputBufferLength;
} AFD_TL_IO_CONTROL_INFO;

typedef struct {
    BOOLEAN SanActive, FixAddressAlignment;
    HANDLE AcceptHandle;
    ULONG ReceiveDataLength, LocalAddressLength, RemoteAddressLength;
} AFD_SUPER_ACCEPT_INFO;

typedef struct {
    LARGE_INTEGER Offset, WriteLength;
    ULONG SendPacketLength;
    HANDLE FileHandle;
    PVOID Head;
    ULONG HeadLength;
    PVOID Tail;
    ULONG TailLength;
    ULONG Flags;
} AFD_TRANSMIT_FILE_INFO;

/* What every owner of a socket must know of it, kept in the kernel with it: the beginning of
 * SOCK_SHARED_INFO. */
struct socket_info {
    LONG state, family, type, protocol;
};
int socket_info(SOCKET socket, struct socket_info *info);
SOCKET create_socket(const struct socket_info *info, DWORD flags);

/* A control that has ended when the call returns (control.c): a status. */
NTSTATUS control(SOCKET socket, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, ULONG_PTR *information);
/* The same for one that may be overlapped: 0 or SOCKET_ERROR, with the last error set. */
struct overlapped {
    LPWSAOVERLAPPED block;
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine;
};
int start_control(SOCKET socket, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, struct overlapped overlapped, LPDWORD done);
int error_of(NTSTATUS status);
/* 0 or SOCKET_ERROR with the last error set. */
int finish(NTSTATUS status);
/* The size of a SOCKADDR that `size` bytes are enough for, or 0 with the last error set. */
int checked_address(const struct sockaddr *address, int size);
int tell_address(const AFD_ADDRESS *address, ULONG_PTR size, struct sockaddr *target, int *room);
BOOL extension_function(const GUID *which, void **function);
