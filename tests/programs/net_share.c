/* Sockets in other processes: as standard handles, and duplicated. Recorded on Wine 8.0 (native
 * i386). */
#include "net.h"

static HANDLE run(const char *how, HANDLE input, HANDLE output, DWORD *id)
{
    char line[MAX_PATH + 20], path[MAX_PATH];
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process = {0};
    startup.hStdInput = input;
    startup.hStdOutput = startup.hStdError = output;
    GetModuleFileNameA(NULL, path, sizeof path);
    snprintf(line, sizeof line, "\"%s\" %s", path, how);
    if (!CreateProcessA(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process))
        printf("no child: %lu\n", GetLastError());
    CloseHandle(process.hThread);
    *id = process.dwProcessId;
    return process.hProcess;
}

static int end(HANDLE process)
{
    DWORD code = 0;
    WaitForSingleObject(process, INFINITE);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return (int)code;
}

/* Only a socket that is not overlapped can be read and written like a file. */
static void standard_handles(void)
{
    int port;
    DWORD id;
    char data[50];
    SOCKET listener = listen_loopback(&port), mine;
    SOCKET given = WSASocketA(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0);
    SHOW(connect_loopback(given, port));
    mine = accept(listener, NULL, NULL);
    send(mine, "to the child\n", 13, 0);
    SHOW(end(run("echo", (HANDLE)given, (HANDLE)given, &id)));
    closesocket(given);
    for (int got; (got = recv(mine, data, sizeof data, 0)) > 0;) printf("%.*s", got, data);
    closesocket(mine);
    closesocket(listener);
}

static void duplicated(void)
{
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    WSAPROTOCOL_INFOA info;
    HANDLE readable, writable, child;
    SOCKET a, b;
    DWORD id, size;
    char data[50];
    int got;
    make_pair(&a, &b);
    CreatePipe(&readable, &writable, &inherited, 0);
    SetHandleInformation(writable, HANDLE_FLAG_INHERIT, 0);
    child = run("take", readable, GetStdHandle(STD_OUTPUT_HANDLE), &id);
    SHOW(WSADuplicateSocketA(b, id, &info));
    WriteFile(writable, &info, sizeof info, &size, NULL);
    closesocket(b);
    SHOW(end(child));
    got = recv(a, data, sizeof data, 0);
    printf("\"%.*s\"\n", got, data);
    SHOW(recv(a, data, sizeof data, 0));
}

static int echo(void)
{
    char line[50];
    if (!fgets(line, sizeof line, stdin)) return 1;
    printf("child got %s", line);
    return 7;
}

static int take(void)
{
    WSAPROTOCOL_INFOA info;
    DWORD size;
    WSABUF buffer = {9, "from afar"};
    SOCKET s;
    ReadFile(GetStdHandle(STD_INPUT_HANDLE), &info, sizeof info, &size, NULL);
    s = WSASocketA(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0);
    if (s == INVALID_SOCKET) return 1;
    WSASend(s, &buffer, 1, &size, 0, NULL, NULL);
    closesocket(s);
    return (int)size;
}

int main(int argc, char **argv)
{
    start();
    if (argc > 1) return argv[1][0] == 'e' ? echo() : take();
    standard_handles();
    duplicated();
    return 0;
}
