/* Jobs: what a process tree in one does, is told and is not allowed. Starts itself as its children.
 * Compared with Wine 8.0 (native i386); where that differs, Windows is documented so: each process's
 * end is told, a wrong length is ERROR_BAD_LENGTH, and limits are told as they were set. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char own_path[MAX_PATH];
static HANDLE port;

static PROCESS_INFORMATION start(const char *what, DWORD flags)
{
    PROCESS_INFORMATION made = {0};
    STARTUPINFOA info = {.cb = sizeof info};
    char command[MAX_PATH + 32];
    snprintf(command, sizeof command, "\"%s\" %s", own_path, what);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, flags, NULL, NULL, &info, &made))
        printf("  CreateProcess: error %lu\n", GetLastError());
    return made;
}

static DWORD finish(PROCESS_INFORMATION *made)
{
    DWORD code = 0;
    WaitForSingleObject(made->hProcess, 5000);
    GetExitCodeProcess(made->hProcess, &code);
    CloseHandle(made->hThread);
    CloseHandle(made->hProcess);
    return code;
}

static HANDLE new_job(DWORD flags, DWORD processes)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    HANDLE job = CreateJobObjectA(NULL, NULL);
    limits.BasicLimitInformation.LimitFlags = flags;
    limits.BasicLimitInformation.ActiveProcessLimit = processes;
    if (flags && !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,
            sizeof limits))
        printf("  SetInformationJobObject: error %lu\n", GetLastError());
    return job;
}

static void counts(HANDLE job)
{
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info;
    QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &info, sizeof info, NULL);
    printf("  %lu processes in all, %lu active\n", info.TotalProcesses, info.ActiveProcesses);
}

static void messages(DWORD first, DWORD second)
{
    DWORD message;
    ULONG_PTR key;
    LPOVERLAPPED process;
    while (GetQueuedCompletionStatus(port, &message, &key, &process, 0)) {
        DWORD id = (DWORD)(ULONG_PTR)process;
        printf("  message %lu, key %lu, of %s\n", message, (DWORD)key,
            !id ? "nobody" : id == first ? "the first" : id == second ? "the second" : "another");
    }
}

static void test_tree(void)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT connection = {(PVOID)7, NULL};
    HANDLE job = new_job(0, 0);
    PROCESS_INFORMATION child = start("parent", CREATE_SUSPENDED);
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "ps_jobs ready");
    BOOL inside = FALSE;
    DWORD ids[8] = {0};
    puts("a tree of processes:");
    connection.CompletionPort = port;
    SetInformationJobObject(job, JobObjectAssociateCompletionPortInformation, &connection,
        sizeof connection);
    printf("  assigned: %d\n", AssignProcessToJobObject(job, child.hProcess));
    printf("  again: %d\n", AssignProcessToJobObject(job, child.hProcess));
    IsProcessInJob(child.hProcess, job, &inside);
    printf("  in the job: %d\n", inside);
    ResumeThread(child.hThread);
    WaitForSingleObject(ready, 5000);
    counts(job);
    QueryInformationJobObject(job, JobObjectBasicProcessIdList, ids, sizeof ids, NULL);
    printf("  listed: %lu of %lu, the first is the child: %d\n", ids[1], ids[0],
        ids[2] == child.dwProcessId);
    printf("  signalled: %lu\n", WaitForSingleObject(job, 0));
    printf("  terminated: %d\n", TerminateJobObject(job, 123));
    printf("  exit code %lu\n", finish(&child));
    printf("  signalled: %lu\n", WaitForSingleObject(job, 5000));
    counts(job);
    messages(child.dwProcessId, ids[3]);
    CloseHandle(job);
    CloseHandle(ready);
}

static void test_close(void)
{
    HANDLE job = new_job(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE, 0);
    PROCESS_INFORMATION child = start("wait", 0);
    puts("the last handle closed:");
    AssignProcessToJobObject(job, child.hProcess);
    CloseHandle(job);
    printf("  exit code %lu\n", finish(&child));
}

static void test_nesting(void)
{
    HANDLE outer = new_job(0, 0), inner = new_job(0, 0), other = new_job(0, 0);
    PROCESS_INFORMATION child = start("wait", CREATE_SUSPENDED), second;
    BOOL in_outer = FALSE, in_inner = FALSE;
    puts("nested jobs:");
    AssignProcessToJobObject(outer, child.hProcess);
    printf("  a second job: %d\n", AssignProcessToJobObject(inner, child.hProcess));
    IsProcessInJob(child.hProcess, outer, &in_outer);
    IsProcessInJob(child.hProcess, inner, &in_inner);
    printf("  in the outer %d, in the inner %d\n", in_outer, in_inner);
    counts(outer);
    counts(inner);
    second = start("wait", CREATE_SUSPENDED);
    AssignProcessToJobObject(other, second.hProcess);
    SetLastError(0);
    printf("  a job beside: %d", AssignProcessToJobObject(inner, second.hProcess));
    printf(", error %lu\n", GetLastError());
    TerminateJobObject(outer, 5);
    TerminateJobObject(other, 6);
    printf("  exit codes %lu, %lu\n", finish(&child), finish(&second));
    CloseHandle(outer);
    CloseHandle(inner);
    CloseHandle(other);
}

static void inside(DWORD flags, DWORD creation)
{
    HANDLE job = new_job(flags, 0);
    PROCESS_INFORMATION child;
    char what[32];
    snprintf(what, sizeof what, "%s", creation ? "away" : "stay");
    child = start(what, CREATE_SUSPENDED);
    AssignProcessToJobObject(job, child.hProcess);
    ResumeThread(child.hThread);
    printf("  limits %#lx, %s: %lu\n", flags, what, finish(&child));
    CloseHandle(job);
}

static void test_breakaway(void)
{
    puts("children of processes in jobs (1 in a job, 0 not, 5 refused):");
    inside(0, 0);
    inside(0, 1);
    inside(JOB_OBJECT_LIMIT_BREAKAWAY_OK, 0);
    inside(JOB_OBJECT_LIMIT_BREAKAWAY_OK, 1);
    inside(JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK, 0);
}

static void set(const char *what, HANDLE job, JOBOBJECTINFOCLASS number, void *info, DWORD size)
{
    SetLastError(0);
    BOOL done = SetInformationJobObject(job, number, info, size);
    printf("  %s: %d, error %lu\n", what, done, GetLastError());
}

static void test_values(void)
{
    HANDLE job = new_job(0, 0);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
    DWORD returned = 0;
    puts("values:");
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    set("an extended limit as a basic one", job, JobObjectBasicLimitInformation, &limits,
        sizeof limits.BasicLimitInformation);
    set("a wrong length", job, JobObjectExtendedLimitInformation, &limits, sizeof limits - 1);
    set("both", job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    memset(&limits, 0xFF, sizeof limits);
    QueryInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits,
        &returned);
    printf("  flags %#lx, %lu bytes\n", limits.BasicLimitInformation.LimitFlags, returned);
    CloseHandle(job);
}

static int child(const char *what)
{
    PROCESS_INFORMATION made;
    BOOL result = FALSE;
    HANDLE ready;
    if (!strcmp(what, "wait")) {
        Sleep(20000);
        return 1;
    }
    if (!strcmp(what, "parent")) {
        made = start("wait", 0);
        ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, "ps_jobs ready");
        SetEvent(ready);
        return (int)finish(&made);
    }
    STARTUPINFOA info = {.cb = sizeof info};
    char command[MAX_PATH + 32];
    DWORD flags = CREATE_SUSPENDED | (!strcmp(what, "away") ? CREATE_BREAKAWAY_FROM_JOB : 0);
    snprintf(command, sizeof command, "\"%s\" wait", own_path);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, flags, NULL, NULL, &info, &made))
        return (int)GetLastError();
    IsProcessInJob(made.hProcess, NULL, &result);
    TerminateProcess(made.hProcess, 0);
    return result;
}

int main(int count, char **arguments)
{
    GetModuleFileNameA(NULL, own_path, sizeof own_path);
    if (count > 1) return child(arguments[1]);
    setvbuf(stdout, NULL, _IONBF, 0);
    port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    test_tree();
    test_close();
    test_nesting();
    test_breakaway();
    test_values();
    return 0;
}
