/* Debug objects and the events that they report. */
#pragma once
#include "nt.h"

typedef struct {
    ULONG NewState;
    CLIENT_ID AppClientId;
    union {
        struct {
            EXCEPTION_RECORD Record;
            ULONG FirstChance;
        } Exception;
        struct {
            HANDLE Thread;
            ULONG SubSystemKey;
            PVOID Start;
        } CreateThread;
        struct {
            HANDLE Process, Thread;
            ULONG SubSystemKey;
            HANDLE File;
            PVOID Base;
            ULONG DebugInfoFileOffset, DebugInfoSize;
            ULONG ThreadSubSystemKey;
            PVOID Start;
        } CreateProcess;
        NTSTATUS ExitStatus; /* of a thread or a process */
        struct {
            HANDLE File;
            PVOID Base;
            ULONG DebugInfoFileOffset, DebugInfoSize;
            PVOID Name;
        } LoadDll;
        PVOID UnloadedBase;
    };
} DBGUI_WAIT_STATE_CHANGE, *PDBGUI_WAIT_STATE_CHANGE;
_Static_assert(sizeof(DBGUI_WAIT_STATE_CHANGE) == 0x60, "layout");

NTSTATUS NTAPI NtCreateDebugObject(PHANDLE Object, ACCESS_MASK Access,
    POBJECT_ATTRIBUTES Attributes, ULONG Flags);
NTSTATUS NTAPI NtDebugActiveProcess(HANDLE Process, HANDLE Object);
NTSTATUS NTAPI NtRemoveProcessDebug(HANDLE Process, HANDLE Object);
NTSTATUS NTAPI NtWaitForDebugEvent(HANDLE Object, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
    PDBGUI_WAIT_STATE_CHANGE Change);
NTSTATUS NTAPI NtDebugContinue(HANDLE Object, PCLIENT_ID Client, NTSTATUS Status);
NTSTATUS NTAPI NtSetInformationDebugObject(HANDLE Object, ULONG Class, PVOID Buffer, ULONG Length,
    PULONG Returned);

NTSTATUS NTAPI DbgUiConnectToDbg(void);
HANDLE NTAPI DbgUiGetThreadDebugObject(void);
VOID NTAPI DbgUiSetThreadDebugObject(HANDLE Object);
NTSTATUS NTAPI DbgUiIssueRemoteBreakin(HANDLE Process);
NTSTATUS NTAPI DbgUiStopDebugging(HANDLE Process);
NTSTATUS NTAPI DbgUiDebugActiveProcess(HANDLE Process);
NTSTATUS NTAPI DbgUiWaitStateChange(PDBGUI_WAIT_STATE_CHANGE Change, PLARGE_INTEGER Timeout);
NTSTATUS NTAPI DbgUiContinue(PCLIENT_ID Client, NTSTATUS Status);
NTSTATUS NTAPI DbgUiConvertStateChangeStructure(PDBGUI_WAIT_STATE_CHANGE Change,
    LPDEBUG_EVENT Event);
