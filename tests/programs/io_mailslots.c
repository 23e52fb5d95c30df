/* Mailslots: messages of many writers, time-outs, limits. */
#include <stdio.h>
#include <windows.h>

#define NAME "\\\\.\\mailslot\\picorun\\test"

static const char *error(BOOL done)
{
    static char text[16];
    snprintf(text, sizeof text, "%lu", done ? 0 : GetLastError());
    return text;
}

static void show(HANDLE slot)
{
    DWORD most, next, count, timeout;
    GetMailslotInfo(slot, &most, &next, &count, &timeout);
    printf("at most %lu, next %ld, %lu messages, time-out %ld\n", most, (LONG)next, count,
        (LONG)timeout);
}

static DWORD WINAPI writer(void *end)
{
    DWORD done;
    Sleep(50);
    WriteFile(end, "late", 4, &done, NULL);
    return 0;
}

int main(void)
{
    HANDLE slot, first, second;
    char text[64];
    DWORD done;
    setvbuf(stdout, NULL, _IONBF, 0);
    printf("a writer without a slot: %s\n",
        error(CreateFileA(NAME, GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL) != (HANDLE)-1));
    printf("a wrong name: %s\n", error(CreateMailslotA("slot", 0, 0, NULL) != (HANDLE)-1));
    slot = CreateMailslotA(NAME, 10, 0, NULL);
    show(slot);
    printf("another owner: %s\n", error(CreateMailslotA(NAME, 0, 0, NULL) != (HANDLE)-1));
    printf("nothing to read: %s\n", error(ReadFile(slot, text, 9, &done, NULL)));
    first = CreateFileA(NAME, GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
    second = CreateFileA(NAME, GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
    WriteFile(first, "one", 3, &done, NULL);
    WriteFile(second, "", 0, &done, NULL);
    WriteFile(second, "three", 5, &done, NULL);
    printf("too long: %s\n", error(WriteFile(first, "eleven chars", 11, &done, NULL)));
    show(slot);
    printf("too short a buffer: %s\n", error(ReadFile(slot, text, 2, &done, NULL)));
    for (int i = 0; i < 3; i++) {
        const char *code = error(ReadFile(slot, text, sizeof text, &done, NULL));
        printf("read: %s, \"%.*s\"\n", code, (int)done, text);
    }
    printf("the owner writes: %s\n", error(WriteFile(slot, "x", 1, &done, NULL)));
    SetMailslotInfo(slot, MAILSLOT_WAIT_FOREVER);
    show(slot);
    CloseHandle(CreateThread(NULL, 0, writer, first, 0, NULL));
    printf("waited: %s", error(ReadFile(slot, text, sizeof text, &done, NULL)));
    printf(" \"%.*s\"\n", (int)done, text);
    SetMailslotInfo(slot, 100);
    done = GetTickCount();
    printf("timed out: %s", error(ReadFile(slot, text, sizeof text, NULL, NULL)));
    printf(", soon enough: %d\n", GetTickCount() - done >= 90);
    CloseHandle(slot);
    printf("no slot any more: %s\n",
        error(CreateFileA(NAME, GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL) != (HANDLE)-1));
    return 0;
}
