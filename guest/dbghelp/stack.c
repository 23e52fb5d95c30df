/* Walking a stack by its frame pointers, which is all that code without symbols tells. */
#include "symbols.h"

static BOOL read(HANDLE process, DWORD64 address, PVOID buffer, DWORD size,
    PREAD_PROCESS_MEMORY_ROUTINE64 reader)
{
    SIZE_T count = 0;
    DWORD done = 0;
    if (reader) return reader(process, address, buffer, size, &done) && done == size;
    return ReadProcessMemory(process, (LPCVOID)(ULONG_PTR)address, buffer, size, &count) &&
           count == size;
}

static void set_address(ADDRESS64 *address, DWORD64 value)
{
    address->Offset = value;
    address->Mode = AddrModeFlat;
    address->Segment = 0;
}

/* The first call reports the frame that the caller has filled in. */
BOOL WINAPI StackWalk64(DWORD machine, HANDLE process, HANDLE thread, LPSTACKFRAME64 frame,
    PVOID context, PREAD_PROCESS_MEMORY_ROUTINE64 reader, PFUNCTION_TABLE_ACCESS_ROUTINE64 tables,
    PGET_MODULE_BASE_ROUTINE64 bases, PTRANSLATE_ADDRESS_ROUTINE64 translate)
{
    struct {
        DWORD next, back, arguments[4];
    } words;
    (void)thread, (void)context, (void)tables, (void)bases, (void)translate;
    if (machine != IMAGE_FILE_MACHINE_I386 || !frame) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    if (frame->Virtual) {
        if (!frame->AddrReturn.Offset) return FALSE;
        set_address(&frame->AddrPC, frame->AddrReturn.Offset);
        set_address(&frame->AddrStack, frame->AddrFrame.Offset + 2 * sizeof(DWORD));
        if (!read(process, frame->AddrFrame.Offset, &words.next, sizeof words.next, reader))
            return FALSE;
        if (words.next <= frame->AddrFrame.Offset) return FALSE;
        set_address(&frame->AddrFrame, words.next);
    }
    frame->Virtual = TRUE;
    if (!read(process, frame->AddrFrame.Offset, &words, sizeof words, reader))
        memset(&words, 0, sizeof words);
    set_address(&frame->AddrReturn, words.back);
    for (int i = 0; i < 4; i++) frame->Params[i] = words.arguments[i];
    return TRUE;
}
