/* The order in which modules are attached and detached, and their reference counts.
 * Output recorded on Wine 8.0, which loads nameless.dll and ordinal.dll although what they import
 * is missing; errors 127 and 182 are Windows'. */
#include <stdio.h>
#include <windows.h>

__declspec(dllimport) int chain_a(void);

static DWORD WINAPI thread(void *unused)
{
    (void)unused;
    printf("thread\n");
    return 0;
}

static void run_thread(void)
{
    HANDLE handle = CreateThread(NULL, 0, thread, NULL, 0, NULL);
    WaitForSingleObject(handle, INFINITE);
    CloseHandle(handle);
}

static void try(const char *name)
{
    printf("load %s\n", name);
    SetLastError(0);
    HMODULE module = LoadLibraryA(name);
    DWORD error = GetLastError();
    printf("%s: %d", name, module != NULL);
    if (!module)
        printf(" error %lu", error);
    printf(", known %d\n", GetModuleHandleA(name) != NULL);
    if (module)
        FreeLibrary(module);
}

static void count_references(void)
{
    HMODULE first = LoadLibraryA("ring_a.dll"), second = LoadLibraryA("RING_A");
    printf("same %d, handle %d\n", first == second, GetModuleHandleA("ring_a") == first);
    int (*ask)(void) = (int (*)(void))GetProcAddress(first, "ring_a");
    printf("ring says %d\n", ask());
    run_thread();
    printf("free %d\n", FreeLibrary(first));
    printf("still there %d\n", GetModuleHandleA("ring_b") != NULL);
    printf("free %d\n", FreeLibrary(second));
    printf("still there %d %d\n", GetModuleHandleA("ring_a") != NULL,
           GetModuleHandleA("ring_b") != NULL);
    printf("again %d error %lu\n", FreeLibrary(first), GetLastError());
}

static void pinned(void)
{
    HMODULE module = GetModuleHandleA("chain_a");
    for (int i = 0; i < 5; i++)
        FreeLibrary(module);
    printf("static module stays: %d\n", GetModuleHandleA("chain_a") == module && chain_a() >= 0);
    module = LoadLibraryA("lone");
    GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_PIN, "lone", &module);
    for (int i = 0; i < 3; i++)
        FreeLibrary(module);
    printf("pinned module stays: %d\n", GetModuleHandleA("lone") == module);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("main, chain says %d\n", chain_a());
    count_references();
    pinned();
    try("refusing.dll");
    try("crashing.dll");
    try("orphan.dll");
    try("nameless.dll");
    try("ordinal.dll");
    try("text.dll");
    try("no_such_module");
    try("");
    run_thread();
    printf("end\n");
    return 0;
}
