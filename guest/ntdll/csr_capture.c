/* Capture buffers: what a message points to, in the memory that the server sees too. */
#include "csr_client.h"

#define MOST_POINTERS 0xFFFFu
#define MOST_BYTES 0x7FFFFFFFu

/* Each pointer's data begins at a multiple of 4. */
PCSR_CAPTURE_HEADER NTAPI CsrAllocateCaptureBuffer(ULONG CountMessagePointers, ULONG Size)
{
    PCSR_CAPTURE_HEADER buffer;
    ULONG head = sizeof *buffer + CountMessagePointers * sizeof(ULONG_PTR);
    if (CountMessagePointers > MOST_POINTERS || Size > MOST_BYTES || !csr_heap)
        return NULL;
    Size = ALIGN_UP(Size + 3 * CountMessagePointers, 4) + head;
    buffer = RtlAllocateHeap(csr_heap, HEAP_ZERO_MEMORY, Size);
    if (buffer) {
        buffer->Length = Size;
        buffer->FreeSpace = (PCHAR)buffer + head;
    }
    return buffer;
}

VOID NTAPI CsrFreeCaptureBuffer(PCSR_CAPTURE_HEADER CaptureBuffer)
{
    RtlFreeHeap(csr_heap, 0, CaptureBuffer);
}

ULONG NTAPI CsrAllocateMessagePointer(PCSR_CAPTURE_HEADER CaptureBuffer, ULONG Length,
                                      PVOID *Pointer)
{
    *Pointer = NULL;
    if (!Length)
        return 0;
    Length = ALIGN_UP(Length, 4);
    *Pointer = CaptureBuffer->FreeSpace;
    CaptureBuffer->FreeSpace += Length;
    CaptureBuffer->MessagePointerOffsets[CaptureBuffer->CountMessagePointers++] =
        (ULONG_PTR)Pointer;
    return Length;
}

VOID NTAPI CsrCaptureMessageBuffer(PCSR_CAPTURE_HEADER CaptureBuffer, PVOID Buffer, ULONG Length,
                                   PVOID *CapturedBuffer)
{
    if (CsrAllocateMessagePointer(CaptureBuffer, Length, CapturedBuffer) && Buffer)
        memcpy(*CapturedBuffer, Buffer, Length);
}

VOID NTAPI CsrCaptureMessageString(PCSR_CAPTURE_HEADER CaptureBuffer, PCSTR String, ULONG Length,
                                   ULONG MaximumLength, PSTRING CapturedString)
{
    CapturedString->Length = String ? (USHORT)Length : 0;
    CapturedString->MaximumLength = (USHORT)MaximumLength;
    CsrAllocateMessagePointer(CaptureBuffer, MaximumLength, (PVOID *)&CapturedString->Buffer);
    if (!CapturedString->Buffer || !String)
        return;
    memcpy(CapturedString->Buffer, String, Length < MaximumLength ? Length : MaximumLength);
    if (Length < MaximumLength)
        CapturedString->Buffer[Length] = 0;
}

VOID NTAPI CsrCaptureMessageUnicodeStringInPlace(PCSR_CAPTURE_HEADER CaptureBuffer,
                                                 PUNICODE_STRING String)
{
    CsrCaptureMessageString(CaptureBuffer, (PCSTR)String->Buffer, String->Length,
                            String->MaximumLength, (PSTRING)String);
    if (String->Buffer && String->MaximumLength >= String->Length + sizeof(WCHAR))
        String->Buffer[String->Length / sizeof(WCHAR)] = 0;
}

NTSTATUS NTAPI CsrCaptureMessageMultiUnicodeStringsInPlace(PCSR_CAPTURE_HEADER *CaptureBuffer,
                                                           ULONG Count, PUNICODE_STRING *Strings)
{
    if (!CaptureBuffer)
        return STATUS_INVALID_PARAMETER;
    if (!*CaptureBuffer) {
        ULONG size = 0;
        for (ULONG i = 0; i < Count; i++)
            size += Strings[i] ? Strings[i]->MaximumLength : 0;
        *CaptureBuffer = CsrAllocateCaptureBuffer(Count, size);
        if (!*CaptureBuffer)
            return STATUS_NO_MEMORY;
    }
    for (ULONG i = 0; i < Count; i++)
        if (Strings[i])
            CsrCaptureMessageUnicodeStringInPlace(*CaptureBuffer, Strings[i]);
    return STATUS_SUCCESS;
}

/* NULL stands for waiting for ever. */
PLARGE_INTEGER NTAPI CsrCaptureTimeout(ULONG Milliseconds, PLARGE_INTEGER Timeout)
{
    if (Milliseconds == INFINITE)
        return NULL;
    Timeout->QuadPart = Milliseconds * -10000LL;
    return Timeout;
}

VOID NTAPI CsrProbeForRead(PVOID Address, ULONG Length, ULONG Alignment)
{
    const volatile UCHAR *first = Address;
    if (!Length)
        return;
    if ((ULONG_PTR)Address & (Alignment - 1))
        RtlRaiseStatus(STATUS_DATATYPE_MISALIGNMENT);
    (void)first[0];
    (void)first[Length - 1];
}

VOID NTAPI CsrProbeForWrite(PVOID Address, ULONG Length, ULONG Alignment)
{
    volatile UCHAR *first = Address;
    if (!Length)
        return;
    if ((ULONG_PTR)Address & (Alignment - 1))
        RtlRaiseStatus(STATUS_DATATYPE_MISALIGNMENT);
    first[0] = first[0];
    first[Length - 1] = first[Length - 1];
}
