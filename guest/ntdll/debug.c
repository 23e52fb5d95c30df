/* Debug output: to a debugger if there is one, else dropped. */
#include "ntdll.h"

#define DEBUG_PRINT 1

ULONG NTAPI vDbgPrintEx(ULONG Component, ULONG Level, PCSTR Format, va_list Arguments)
{
    CHAR text[512];
    (void)Component;
    (void)Level;
    if (!NtPeb()->BeingDebugged)
        return STATUS_SUCCESS;
    int length = _vsnprintf(text, sizeof text, Format, Arguments);
    if (length < 0 || length > (int)sizeof text)
        length = sizeof text;
    DebugService(DEBUG_PRINT, text, (ULONG)length);
    return STATUS_SUCCESS;
}

ULONG NTAPI vDbgPrintExWithPrefix(PCSTR Prefix, ULONG Component, ULONG Level, PCSTR Format,
                                  va_list Arguments)
{
    CHAR text[512];
    size_t length = strlen(Prefix);
    if (length >= sizeof text)
        length = sizeof text - 1;
    memcpy(text, Prefix, length);
    int rest = _vsnprintf(text + length, sizeof text - length, Format, Arguments);
    if (rest < 0)
        text[sizeof text - 1] = 0;
    return DbgPrintEx(Component, Level, "%s", text);
}

ULONG CDECL DbgPrint(PCSTR Format, ...)
{
    va_list arguments;
    va_start(arguments, Format);
    ULONG status = vDbgPrintEx(0, 0, Format, arguments);
    va_end(arguments);
    return status;
}

ULONG CDECL DbgPrintEx(ULONG Component, ULONG Level, PCSTR Format, ...)
{
    va_list arguments;
    va_start(arguments, Format);
    ULONG status = vDbgPrintEx(Component, Level, Format, arguments);
    va_end(arguments);
    return status;
}

VOID NTAPI RtlAssert(PVOID Assertion, PVOID File, ULONG Line, PSTR Message)
{
    DbgPrint("Assertion failed: %s%s, %s line %u\n", Message ? Message : "", (PSTR)Assertion,
             (PSTR)File, Line);
    if (NtPeb()->BeingDebugged)
        DbgBreakPoint();
    RtlRaiseStatus(STATUS_ASSERTION_FAILURE);
}
