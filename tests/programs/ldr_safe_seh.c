/* A program with a table of safe handlers: the one in it is called, the other one is not, and the
 * process ends with the exception's code (Microsoft's /SAFESEH; Wine 8.0 has no such check). */
#include <stdio.h>
#include <windows.h>

typedef struct frame {
    struct frame *previous;
    void *handler;
} FRAME;

static EXCEPTION_DISPOSITION __cdecl handle(const char *name)
{
    printf("%s\n", name);
    return ExceptionContinueExecution;
}

EXCEPTION_DISPOSITION __cdecl listed(EXCEPTION_RECORD *record, void *frame, void *context)
{
    (void)record, (void)frame, (void)context;
    return handle("listed");
}

static EXCEPTION_DISPOSITION __cdecl stray(EXCEPTION_RECORD *record, void *frame, void *context)
{
    (void)record, (void)frame, (void)context;
    return handle("stray");
}

extern const ULONG safe_handlers[];
__asm__(".section .rdata,\"dr\"\n.globl _safe_handlers\n.p2align 2\n"
        "_safe_handlers: .rva _listed\n.text\n");

const IMAGE_LOAD_CONFIG_DIRECTORY32 _load_config_used = {
    .Size = sizeof _load_config_used,
    .SEHandlerTable = (ULONG_PTR)safe_handlers,
    .SEHandlerCount = 1,
};

static void raise_under(void *handler)
{
    FRAME frame = {(FRAME *)__readfsdword(0), handler};
    __writefsdword(0, (DWORD)&frame);
    RaiseException(0xE0000042, 0, 0, NULL);
    __writefsdword(0, (DWORD)frame.previous);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    raise_under(listed);
    printf("resumed\n");
    raise_under(stray);
    printf("unreachable\n");
    return 0;
}
