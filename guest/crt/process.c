/* Child processes: _spawn, _exec, _cwait, system, _popen. */
#include "crt.h"

enum { P_WAIT, P_NOWAIT, P_OVERLAY, P_NOWAITO, P_DETACH };

int _getpid(void)
{
    return (int)GetCurrentProcessId();
}

/* Arguments joined by blanks, as the reference says: quoting is the caller's business. */
static wchar_t *joined(const wchar_t *const *arguments)
{
    size_t size = 1;
    wchar_t *line;

    for (size_t i = 0; arguments[i]; i++)
        size += wcslen(arguments[i]) + 1;
    line = malloc(size * sizeof *line);
    if (!line)
        return NULL;
    *line = 0;
    for (size_t i = 0; arguments[i]; i++) {
        if (i)
            wcscat(line, L" ");
        wcscat(line, arguments[i]);
    }
    return line;
}

static wchar_t *block(const wchar_t *const *environment)
{
    size_t size = 2;
    wchar_t *all, *at;

    if (!environment)
        return NULL;
    for (size_t i = 0; environment[i]; i++)
        size += wcslen(environment[i]) + 1;
    at = all = calloc(size, sizeof *all);
    for (size_t i = 0; all && environment[i]; i++) {
        wcscpy(at, environment[i]);
        at += wcslen(at) + 1;
    }
    return all;
}

/* The descriptors that a child of the same runtime finds open, see crt_fds_start. */
static uchar *inherited(WORD *size)
{
    int count = 0;
    uchar *data;

    for (int i = 0; i < FD_LIMIT && crt_fd_slot(i); i++)
        if (crt_fd_slot(i)->flags & FD_OPEN && !(crt_fd_slot(i)->flags & FD_NOINHERIT))
            count = i + 1;
    *size = (WORD)(sizeof count + (size_t)count * 5);
    data = calloc(1, *size);
    if (!data)
        return NULL;
    memcpy(data, &count, sizeof count);
    for (int i = 0; i < count; i++) {
        struct fd *f = crt_fd_slot(i);
        bool given = f->flags & FD_OPEN && !(f->flags & FD_NOINHERIT);
        HANDLE handle = given ? f->handle : INVALID_HANDLE_VALUE;

        data[sizeof count + (size_t)i] = given ? f->flags : 0;
        memcpy(data + sizeof count + (size_t)count + (size_t)i * 4, &handle, 4);
    }
    return data;
}

static bool start(int mode, const wchar_t *path, wchar_t *line, wchar_t *environment,
                  PROCESS_INFORMATION *process)
{
    STARTUPINFOW how = {.cb = sizeof how};
    bool ok;

    how.lpReserved2 = inherited(&how.cbReserved2);
    if (!how.lpReserved2)
        return false;
    ok = CreateProcessW(path, line, NULL, NULL, TRUE,
                        CREATE_UNICODE_ENVIRONMENT | (mode == P_DETACH ? DETACHED_PROCESS : 0),
                        environment, NULL, &how, process);
    if (!ok)
        crt_set_os_error(GetLastError());
    free(how.lpReserved2);
    return ok;
}

static intptr_t run(int mode, const wchar_t *path, wchar_t *line, wchar_t *environment)
{
    PROCESS_INFORMATION process;
    DWORD code;

    if (!start(mode, path, line, environment, &process))
        return -1;
    CloseHandle(process.hThread);
    if (mode == P_OVERLAY)
        _exit(0);
    if (mode == P_NOWAIT || mode == P_NOWAITO)
        return (intptr_t)process.hProcess;
    code = 0;
    if (mode == P_WAIT) {
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &code);
    }
    CloseHandle(process.hProcess);
    return (intptr_t)code;
}

/* The file that a name without extension means, along PATH when `search`; NULL with ENOENT. */
static wchar_t *program(const wchar_t *name, bool search)
{
    static const wchar_t *const kinds[] = {L".com", L".exe", L".bat", L".cmd", NULL};
    wchar_t *found = malloc(MAX_PATH * sizeof *found);
    const wchar_t *base = name, *dot;
    const wchar_t *folders = search && !wcspbrk(name, L"\\/:") ? NULL : L".";

    if (!found)
        return NULL;
    for (const wchar_t *at = name; *at; at++)
        if (*at == '\\' || *at == '/')
            base = at + 1;
    dot = wcsrchr(base, '.');
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (!kinds[i] != (dot != NULL))       /* a name with an extension is taken as it is */
            continue;
        if (SearchPathW(folders, name, kinds[i], MAX_PATH, found, NULL))
            return found;
    }
    if (!dot && SearchPathW(folders, name, NULL, MAX_PATH, found, NULL))
        return found;
    free(found);
    errno = ENOENT;
    return NULL;
}

intptr_t crt_spawn(int mode, const wchar_t *path, const wchar_t *const *arguments,
                   const wchar_t *const *environment, bool search)
{
    wchar_t *line, *variables, *file;
    intptr_t result = -1;

    if (!path || !*path || !arguments || !arguments[0] || mode < 0 || mode > P_DETACH)
        return crt_invalid(EINVAL), -1;
    file = program(path, search);
    if (!file)
        return -1;
    line = joined(arguments);
    variables = block(environment);
    crt_streams_flush();
    if (line && (variables || !environment))
        result = run(mode, file, line, variables);
    free(line);
    free(variables);
    free(file);
    return result;
}

intptr_t _cwait(int *status, intptr_t process, int action)
{
    DWORD code = 0;

    UNUSED(action);
    if (!process || process == -1 ||
        WaitForSingleObject((HANDLE)process, INFINITE) != WAIT_OBJECT_0) {
        errno = ECHILD;
        return -1;
    }
    GetExitCodeProcess((HANDLE)process, &code);
    CloseHandle((HANDLE)process);
    if (status)
        *status = (int)code;
    return process;
}

static wchar_t *shell_line(const wchar_t *command)
{
    const wchar_t *shell = _wgetenv(L"COMSPEC");
    wchar_t *line;

    shell = shell ? shell : L"cmd.exe";
    line = malloc((wcslen(shell) + wcslen(command) + 8) * sizeof *line);
    if (!line)
        return NULL;
    wcscpy(line, shell);
    wcscat(line, L" /c ");
    return wcscat(line, command);
}

int _wsystem(const wchar_t *command)
{
    wchar_t *line;
    int result;

    if (!command) {
        const wchar_t *shell = _wgetenv(L"COMSPEC");
        return shell && !_waccess(shell, 0);
    }
    line = shell_line(command);
    if (!line)
        return -1;
    crt_streams_flush();
    result = (int)run(P_WAIT, NULL, line, NULL);
    free(line);
    return result;
}

int system(const char *command)
{
    wchar_t *wide = command ? crt_widen(command) : NULL;
    int result = _wsystem(wide);

    free(wide);
    return result;
}

static struct {
    FILE *stream;
    HANDLE process;
} children[64];

static bool remember(FILE *f, HANDLE process)
{
    bool stored = false;

    _lock(LOCK_POPEN);
    for (size_t i = 0; i < COUNT_OF(children) && !stored; i++)
        if (!children[i].stream) {
            children[i].stream = f;
            children[i].process = process;
            stored = true;
        }
    _unlock(LOCK_POPEN);
    return stored;
}

FILE *_wfdopen(int fd, const wchar_t *mode);

/* Starts the shell with one end of the pipe as its standard input or output. */
static HANDLE shell_with(int fd, int standard, const wchar_t *command)
{
    wchar_t *line = shell_line(command);
    int kept = _dup(standard);
    PROCESS_INFORMATION process = {0};
    bool ok = false;

    if (line && _dup2(fd, standard) == 0)
        ok = start(P_NOWAIT, NULL, line, NULL, &process);
    if (kept >= 0) {
        _dup2(kept, standard);
        _close(kept);
    } else {
        _close(standard);
    }
    free(line);
    if (!ok)
        return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

FILE *_wpopen(const wchar_t *command, const wchar_t *mode)
{
    int fds[2], ours, theirs, kind = 0;
    HANDLE process;
    FILE *f;

    if (!command || !mode || (*mode != 'r' && *mode != 'w')) {
        crt_invalid(EINVAL);
        return NULL;
    }
    kind = wcschr(mode, 'b') ? O_BINARY_ : wcschr(mode, 't') ? O_TEXT_ : 0;
    if (_pipe(fds, 1024, kind | O_NOINHERIT_))
        return NULL;
    ours = *mode == 'r' ? 0 : 1;
    theirs = 1 - ours;
    f = _wfdopen(fds[ours], mode);
    process = f ? shell_with(fds[theirs], *mode == 'r' ? 1 : 0, command) : NULL;
    _close(fds[theirs]);
    if (process && remember(f, process))
        return f;
    if (f)
        fclose(f);
    return NULL;
}

FILE *_popen(const char *command, const char *mode)
{
    wchar_t *wide = command ? crt_widen(command) : NULL, *how = mode ? crt_widen(mode) : NULL;
    FILE *f = _wpopen(wide, how);

    free(wide);
    free(how);
    return f;
}

int _pclose(FILE *f)
{
    HANDLE process = NULL;
    int status = -1;

    if (!f)
        return crt_invalid(EINVAL), -1;
    _lock(LOCK_POPEN);
    for (size_t i = 0; i < COUNT_OF(children); i++)
        if (children[i].stream == f) {
            process = children[i].process;
            children[i].stream = NULL;
        }
    _unlock(LOCK_POPEN);
    if (!process)
        return -1;
    fclose(f);
    return _cwait(&status, (intptr_t)process, 0) < 0 ? -1 : status;
}
