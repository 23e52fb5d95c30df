/* 100 MB through an anonymous pipe between two threads, in blocks of argv[1] bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>

enum { TOTAL = 100 << 20 };
static HANDLE source, sink;
static DWORD block;

static DWORD WINAPI writer(void *nothing)
{
    char *data = calloc(1, block);
    DWORD done;
    (void)nothing;
    for (DWORD left = TOTAL; left; left -= done)
        if (!WriteFile(sink, data, min(left, block), &done, NULL)) return 1;
    return !CloseHandle(sink);
}

int main(int count, char **arguments)
{
    DWORD total = 0, done;
    char *data;
    block = count > 1 ? strtoul(arguments[1], NULL, 0) : 4096;
    data = malloc(block);
    if (!data || !CreatePipe(&source, &sink, NULL, 0)) return 1;
    CloseHandle(CreateThread(NULL, 0, writer, NULL, 0, NULL));
    while (ReadFile(source, data, block, &done, NULL)) total += done;
    printf("%lu\n", total);
    return total != TOTAL;
}
