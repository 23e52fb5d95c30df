/* What kernel32 asks of the Windows subsystem's server (subsystem.c). */
#pragma once
#include "csr.h"

/* Connects first if that has not been done: STATUS_PORT_CONNECTION_REFUSED where the process is not
 * one of the subsystem's, STATUS_OBJECT_NAME_NOT_FOUND where there is no server. */
NTSTATUS subsystem_connect(void);
/* One routine of the base server; `size` is that of the message's own data. */
NTSTATUS subsystem_call(CSR_API_MSG *message, CSR_CAPTURE_HEADER *buffer, ULONG routine,
    ULONG size);
/* Make a new process, whose first thread is suspended, one of the subsystem's. */
NTSTATUS subsystem_register(HANDLE process, HANDLE thread, CLIENT_ID client, DWORD flags);
