/* The Windows subsystem's server: its messages, and ntdll's half of calling it.
 *
 * Numbers of the base server's routines are those of Windows 8 and later. */
#pragma once
#include "nt.h"

#define CSR_API_NUMBER(server, index) ((ULONG)(server) << 16 | (index))
#define CSRSRV_SERVERDLL_INDEX 0
#define BASESRV_SERVERDLL_INDEX 1
enum { CsrpClientConnect = 0 };
enum {
    BasepCreateProcess = 0x00,
    BasepSetProcessShutdownParam = 0x0C,
    BasepGetProcessShutdownParam = 0x0D,
    BasepSoundSentryNotification = 0x12,
    BasepDefineDosDevice = 0x14,
};

typedef struct {
    USHORT DataLength; /* what follows this header, in bytes */
    USHORT TotalLength;
    USHORT Type;
    USHORT DataInfoOffset;
    CLIENT_ID ClientId;
    ULONG MessageId;
    ULONG CallbackId;
} PORT_MESSAGE, *PPORT_MESSAGE;

/* Shared with the server; what the pointers in the message point to follows the offsets. */
typedef struct _CSR_CAPTURE_HEADER {
    ULONG Length;
    struct _CSR_CAPTURE_HEADER *RelatedCaptureBuffer;
    ULONG CountMessagePointers;
    PCHAR FreeSpace;
    ULONG_PTR MessagePointerOffsets[]; /* addresses of the pointers, until the message is sent */
} CSR_CAPTURE_HEADER, *PCSR_CAPTURE_HEADER;

#define CSR_MESSAGE_BYTES 0xB8
typedef struct {
    PORT_MESSAGE Header;
    PCSR_CAPTURE_HEADER CaptureBuffer;
    ULONG ApiNumber;
    NTSTATUS ReturnValue;
    ULONG Reserved;
    union {
        struct {
            ULONG ServerDllIndex;
            PVOID ConnectionInformation;
            ULONG ConnectionInformationLength;
        } ClientConnect;
        struct {
            HANDLE ProcessHandle, ThreadHandle;
            CLIENT_ID ClientId;
            ULONG CreationFlags;
            ULONG VdmBinaryType;
        } CreateProcess;
        struct {
            ULONG ShutdownLevel, ShutdownFlags;
        } ShutdownParam;
        struct {
            ULONG VideoMode;
        } SoundSentry;
        struct {
            ULONG Flags;
            UNICODE_STRING DeviceName, TargetPath;
        } DefineDosDevice;
        UCHAR ApiMessageData[CSR_MESSAGE_BYTES];
    } u;
} CSR_API_MSG, *PCSR_API_MSG;
_Static_assert(sizeof(CSR_API_MSG) == 0xE0, "layout");

NTSTATUS NTAPI CsrClientConnectToServer(PWSTR ObjectDirectory, ULONG ServerDllIndex,
    PVOID ConnectionInformation, PULONG ConnectionInformationLength, PBOOLEAN CalledFromServer);
NTSTATUS NTAPI CsrClientCallServer(PCSR_API_MSG Message, PCSR_CAPTURE_HEADER CaptureBuffer,
    ULONG ApiNumber, ULONG ArgLength);
PCSR_CAPTURE_HEADER NTAPI CsrAllocateCaptureBuffer(ULONG CountMessagePointers, ULONG Size);
VOID NTAPI CsrFreeCaptureBuffer(PCSR_CAPTURE_HEADER CaptureBuffer);
ULONG NTAPI CsrAllocateMessagePointer(PCSR_CAPTURE_HEADER CaptureBuffer, ULONG Length,
    PVOID *Pointer);
VOID NTAPI CsrCaptureMessageBuffer(PCSR_CAPTURE_HEADER CaptureBuffer, PVOID Buffer, ULONG Length,
    PVOID *CapturedBuffer);
VOID NTAPI CsrCaptureMessageString(PCSR_CAPTURE_HEADER CaptureBuffer, PCSTR String, ULONG Length,
    ULONG MaximumLength, PSTRING CapturedString);
VOID NTAPI CsrCaptureMessageUnicodeStringInPlace(PCSR_CAPTURE_HEADER CaptureBuffer,
    PUNICODE_STRING String);
NTSTATUS NTAPI CsrCaptureMessageMultiUnicodeStringsInPlace(PCSR_CAPTURE_HEADER *CaptureBuffer,
    ULONG Count, PUNICODE_STRING *Strings);
PLARGE_INTEGER NTAPI CsrCaptureTimeout(ULONG Milliseconds, PLARGE_INTEGER Timeout);
HANDLE NTAPI CsrGetProcessId(void);
