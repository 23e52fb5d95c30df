/* Named pipes as their documentation has them: modes, waiting, transactions, ends that go. */
#include <stdio.h>
#include <windows.h>

#define NAME "\\\\.\\pipe\\picorun test"

static const char *error(BOOL done)
{
    static char text[16];
    snprintf(text, sizeof text, "%lu", done ? 0 : GetLastError());
    return text;
}

static HANDLE server(DWORD open, DWORD mode, DWORD instances, DWORD size)
{
    return CreateNamedPipeA(NAME, open, mode, instances, size, size, 100, NULL);
}

static HANDLE client(DWORD access, DWORD flags)
{
    return CreateFileA(NAME, access, 0, NULL, OPEN_EXISTING, flags, NULL);
}

static void opening(void)
{
    HANDLE first, second, end;
    printf("wait without a pipe: %s\n", error(WaitNamedPipeA(NAME, 10)));
    first = server(PIPE_ACCESS_INBOUND, PIPE_TYPE_BYTE, 2, 64);
    second = server(PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE, 2, 64);
    printf("another direction: %s\n", error(second != INVALID_HANDLE_VALUE));
    second = server(PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE, PIPE_TYPE_BYTE, 2, 64);
    printf("the first instance: %s\n", error(second != INVALID_HANDLE_VALUE));
    if (second != INVALID_HANDLE_VALUE) CloseHandle(second);
    end = client(GENERIC_READ, 0);
    printf("reading from an inbound pipe: %s\n", error(end != INVALID_HANDLE_VALUE));
    end = client(GENERIC_WRITE, 0);
    printf("writing to it: %s\n", error(end != INVALID_HANDLE_VALUE));
    second = client(GENERIC_WRITE, 0);
    printf("no instance is free: %s\n", error(second != INVALID_HANDLE_VALUE));
    printf("wait for one: %s\n", error(WaitNamedPipeA(NAME, 10)));
    printf("a name without the prefix: %s\n",
        error(CreateNamedPipeA("pipe", 3, 0, 1, 0, 0, 0, NULL) != INVALID_HANDLE_VALUE));
    CloseHandle(first);
    CloseHandle(end);
}

static void messages(void)
{
    HANDLE pipe = server(PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 256);
    HANDLE end = client(GENERIC_READ | GENERIC_WRITE, 0);
    DWORD done, mode = PIPE_READMODE_MESSAGE, read, available, left, instances;
    char text[64];
    WriteFile(end, "one", 3, &done, NULL);
    WriteFile(end, "", 0, &done, NULL);
    WriteFile(end, "three", 5, &done, NULL);
    PeekNamedPipe(pipe, text, 2, &read, &available, &left);
    printf("peek: %lu read, %lu available, %lu left\n", read, available, left);
    for (int i = 0; i < 4; i++) {
        const char *code = error(ReadFile(pipe, text, 2, &done, NULL));
        printf("read: %s, %lu bytes\n", code, done);
    }
    printf("bytes: %s", error(ReadFile(pipe, text, sizeof text, &done, NULL)));
    printf(" \"%.*s\"\n", (int)done, text);
    SetNamedPipeHandleState(end, &mode, NULL, NULL);
    GetNamedPipeHandleStateA(end, &mode, &instances, NULL, NULL, NULL, 0);
    printf("mode %#lx, %lu instance\n", mode, instances);
    WriteFile(pipe, "too early", 9, &done, NULL);
    printf("a transaction with data waiting: %s\n",
        error(TransactNamedPipe(end, "?", 1, text, 9, &done, NULL)));
    CloseHandle(end);
    printf("write to nobody: %s\n", error(WriteFile(pipe, "x", 1, &done, NULL)));
    printf("read from nobody: %s\n", error(ReadFile(pipe, text, 1, &done, NULL)));
    printf("listen: %s\n", error(ConnectNamedPipe(pipe, NULL)));
    printf("disconnect: %s\n", error(DisconnectNamedPipe(pipe)));
    printf("again: %s\n", error(DisconnectNamedPipe(pipe)));
    CloseHandle(pipe);
}

static DWORD WINAPI answer(void *pipe)
{
    char text[64];
    DWORD done;
    BOOL connected = ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED;
    ReadFile(pipe, text, sizeof text, &done, NULL);
    printf("server: connected %d, \"%.*s\"\n", connected, (int)done, text);
    WriteFile(pipe, "an answer", 9, &done, NULL);
    printf("flushed: %s\n", error(FlushFileBuffers(pipe)));
    DisconnectNamedPipe(pipe);
    return 0;
}

static void calling(void)
{
    HANDLE pipe = server(PIPE_ACCESS_DUPLEX, PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 1, 256);
    HANDLE thread = CreateThread(NULL, 0, answer, pipe, 0, NULL);
    char text[64];
    DWORD done = 0;
    BOOL called = CallNamedPipeA(NAME, "a question", 10, text, sizeof text, &done, 1000);
    WaitForSingleObject(thread, INFINITE);
    printf("called: %d, \"%.*s\"\n", called, (int)done, text);
    CloseHandle(pipe);
}

static void overlapped(void)
{
    HANDLE pipe = server(PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1, 10), end;
    OVERLAPPED first = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    OVERLAPPED second = {.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL)};
    char text[64];
    DWORD done;
    printf("listen: %s\n", error(ConnectNamedPipe(pipe, &first)));
    end = client(GENERIC_READ | GENERIC_WRITE, 0);
    printf("connected: %s\n", error(GetOverlappedResult(pipe, &first, &done, FALSE)));
    printf("write 15 into 10: %s\n", error(WriteFile(pipe, "fifteen letters", 15, NULL, &first)));
    printf("and 1: %s\n", error(WriteFile(pipe, "!", 1, NULL, &second)));
    ReadFile(end, text, 4, &done, NULL);
    printf("4 read: %s\n", error(GetOverlappedResult(pipe, &first, &done, FALSE)));
    ReadFile(end, text, 1, &done, NULL);
    printf("5 read: %s\n", error(GetOverlappedResult(pipe, &first, &done, FALSE)));
    printf("the other: %s\n", error(GetOverlappedResult(pipe, &second, &done, FALSE)));
    printf("cancel it: %s\n", error(CancelIoEx(pipe, &second)));
    printf("cancelled: %s\n", error(GetOverlappedResult(pipe, &second, &done, TRUE)));
    ReadFile(end, text, sizeof text, &done, NULL);
    printf("left: \"%.*s\"\n", (int)done, text);
    ReadFile(pipe, text, 5, NULL, &first);
    WriteFile(end, "abc", 3, &done, NULL);
    GetOverlappedResult(pipe, &first, &done, TRUE);
    printf("read what there was: \"%.*s\"\n", (int)done, text);
    ReadFile(pipe, text, 5, NULL, &first);
    CloseHandle(end);
    printf("the client goes: %s\n", error(GetOverlappedResult(pipe, &first, &done, TRUE)));
    CloseHandle(pipe);
}

static void unbuffered(void)
{
    HANDLE pipe = server(PIPE_ACCESS_OUTBOUND, PIPE_TYPE_MESSAGE | PIPE_NOWAIT, 1, 8);
    HANDLE end;
    char text[16];
    DWORD done;
    printf("nobody yet: %s\n", error(ConnectNamedPipe(pipe, NULL)));
    end = client(GENERIC_READ | FILE_WRITE_ATTRIBUTES, 0);
    printf("fits: %s", error(WriteFile(pipe, "eight...", 8, &done, NULL)));
    printf(", %lu\n", done);
    printf("does not: %s", error(WriteFile(pipe, "x", 1, &done, NULL)));
    printf(", %lu\n", done);
    ReadFile(end, text, sizeof text, &done, NULL);
    printf("read: %lu\n", done);
    CloseHandle(end);
    CloseHandle(pipe);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    opening();
    messages();
    calling();
    overlapped();
    unbuffered();
    return 0;
}
