/* Controls of sockets: waiting for their ends, and what becomes of their statuses. */
#include "afd.h"

static const struct {
    NTSTATUS status;
    int error;
} errors[] = {
    {STATUS_SUCCESS, 0},
    {STATUS_PENDING, WSA_IO_PENDING},
    {STATUS_INVALID_HANDLE, WSAENOTSOCK},
    {STATUS_OBJECT_TYPE_MISMATCH, WSAENOTSOCK},
    {STATUS_INVALID_DEVICE_REQUEST, WSAENOTSOCK},
    {STATUS_INSUFFICIENT_RESOURCES, WSAENOBUFS},
    {STATUS_NO_MEMORY, WSAENOBUFS},
    {STATUS_QUOTA_EXCEEDED, WSAENOBUFS},
    {STATUS_TOO_MANY_OPENED_FILES, WSAEMFILE},
    {STATUS_SHARING_VIOLATION, WSAEADDRINUSE},
    {STATUS_ADDRESS_ALREADY_EXISTS, WSAEADDRINUSE},
    {STATUS_IO_TIMEOUT, WSAETIMEDOUT},
    {STATUS_TIMEOUT, WSAETIMEDOUT},
    {STATUS_CONNECTION_RESET, WSAECONNRESET},
    {STATUS_PORT_UNREACHABLE, WSAECONNRESET},
    {STATUS_CONNECTION_ABORTED, WSAECONNABORTED},
    {STATUS_CONNECTION_REFUSED, WSAECONNREFUSED},
    {STATUS_NETWORK_UNREACHABLE, WSAENETUNREACH},
    {STATUS_HOST_UNREACHABLE, WSAEHOSTUNREACH},
    {STATUS_CANCELLED, WSA_OPERATION_ABORTED},
    {STATUS_BUFFER_OVERFLOW, WSAEMSGSIZE},
    {STATUS_INVALID_BUFFER_SIZE, WSAEMSGSIZE},
    {STATUS_BUFFER_TOO_SMALL, WSAEFAULT},
    {STATUS_ACCESS_VIOLATION, WSAEFAULT},
    {STATUS_DEVICE_NOT_READY, WSAEWOULDBLOCK},
    {STATUS_PIPE_DISCONNECTED, WSAESHUTDOWN},
    {STATUS_INVALID_ADDRESS, WSAEADDRNOTAVAIL},
    {STATUS_INVALID_ADDRESS_COMPONENT, WSAEADDRNOTAVAIL},
    {STATUS_NOT_SUPPORTED, WSAEOPNOTSUPP},
    {STATUS_NOT_IMPLEMENTED, WSAEOPNOTSUPP},
    {STATUS_ACCESS_DENIED, WSAEACCES},
    {STATUS_CONNECTION_ACTIVE, WSAEISCONN},
    {STATUS_INVALID_CONNECTION, WSAENOTCONN},
};

int error_of(NTSTATUS status)
{
    for (unsigned i = 0; i < COUNT(errors); i++)
        if (errors[i].status == status) return errors[i].error;
    return NT_SUCCESS(status) ? 0 : WSAEINVAL;
}

int finish(NTSTATUS status)
{
    int error = error_of(status);
    if (error) return failed(error);
    SetLastError(0);
    return 0;
}

/* An APC that runs meanwhile may use the thread's event for calls of its own. */
static NTSTATUS wait(HANDLE event, volatile IO_STATUS_BLOCK *io)
{
    while (io->Status == STATUS_PENDING) NtWaitForSingleObject(event, TRUE, NULL);
    return io->Status;
}

NTSTATUS control(SOCKET socket, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, ULONG_PTR *information)
{
    struct thread_data *data = thread_data();
    IO_STATUS_BLOCK io = {{STATUS_PENDING}, 0};
    NTSTATUS status;
    if (!data) return STATUS_NO_MEMORY;
    status = NtDeviceIoControlFile((HANDLE)socket, data->event, NULL, NULL, &io, code,
        (void *)in, in_size, out, out_size);
    if (status == STATUS_PENDING) status = wait(data->event, &io);
    if (information) *information = io.Information;
    return status;
}

static void NTAPI completed(PVOID routine, PIO_STATUS_BLOCK io, ULONG reserved)
{
    (void)reserved;
    ((LPWSAOVERLAPPED_COMPLETION_ROUTINE)routine)((DWORD)error_of(io->Status),
        (DWORD)io->Information, (LPWSAOVERLAPPED)io, 0);
}

int start_control(SOCKET socket, ULONG code, const void *in, ULONG in_size, void *out,
    ULONG out_size, struct overlapped overlapped, LPDWORD done)
{
    LPWSAOVERLAPPED block = overlapped.block;
    ULONG_PTR information;
    NTSTATUS status;
    if (block) {
        BOOL is_silent = (ULONG_PTR)block->hEvent & 1; /* no packet for a completion port */
        HANDLE event = (HANDLE)((ULONG_PTR)block->hEvent & ~(ULONG_PTR)1);
        PVOID context = is_silent ? NULL : block;
        block->Internal = STATUS_PENDING;
        status = NtDeviceIoControlFile((HANDLE)socket, overlapped.routine ? NULL : event,
            overlapped.routine ? completed : NULL,
            overlapped.routine ? (PVOID)overlapped.routine : context, (PIO_STATUS_BLOCK)block,
            code, (void *)in, in_size, out, out_size);
        information = status == STATUS_PENDING ? 0 : block->InternalHigh;
    } else {
        status = control(socket, code, in, in_size, out, out_size, &information);
    }
    if (done && (NT_SUCCESS(status) || status == STATUS_BUFFER_OVERFLOW))
        *done = (DWORD)information;
    return finish(status);
}

int socket_info(SOCKET socket, struct socket_info *info)
{
    ULONG_PTR size = 0;
    NTSTATUS status;
    if (!started()) return SOCKET_ERROR;
    status = control(socket, IOCTL_AFD_GET_CONTEXT, NULL, 0, info, sizeof *info, &size);
    if (NT_SUCCESS(status) && size < sizeof *info) status = STATUS_INVALID_HANDLE;
    return finish(status);
}

int checked_address(const struct sockaddr *address, int size)
{
    int needed;
    if (!address || size < (int)sizeof address->sa_family) {
        failed(WSAEFAULT);
        return 0;
    }
    needed = address->sa_family == AF_INET6 ? (int)sizeof(struct sockaddr_in6)
                                            : (int)sizeof(struct sockaddr_in);
    if (size < needed) {
        failed(WSAEFAULT);
        return 0;
    }
    if (address->sa_family == AF_INET || address->sa_family == AF_INET6) return needed;
    failed(WSAEAFNOSUPPORT);
    return 0;
}

int tell_address(const AFD_ADDRESS *address, ULONG_PTR size, struct sockaddr *target, int *room)
{
    if (!target || !room || *room < (int)size) return failed(WSAEFAULT);
    memcpy(target, address, size);
    *room = (int)size;
    return 0;
}
