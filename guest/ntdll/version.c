/* The version of the system, from the PEB. */
#include "ntdll.h"

NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW Version)
{
    PPEB peb = NtPeb();
    Version->dwMajorVersion = peb->OSMajorVersion;
    Version->dwMinorVersion = peb->OSMinorVersion;
    Version->dwBuildNumber = peb->OSBuildNumber;
    Version->dwPlatformId = peb->OSPlatformId;
    Version->szCSDVersion[0] = 0;
    if (Version->dwOSVersionInfoSize != sizeof(RTL_OSVERSIONINFOEXW))
        return STATUS_SUCCESS;
    PRTL_OSVERSIONINFOEXW extended = (PRTL_OSVERSIONINFOEXW)Version;
    extended->wServicePackMajor = peb->OSCSDVersion >> 8;
    extended->wServicePackMinor = peb->OSCSDVersion & 0xFF;
    extended->wSuiteMask = VER_SUITE_SINGLEUSERTS;
    extended->wProductType = VER_NT_WORKSTATION;
    extended->wReserved = 0;
    return STATUS_SUCCESS;
}

VOID NTAPI RtlGetNtVersionNumbers(PULONG Major, PULONG Minor, PULONG Build)
{
    if (Major)
        *Major = NtPeb()->OSMajorVersion;
    if (Minor)
        *Minor = NtPeb()->OSMinorVersion;
    if (Build)
        *Build = 0xF0000000u | NtPeb()->OSBuildNumber;
}

BOOLEAN NTAPI RtlGetNtProductType(PULONG Type)
{
    *Type = SharedUserData->NtProductType ? SharedUserData->NtProductType : VER_NT_WORKSTATION;
    return TRUE;
}

/* Three bits of condition per field, in the order of the VER_… bits. */
ULONGLONG NTAPI VerSetConditionMask(ULONGLONG Conditions, ULONG Mask, UCHAR Condition)
{
    Condition &= VER_CONDITION_MASK;
    if (!Mask || !Condition)
        return Conditions;
    for (ULONG bit = 8; bit--;)
        if (Mask & 1u << bit)
            return Conditions | (ULONGLONG)Condition << bit * VER_NUM_BITS_PER_CONDITION_MASK;
    return Conditions;
}

static UCHAR ConditionOf(ULONGLONG conditions, ULONG field)
{
    ULONG bit = __builtin_ctz(field);
    return conditions >> bit * VER_NUM_BITS_PER_CONDITION_MASK & VER_CONDITION_MASK;
}

static BOOL Holds(ULONG have, ULONG want, UCHAR condition)
{
    switch (condition) {
    case VER_EQUAL: return have == want;
    case VER_GREATER: return have > want;
    case VER_GREATER_EQUAL: return have >= want;
    case VER_LESS: return have < want;
    case VER_LESS_EQUAL: return have <= want;
    default: return FALSE;
    }
}

/* Major, minor and service pack count as one number: a difference in an earlier part decides. */
static BOOL VersionHolds(PRTL_OSVERSIONINFOEXW have, PRTL_OSVERSIONINFOEXW want, ULONG mask,
                         ULONGLONG conditions)
{
    const struct {
        ULONG field, have, want;
    } parts[] = {
        {VER_MAJORVERSION, have->dwMajorVersion, want->dwMajorVersion},
        {VER_MINORVERSION, have->dwMinorVersion, want->dwMinorVersion},
        {VER_SERVICEPACKMAJOR, have->wServicePackMajor, want->wServicePackMajor},
        {VER_SERVICEPACKMINOR, have->wServicePackMinor, want->wServicePackMinor},
    };
    UCHAR condition = 0;
    for (ULONG i = 0; i < LENGTH_OF(parts); i++) {
        if (!(mask & parts[i].field))
            continue;
        if (!condition)
            condition = ConditionOf(conditions, parts[i].field);
        if (parts[i].have != parts[i].want)
            return Holds(parts[i].have, parts[i].want, condition);
    }
    return !condition || Holds(0, 0, condition);
}

NTSTATUS NTAPI RtlVerifyVersionInfo(PRTL_OSVERSIONINFOEXW Version, ULONG Mask,
                                    ULONGLONG Conditions)
{
    RTL_OSVERSIONINFOEXW have = {.dwOSVersionInfoSize = sizeof have};
    if (!Mask || !Conditions)
        return STATUS_INVALID_PARAMETER;
    RtlGetVersion((PRTL_OSVERSIONINFOW)&have);
    BOOL holds = VersionHolds(&have, Version, Mask, Conditions);
    if (Mask & VER_BUILDNUMBER)
        holds &= Holds(have.dwBuildNumber, Version->dwBuildNumber,
                       ConditionOf(Conditions, VER_BUILDNUMBER));
    if (Mask & VER_PLATFORMID)
        holds &= Holds(have.dwPlatformId, Version->dwPlatformId,
                       ConditionOf(Conditions, VER_PLATFORMID));
    if (Mask & VER_PRODUCT_TYPE)
        holds &= Holds(have.wProductType, Version->wProductType,
                       ConditionOf(Conditions, VER_PRODUCT_TYPE));
    if (Mask & VER_SUITENAME)
        holds &= ConditionOf(Conditions, VER_SUITENAME) == VER_AND
                     ? (have.wSuiteMask & Version->wSuiteMask) == Version->wSuiteMask
                     : (have.wSuiteMask & Version->wSuiteMask) != 0;
    return holds ? STATUS_SUCCESS : STATUS_REVISION_MISMATCH;
}
