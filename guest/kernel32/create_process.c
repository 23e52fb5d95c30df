/* CreateProcess: finds the program, makes the process parameters, asks NtCreateUserProcess. */
#include "debugger.h"
#include "io.h"
#include "subsystem.h"

#define MOST_ATTRIBUTES 16
struct ps_attribute {
    ULONG_PTR attribute;
    SIZE_T size;
    ULONG_PTR value;
    SIZE_T *returned;
};
struct ps_attributes {
    SIZE_T total;
    struct ps_attribute rows[MOST_ATTRIBUTES];
};
#define PS_ATTRIBUTE_CLIENT_ID 0x10003
#define PS_ATTRIBUTE_IMAGE_NAME 0x20005
#define PS_ATTRIBUTE_HANDLE_LIST 0x2000B
#define PS_ATTRIBUTE_GROUP_AFFINITY 0x3000C
#define PS_ATTRIBUTE_PREFERRED_NODE 0x2000D
#define PS_ATTRIBUTE_IDEAL_PROCESSOR 0x3000E
#define PS_ATTRIBUTE_MITIGATION_OPTIONS 0x20010
#define PS_ATTRIBUTE_PRIORITY_CLASS 0x20008
#define PS_ATTRIBUTE_ERROR_MODE 0x20009
#define PS_ATTRIBUTE_JOB_LIST 0x20013
#define PS_ATTRIBUTE_CHILD_PROCESS_POLICY 0x20014
#define PS_ATTRIBUTE_PARENT_PROCESS 0x60000
#define PS_ATTRIBUTE_DEBUG_OBJECT 0x60001
#define PROCESS_CREATE_FLAGS_BREAKAWAY 1
#define PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT 2
#define PROCESS_CREATE_FLAGS_INHERIT_HANDLES 4
#define THREAD_CREATE_FLAGS_CREATE_SUSPENDED 1
#define IFEO_SKIP_DEBUGGER 4
#define PS_CREATE_FAIL_EXE_NAME 5
struct create_info {
    SIZE_T size;
    ULONG state;
    union {
        ULONG flags;
        HANDLE handle;
    } detail;
    ULONG rest[15];
};
_Static_assert(sizeof(struct create_info) == 0x48, "layout");

static BOOL is_file(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

static BOOL search_program(const WCHAR *name, WCHAR *path)
{
    return SearchPathW(NULL, name, L".exe", MAX_PATH, path, NULL) && is_file(path);
}

/* The documented ambiguity of `c:\program files\sub dir\name`: each blank may end the name. */
static BOOL program_of(const WCHAR *command, WCHAR *path)
{
    WCHAR name[MAX_PATH];
    SIZE_T length = 0;
    if (*command == '"') {
        const WCHAR *end = wcschr(++command, '"');
        length = end ? (SIZE_T)(end - command) : wcslen(command);
        if (length >= MAX_PATH) return set_error(ERROR_FILE_NOT_FOUND);
        wide_out(command, (DWORD)length, name, MAX_PATH);
        return search_program(name, path) || set_error(ERROR_FILE_NOT_FOUND);
    }
    for (;; length++) {
        while (command[length] && command[length] != ' ' && command[length] != '\t') length++;
        if (length >= MAX_PATH) break;
        wide_out(command, (DWORD)length, name, MAX_PATH);
        if (length && search_program(name, path)) return TRUE;
        if (!command[length]) break;
    }
    return set_error(ERROR_FILE_NOT_FOUND);
}

/* An ANSI environment block as UTF-16, from the heap. */
static WCHAR *wide_environment(const char *block)
{
    const char *end = block;
    WCHAR *wide;
    int count, size;
    while (*end) end += strlen(end) + 1;
    size = (int)(end - block) + 1;
    count = MultiByteToWideChar(CP_ACP, 0, block, size, NULL, 0);
    wide = allocate((SIZE_T)count * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, block, size, wide, count);
    return wide;
}

static void fill_parameters(PRTL_USER_PROCESS_PARAMETERS parameters, const STARTUPINFOW *info,
    DWORD flags)
{
    PRTL_USER_PROCESS_PARAMETERS own = NtPeb()->ProcessParameters;
    BOOL given = (info->dwFlags & STARTF_USESTDHANDLES) != 0;
    parameters->StandardInput = given ? info->hStdInput : own->StandardInput;
    parameters->StandardOutput = given ? info->hStdOutput : own->StandardOutput;
    parameters->StandardError = given ? info->hStdError : own->StandardError;
    parameters->ConsoleHandle = flags & DETACHED_PROCESS ? NULL : own->ConsoleHandle;
    parameters->ProcessGroupId = flags & CREATE_NEW_PROCESS_GROUP ? 0 : own->ProcessGroupId;
    parameters->StartingX = info->dwX;
    parameters->StartingY = info->dwY;
    parameters->CountX = info->dwXSize;
    parameters->CountY = info->dwYSize;
    parameters->CountCharsX = info->dwXCountChars;
    parameters->CountCharsY = info->dwYCountChars;
    parameters->FillAttribute = info->dwFillAttribute;
    parameters->WindowFlags = info->dwFlags;
    parameters->ShowWindowFlags = info->wShowWindow;
}

static PRTL_USER_PROCESS_PARAMETERS make_parameters(const WCHAR *path, const WCHAR *command,
    const WCHAR *directory, WCHAR *environment, const STARTUPINFOW *info, DWORD flags)
{
    UNICODE_STRING image, line, current, title, desktop;
    UNICODE_STRING runtime = {info->cbReserved2, info->cbReserved2, (PWSTR)info->lpReserved2};
    PRTL_USER_PROCESS_PARAMETERS parameters;
    WCHAR full[MAX_PATH];
    RtlInitUnicodeString(&image, path);
    RtlInitUnicodeString(&line, command);
    RtlInitUnicodeString(&title, info->lpTitle ? info->lpTitle : path);
    RtlInitUnicodeString(&desktop, info->lpDesktop);
    if (directory) {
        DWORD attributes = GetFileAttributesW(directory);
        if (attributes == INVALID_FILE_ATTRIBUTES || !(attributes & FILE_ATTRIBUTE_DIRECTORY) ||
            !GetFullPathNameW(directory, MAX_PATH, full, NULL)) {
            set_error(ERROR_DIRECTORY);
            return NULL;
        }
        RtlInitUnicodeString(&current, full);
    }
    if (!set_status(RtlCreateProcessParametersEx(&parameters, &image, NULL,
            directory ? &current : NULL, &line, environment, &title, &desktop, NULL, &runtime,
            RTL_USER_PROC_PARAMS_NORMALIZED)))
        return NULL;
    fill_parameters(parameters, info, flags);
    return parameters;
}

static ULONG object_flags(const SECURITY_ATTRIBUTES *security)
{
    return security && security->bInheritHandle ? OBJ_INHERIT : 0;
}

static void add_attribute(struct ps_attributes *list, ULONG_PTR attribute, SIZE_T size,
    const void *value)
{
    SIZE_T count = (list->total - sizeof list->total) / sizeof *list->rows;
    if (count == MOST_ATTRIBUTES) return;
    list->rows[count] = (struct ps_attribute){attribute, size, (ULONG_PTR)value, NULL};
    list->total += sizeof *list->rows;
}

static const struct {
    DWORD_PTR win32;
    ULONG_PTR nt;
} extended_attributes[] = {
    {PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, PS_ATTRIBUTE_PARENT_PROCESS},
    {PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PS_ATTRIBUTE_HANDLE_LIST},
    {PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY, PS_ATTRIBUTE_GROUP_AFFINITY},
    {PROC_THREAD_ATTRIBUTE_PREFERRED_NODE, PS_ATTRIBUTE_PREFERRED_NODE},
    {PROC_THREAD_ATTRIBUTE_IDEAL_PROCESSOR, PS_ATTRIBUTE_IDEAL_PROCESSOR},
    {PROC_THREAD_ATTRIBUTE_MITIGATION_POLICY, PS_ATTRIBUTE_MITIGATION_OPTIONS},
    {PROC_THREAD_ATTRIBUTE_JOB_LIST, PS_ATTRIBUTE_JOB_LIST},
    {PROC_THREAD_ATTRIBUTE_CHILD_PROCESS_POLICY, PS_ATTRIBUTE_CHILD_PROCESS_POLICY},
};

/* What of STARTUPINFOEX.lpAttributeList the kernel acts on. */
static void add_extended(struct ps_attributes *list, const STARTUPINFOW *info, DWORD flags)
{
    const struct _PROC_THREAD_ATTRIBUTE_LIST *extended =
        flags & EXTENDED_STARTUPINFO_PRESENT ? ((const STARTUPINFOEXW *)info)->lpAttributeList
                                             : NULL;
    for (DWORD i = 0; extended && i < extended->count; i++) {
        const struct attribute *row = &extended->rows[i];
        BOOL is_handle = row->attribute == PROC_THREAD_ATTRIBUTE_PARENT_PROCESS;
        for (DWORD k = 0; k < COUNT(extended_attributes); k++)
            if (extended_attributes[k].win32 == row->attribute)
                add_attribute(list, extended_attributes[k].nt, row->size,
                    is_handle ? *(void **)row->value : row->value);
    }
}

/* The class that CreateProcess is asked for; without the privilege the highest one is HIGH. */
static UCHAR wanted_class(DWORD flags)
{
    static const DWORD classes[] = {IDLE_PRIORITY_CLASS, BELOW_NORMAL_PRIORITY_CLASS,
        NORMAL_PRIORITY_CLASS, ABOVE_NORMAL_PRIORITY_CLASS, HIGH_PRIORITY_CLASS};
    if (flags & REALTIME_PRIORITY_CLASS) return (UCHAR)nt_priority_class(HIGH_PRIORITY_CLASS);
    for (DWORD i = 0; i < COUNT(classes); i++)
        if (flags & classes[i]) return (UCHAR)nt_priority_class(classes[i]);
    return 0;
}

static ULONG process_flags(BOOL inherit, DWORD flags)
{
    return (inherit ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0) |
        (flags & CREATE_BREAKAWAY_FROM_JOB ? PROCESS_CREATE_FLAGS_BREAKAWAY : 0) |
        (flags & DEBUG_ONLY_THIS_PROCESS ? PROCESS_CREATE_FLAGS_NO_DEBUG_INHERIT : 0);
}

/* What CreateProcess is asked for, apart from program, command line and surroundings. */
struct creation {
    const SECURITY_ATTRIBUTES *process_security, *thread_security;
    BOOL inherit;
    DWORD flags;
    const STARTUPINFOW *info;
    BOOL skip_debugger; /* execution options of the image do not count */
    HANDLE options; /* they name a debugger that is to be started instead */
};

/* The subsystem learns of the process before its first instruction. */
static NTSTATUS let_run(PROCESS_INFORMATION *made, CLIENT_ID client, DWORD flags)
{
    NTSTATUS status = subsystem_register(made->hProcess, made->hThread, client, flags);
    if (NT_SUCCESS(status) && !(flags & CREATE_SUSPENDED))
        status = NtResumeThread(made->hThread, NULL);
    if (NT_SUCCESS(status)) return status;
    NtTerminateProcess(made->hProcess, status);
    NtClose(made->hThread);
    NtClose(made->hProcess);
    return status;
}

static NTSTATUS start(const WCHAR *path, PRTL_USER_PROCESS_PARAMETERS parameters,
    struct creation *creation, PROCESS_INFORMATION *result)
{
    OBJECT_ATTRIBUTES process, thread;
    DWORD flags = creation->flags;
    BOOL debugs = (flags & (DEBUG_PROCESS | DEBUG_ONLY_THIS_PROCESS)) != 0;
    struct create_info create_info = {sizeof create_info, 0,
        {debugs || creation->skip_debugger ? IFEO_SKIP_DEBUGGER : 0}, {0}};
    CLIENT_ID client = {0};
    struct nt_path image;
    struct ps_attributes list = {sizeof list.total, {{0}}};
    UCHAR class = wanted_class(flags);
    ULONG error_mode = 0;
    NTSTATUS status;
    if (debugs) {
        status = DbgUiConnectToDbg();
        if (!NT_SUCCESS(status)) return status;
        add_attribute(&list, PS_ATTRIBUTE_DEBUG_OBJECT, sizeof(HANDLE),
            DbgUiGetThreadDebugObject());
    }
    if (!nt_path(&image, path)) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    add_attribute(&list, PS_ATTRIBUTE_IMAGE_NAME, image.name.Length, image.name.Buffer);
    add_attribute(&list, PS_ATTRIBUTE_CLIENT_ID, sizeof client, &client);
    if (class) add_attribute(&list, PS_ATTRIBUTE_PRIORITY_CLASS, sizeof class, &class);
    if (flags & CREATE_DEFAULT_ERROR_MODE)
        add_attribute(&list, PS_ATTRIBUTE_ERROR_MODE, sizeof error_mode, &error_mode);
    add_extended(&list, creation->info, flags);
    InitializeObjectAttributes(&process, NULL, object_flags(creation->process_security), NULL,
        NULL);
    InitializeObjectAttributes(&thread, NULL, object_flags(creation->thread_security), NULL, NULL);
    status = NtCreateUserProcess(&result->hProcess, &result->hThread, PROCESS_ALL_ACCESS,
        THREAD_ALL_ACCESS, &process, &thread, process_flags(creation->inherit, flags),
        THREAD_CREATE_FLAGS_CREATE_SUSPENDED, parameters, &create_info, &list);
    if (create_info.state == PS_CREATE_FAIL_EXE_NAME) creation->options = create_info.detail.handle;
    nt_path_free(&image);
    result->dwProcessId = (DWORD)(ULONG_PTR)client.UniqueProcess;
    result->dwThreadId = (DWORD)(ULONG_PTR)client.UniqueThread;
    return NT_SUCCESS(status) ? let_run(result, client, flags) : status;
}

static BOOL start_status(NTSTATUS status)
{
    switch (status) {
    case STATUS_INVALID_IMAGE_FORMAT:
    case STATUS_INVALID_IMAGE_NOT_MZ:
        return set_error(ERROR_BAD_EXE_FORMAT);
    case STATUS_INVALID_IMAGE_WIN_64:
    case STATUS_IMAGE_MACHINE_TYPE_MISMATCH:
        return set_error(ERROR_EXE_MACHINE_TYPE_MISMATCH);
    default:
        return set_status(status);
    }
}

static BOOL create(LPCWSTR program, LPCWSTR command, LPVOID environment, LPCWSTR directory,
    struct creation *creation, LPPROCESS_INFORMATION result);

/* Start the debugger in place of the image, with the image's command line behind its own. */
static BOOL start_debugger(LPCWSTR program, LPCWSTR command, LPVOID environment, LPCWSTR directory,
    struct creation *creation, LPPROCESS_INFORMATION result)
{
    WCHAR *line = debugger_command(creation->options, program, command);
    BOOL done;
    if (!line) return FALSE;
    creation->skip_debugger = TRUE;
    creation->options = NULL;
    done = create(NULL, line, environment, directory, creation, result);
    release(line);
    return done;
}

static BOOL is_batch(const WCHAR *path, NTSTATUS status)
{
    const WCHAR *suffix = wcsrchr(path, '.');
    if (status != STATUS_INVALID_IMAGE_NOT_MZ && status != STATUS_INVALID_FILE_FOR_SECTION)
        return FALSE;
    return suffix && (!_wcsicmp(suffix, L".bat") || !_wcsicmp(suffix, L".cmd"));
}

/* Batch files are the command processor's, if there is one. */
static BOOL start_batch(LPCWSTR command, LPVOID environment, LPCWSTR directory,
    struct creation *creation, LPPROCESS_INFORMATION result)
{
    static const WCHAR processor[] = L"cmd.exe /c \"";
    WCHAR *line = allocate(sizeof processor + (wcslen(command) + 1) * sizeof(WCHAR));
    BOOL done;
    if (!line) return FALSE;
    wcscpy(line, processor);
    wcscat(line, command);
    wcscat(line, L"\"");
    done = create(NULL, line, environment, directory, creation, result);
    release(line);
    return done;
}

static BOOL create(LPCWSTR program, LPCWSTR command, LPVOID environment, LPCWSTR directory,
    struct creation *creation, LPPROCESS_INFORMATION result)
{
    WCHAR path[MAX_PATH];
    WCHAR *wide = NULL;
    PRTL_USER_PROCESS_PARAMETERS parameters;
    NTSTATUS status;
    if (program) {
        if (!GetFullPathNameW(program, MAX_PATH, path, NULL)) return FALSE;
    } else if (!program_of(command, path)) {
        return FALSE;
    }
    if (environment && !(creation->flags & CREATE_UNICODE_ENVIRONMENT)) {
        wide = wide_environment(environment);
        if (!wide) return FALSE;
    }
    parameters = make_parameters(path, command ? command : program, directory,
        wide ? wide : environment, creation->info, creation->flags);
    if (wide) release(wide);
    if (!parameters) return FALSE;
    status = start(path, parameters, creation, result);
    RtlDestroyProcessParameters(parameters);
    if (creation->options)
        return start_debugger(path, command, environment, directory, creation, result);
    if (is_batch(path, status))
        return start_batch(command ? command : program, environment, directory, creation, result);
    return start_status(status);
}

BOOL WINAPI CreateProcessW(LPCWSTR program, LPWSTR command, LPSECURITY_ATTRIBUTES process_security,
    LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
    LPCWSTR directory, LPSTARTUPINFOW info, LPPROCESS_INFORMATION result)
{
    struct creation creation = {process_security, thread_security, inherit, flags, info, FALSE,
        NULL};
    if (!program && !command) return set_error(ERROR_INVALID_PARAMETER);
    return create(program, command, environment, directory, &creation, result);
}

BOOL WINAPI CreateProcessA(LPCSTR program, LPSTR command, LPSECURITY_ATTRIBUTES process_security,
    LPSECURITY_ATTRIBUTES thread_security, BOOL inherit, DWORD flags, LPVOID environment,
    LPCSTR directory, LPSTARTUPINFOA info, LPPROCESS_INFORMATION result)
{
    STARTUPINFOEXW wide_info;
    WIDE(wide_program, program);
    WIDE(wide_command, command);
    WIDE(wide_directory, directory);
    WIDE(title, info->lpTitle);
    WIDE(desktop, info->lpDesktop);
    memcpy(&wide_info, info,
        flags & EXTENDED_STARTUPINFO_PRESENT ? sizeof wide_info : sizeof wide_info.StartupInfo);
    wide_info.StartupInfo.lpReserved = NULL;
    wide_info.StartupInfo.lpTitle = title;
    wide_info.StartupInfo.lpDesktop = desktop;
    return CreateProcessW(wide_program, wide_command, process_security, thread_security, inherit,
        flags, environment, wide_directory, &wide_info.StartupInfo, result);
}

UINT WINAPI WinExec(LPCSTR command, UINT show)
{
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESHOWWINDOW,
        .wShowWindow = (WORD)show};
    PROCESS_INFORMATION result;
    if (!CreateProcessA(NULL, (LPSTR)command, NULL, NULL, FALSE, 0, NULL, NULL, &info, &result))
        return NtTeb()->LastErrorValue;
    NtClose(result.hThread);
    NtClose(result.hProcess);
    return 33;
}
