/* Symbols of exported functions, and a walk over the program's own stack. */
#include <windows.h>
#include <dbghelp.h>
#include <stdio.h>

static void name(HANDLE process, DWORD_PTR address)
{
    union {
        SYMBOL_INFO info;
        char room[sizeof(SYMBOL_INFO) + 64];
    } place;
    SYMBOL_INFO *symbol = &place.info;
    DWORD64 distance = 99;
    BOOL found;
    symbol->SizeOfStruct = sizeof *symbol;
    symbol->MaxNameLen = 64;
    found = SymFromAddr(process, address, &distance, symbol);
    if (found) printf("%s + %d\n", symbol->Name, (int)distance);
    else printf("none %d\n", GetLastError() != 0);
}

static __attribute__((noinline)) int walk(int depth)
{
    STACKFRAME64 frame = {0};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    int frames = 0;
    if (depth) return walk(depth - 1) + 1;
    RtlCaptureContext(&context);
    frame.AddrPC.Offset = context.Eip;
    frame.AddrFrame.Offset = context.Ebp;
    frame.AddrStack.Offset = context.Esp;
    frame.AddrPC.Mode = frame.AddrFrame.Mode = frame.AddrStack.Mode = AddrModeFlat;
    while (frames < 50 && StackWalk64(IMAGE_FILE_MACHINE_I386, GetCurrentProcess(),
               GetCurrentThread(), &frame, &context, NULL, SymFunctionTableAccess64,
               SymGetModuleBase64, NULL))
        frames++;
    printf("walked %d\n", frames > 6 && frames < 50);
    return 0;
}

int main(void)
{
    HANDLE process = GetCurrentProcess();
    HMODULE kernel32 = GetModuleHandleA("kernel32.dll");
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof line};
    DWORD offset;
    printf("%d\n", SymCleanup(process));
    printf("%lx\n", SymSetOptions(SYMOPT_UNDNAME | SYMOPT_DEFERRED_LOADS));
    printf("%d\n", SymInitialize(process, NULL, TRUE));
    name(process, (DWORD_PTR)GetProcAddress(kernel32, "CreateFileA"));
    name(process, 16);
    printf("%d\n", SymGetModuleBase64(process, (DWORD_PTR)GetProcAddress(kernel32, "Sleep")) != 0);
    printf("%d\n", SymGetLineFromAddr64(process, 16, &offset, &line));
    walk(5);
    printf("%d\n", SymCleanup(process));
    return 0;
}
