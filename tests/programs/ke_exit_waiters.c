/* A process exits while threads that have just been made wait for the loader lock behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

static NTSTATUS(NTAPI *lock_loader)(ULONG flags, ULONG *state, ULONG_PTR *cookie);
static NTSTATUS(NTAPI *unlock_loader)(ULONG flags, ULONG_PTR cookie);

static DWORD WINAPI hold_lock(void *unused) {
    ULONG_PTR cookie;
    (void)unused;
    lock_loader(0, NULL, &cookie);
    Sleep(200);
    unlock_loader(0, cookie);
    Sleep(INFINITE);
    return 0;
}

static DWORD WINAPI nothing(void *unused) {
    (void)unused;
    return 0;
}

static DWORD WINAPI make_threads(void *unused) {
    (void)unused;
    Sleep(100);
    for (int i = 0; i < 8; i++)
        CreateThread(NULL, 0, nothing, NULL, 0, NULL);
    Sleep(INFINITE);
    return 0;
}

static void at_exit(void) {
    for (int i = 0; i < 100; i++)
        free(malloc(1000));
    puts("the end");
}

int main(void) {
    HMODULE ntdll = GetModuleHandleW(L"ntdll");
    lock_loader = (void *)GetProcAddress(ntdll, "LdrLockLoaderLock");
    unlock_loader = (void *)GetProcAddress(ntdll, "LdrUnlockLoaderLock");
    atexit(at_exit);
    CreateThread(NULL, 0, make_threads, NULL, 0, NULL);
    CreateThread(NULL, 0, hold_lock, NULL, 0, NULL);
    Sleep(50);
    return 7;
}
