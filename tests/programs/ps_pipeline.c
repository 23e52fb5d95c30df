/* A pipeline of five processes over inherited pipes, which a job ends; two hundred children one
 * after another, and fifty at once, that leave no handle behind.
 * Expected output recorded on native Wine 8.0. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STAGES 5
#define LINES 400
#define CROWD 50
#define ROW 200

static char self[MAX_PATH];

static HANDLE start(const char *words, HANDLE input, HANDLE output, HANDLE job)
{
    STARTUPINFOA info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION made;
    char line[MAX_PATH + 32];
    info.hStdInput = input;
    info.hStdOutput = output;
    info.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    snprintf(line, sizeof line, "\"%s\" %s", self, words);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, job ? CREATE_SUSPENDED : 0, NULL, NULL, &info,
            &made)) {
        printf("error %lu\n", GetLastError());
        exit(1);
    }
    if (job) {
        AssignProcessToJobObject(job, made.hProcess);
        ResumeThread(made.hThread);
    }
    CloseHandle(made.hThread);
    return made.hProcess;
}

static DWORD end_of(HANDLE process)
{
    DWORD code = 0;
    WaitForSingleObject(process, 60000);
    GetExitCodeProcess(process, &code);
    CloseHandle(process);
    return code;
}

static DWORD handles(void)
{
    DWORD count = 0;
    GetProcessHandleCount(GetCurrentProcess(), &count);
    return count;
}

/* A pipe whose ends children inherit one at a time: what one has too much keeps it from ending. */
static void make_pipe(HANDLE *read, HANDLE *write)
{
    SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};
    CreatePipe(read, write, &inherit, 0);
    SetHandleInformation(*read, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(*write, HANDLE_FLAG_INHERIT, 0);
}

static void pipeline(HANDLE job, HANDLE *stages, HANDLE *source, HANDLE *sink)
{
    HANDLE read, write, next_read, next_write;
    make_pipe(&read, source);
    for (int i = 0; i < STAGES; i++) {
        char words[16];
        make_pipe(&next_read, &next_write);
        SetHandleInformation(read, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
        SetHandleInformation(next_write, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
        snprintf(words, sizeof words, "stage %d", i);
        stages[i] = start(words, read, next_write, job);
        CloseHandle(read);
        CloseHandle(next_write);
        read = next_read;
    }
    *sink = read;
    (void)write;
}

static DWORD WINAPI feed(void *source)
{
    char line[64];
    for (int i = 0; i < LINES; i++) {
        DWORD done;
        int length = snprintf(line, sizeof line, "%d\n", i);
        if (!WriteFile(source, line, (DWORD)length, &done, NULL)) return 1;
    }
    CloseHandle(source);
    return 0;
}

/* Each stage adds its number to every line's, and ends with the count of lines. */
static int stage(int number)
{
    char line[64];
    int count = 0;
    while (fgets(line, sizeof line, stdin)) {
        printf("%d\n", atoi(line) + number);
        count++;
    }
    fflush(stdout);
    return count & 0x7F;
}

static void whole(void)
{
    HANDLE stages[STAGES], source, sink, feeder;
    DWORD before = handles(), got;
    char buffer[4096];
    long sum = 0, value = 0, lines = 0;
    pipeline(NULL, stages, &source, &sink);
    feeder = CreateThread(NULL, 0, feed, source, 0, NULL);
    while (ReadFile(sink, buffer, sizeof buffer, &got, NULL) && got)
        for (DWORD i = 0; i < got; i++) {
            if (buffer[i] >= '0' && buffer[i] <= '9') value = value * 10 + buffer[i] - '0';
            if (buffer[i] == '\n') {
                sum += value;
                value = 0;
                lines++;
            }
        }
    printf("pipeline: %ld lines, sum %ld, read error %lu\n", lines, sum, GetLastError());
    for (int i = 0; i < STAGES; i++) printf("stage %d ended with %lu\n", i, end_of(stages[i]));
    WaitForSingleObject(feeder, 10000);
    CloseHandle(feeder);
    CloseHandle(sink);
    printf("handles left: %ld\n", (long)handles() - (long)before);
}

static void killed(void)
{
    HANDLE stages[STAGES], source, sink, job = CreateJobObjectA(NULL, NULL);
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION all;
    char byte;
    DWORD got;
    pipeline(job, stages, &source, &sink);
    QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &all, sizeof all, NULL);
    printf("in the job: %lu\n", all.ActiveProcesses);
    TerminateJobObject(job, 77);
    for (int i = 0; i < STAGES; i++) printf("stage %d ended with %lu\n", i, end_of(stages[i]));
    printf("sink: %d %lu\n", ReadFile(sink, &byte, 1, &got, NULL), GetLastError());
    QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &all, sizeof all, NULL);
    printf("in the job: %lu of %lu\n", all.ActiveProcesses, all.TotalProcesses);
    CloseHandle(source);
    CloseHandle(sink);
    CloseHandle(job);
}

static void many(void)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), output = GetStdHandle(STD_OUTPUT_HANDLE);
    HANDLE gate = CreateEventA(NULL, TRUE, FALSE, "gate of the crowd"), crowd[CROWD];
    DWORD sum = 0, before;
    before = handles();
    for (int i = 0; i < ROW; i++) {
        char words[16];
        snprintf(words, sizeof words, "code %d", i);
        sum += end_of(start(words, input, output, NULL));
    }
    printf("%d one after another: sum %lu\n", ROW, sum);
    for (int i = 0; i < CROWD; i++) crowd[i] = start("wait", input, output, NULL);
    printf("%d at once: %s\n", CROWD,
        WaitForMultipleObjects(CROWD, crowd, FALSE, 0) == WAIT_TIMEOUT ? "all alive" : "not all");
    SetEvent(gate);
    sum = 0;
    for (int i = 0; i < CROWD; i++) sum += end_of(crowd[i]);
    printf("sum %lu, handles left: %ld\n", sum, (long)handles() - (long)before);
    CloseHandle(gate);
}

static int wait_for_gate(void)
{
    HANDLE gate = OpenEventA(SYNCHRONIZE, FALSE, "gate of the crowd");
    WaitForSingleObject(gate, 60000);
    return 3;
}

int main(int count, char **words)
{
    if (count == 3 && !strcmp(words[1], "stage")) return stage(atoi(words[2]));
    if (count == 3) return atoi(words[2]);
    if (count == 2) return wait_for_gate();
    GetModuleFileNameA(NULL, self, sizeof self);
    setvbuf(stdout, NULL, _IONBF, 0);
    end_of(start("code 0", NULL, NULL, NULL)); /* what the first child costs stays */
    whole();
    killed();
    many();
    return 0;
}
