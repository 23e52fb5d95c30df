/* Small questions to the system and the process. */
#include "ntdll.h"

#define SystemCurrentTimeZoneInformation 44
#define SystemDynamicTimeZoneInformation 102
#define SystemNativeBasicInformation 114

NTSTATUS NTAPI RtlQueryTimeZoneInformation(PVOID Information)
{
    return NtQuerySystemInformation(SystemCurrentTimeZoneInformation, Information,
                                    sizeof(TIME_ZONE_INFORMATION), NULL);
}

NTSTATUS NTAPI RtlQueryDynamicTimeZoneInformation(PVOID Information)
{
    return NtQuerySystemInformation(SystemDynamicTimeZoneInformation, Information,
                                    sizeof(DYNAMIC_TIME_ZONE_INFORMATION), NULL);
}

/* Time since boot without sleep: this machine never sleeps. */
VOID NTAPI RtlQueryUnbiasedInterruptTime(PULONGLONG Time)
{
    *Time = ReadSystemTime(&SharedUserData->InterruptTime);
}

ULONG NTAPI RtlGetNtGlobalFlags(void)
{
    return NtPeb()->NtGlobalFlag;
}

BOOLEAN NTAPI RtlIsProcessorFeaturePresent(ULONG Feature)
{
    return Feature < sizeof SharedUserData->ProcessorFeatures
           && SharedUserData->ProcessorFeatures[Feature];
}

VOID NTAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER Number)
{
    Number->Group = 0;
    Number->Number = (BYTE)NtGetCurrentProcessorNumber();
    Number->Reserved = 0;
}

NTSTATUS NTAPI RtlGetNativeSystemInformation(ULONG Class, PVOID Buffer, ULONG Length,
                                             PULONG Returned)
{
    return NtQuerySystemInformation(Class, Buffer, Length, Returned);
}

/* The longest NT path that a DOS path can become. */
ULONG NTAPI RtlGetLongestNtPathLength(void)
{
    return 269;
}

/* A 32-bit Windows has no other System32 to be sent to. */
NTSTATUS NTAPI RtlWow64EnableFsRedirection(BOOLEAN Enable)
{
    (void)Enable;
    return STATUS_NOT_IMPLEMENTED;
}

NTSTATUS NTAPI RtlWow64EnableFsRedirectionEx(ULONG Disable, PULONG Previous)
{
    (void)Disable;
    (void)Previous;
    return STATUS_NOT_IMPLEMENTED;
}


/* Frames that a program pushes for a debugger to see. */
struct frame {
    struct frame *previous;
    PVOID context;
};

VOID NTAPI RtlPushFrame(struct frame *Frame)
{
    Frame->previous = NtTeb()->ActiveFrame;
    NtTeb()->ActiveFrame = Frame;
}

VOID NTAPI RtlPopFrame(struct frame *Frame)
{
    NtTeb()->ActiveFrame = Frame->previous;
}

PVOID NTAPI RtlGetFrame(void)
{
    return NtTeb()->ActiveFrame;
}

/* Neither too long nor odd, and with a buffer unless it is empty. */
NTSTATUS NTAPI RtlValidateUnicodeString(ULONG Flags, PCUNICODE_STRING String)
{
    if (Flags)
        return STATUS_INVALID_PARAMETER;
    if (String && (String->Length % 2 || String->MaximumLength % 2
                   || String->Length > String->MaximumLength
                   || (!String->Buffer && (String->Length || String->MaximumLength))))
        return STATUS_INVALID_PARAMETER;
    return STATUS_SUCCESS;
}
