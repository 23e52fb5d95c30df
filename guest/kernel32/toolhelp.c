/* Tool help: a snapshot is a section with rows of each kind and the place of the next of each. */
#include "system_processes.h"
#include "process_modules.h"

#include <tlhelp32.h>

enum kind { PROCESSES, THREADS, MODULES, HEAPS, KINDS };

struct rows {
    DWORD offset, count, next;
};

struct snapshot {
    struct rows kinds[KINDS];
};

static const DWORD row_size[KINDS] = {sizeof(PROCESSENTRY32W), sizeof(THREADENTRY32),
    sizeof(MODULEENTRY32W), sizeof(HEAPLIST32)};

/* Counts the rows if there is no snapshot to fill yet. */
struct filling {
    struct snapshot *snapshot;
    DWORD counts[KINDS];
    DWORD process_id;
};

static void *next_row(struct filling *filling, enum kind kind)
{
    DWORD index = filling->counts[kind]++;
    struct rows *rows;
    if (!filling->snapshot) return NULL;
    rows = &filling->snapshot->kinds[kind];
    return index < rows->count ? (char *)filling->snapshot + rows->offset + index * row_size[kind]
                               : NULL;
}

static void add_process(struct filling *filling, const struct system_process *process)
{
    PROCESSENTRY32W *row = next_row(filling, PROCESSES);
    DWORD length = process->ImageName.Length / sizeof(WCHAR);
    if (!row) return;
    *row = (PROCESSENTRY32W){.dwSize = sizeof *row};
    row->th32ProcessID = (DWORD)(ULONG_PTR)process->UniqueProcessId;
    row->th32ParentProcessID = (DWORD)(ULONG_PTR)process->InheritedFromUniqueProcessId;
    row->cntThreads = process->NumberOfThreads;
    row->pcPriClassBase = process->BasePriority;
    if (length >= MAX_PATH) length = MAX_PATH - 1;
    memcpy(row->szExeFile, process->ImageName.Buffer, length * sizeof(WCHAR));
    if (!row->th32ProcessID) wcscpy(row->szExeFile, L"[System Process]");
}

static void add_threads(struct filling *filling, const struct system_process *process)
{
    for (ULONG i = 0; i < process->NumberOfThreads; i++) {
        const struct system_thread *thread = &process->Threads[i];
        THREADENTRY32 *row = next_row(filling, THREADS);
        if (!row) continue;
        *row = (THREADENTRY32){.dwSize = sizeof *row, .tpBasePri = thread->BasePriority};
        row->th32ThreadID = (DWORD)(ULONG_PTR)thread->ClientId.UniqueThread;
        row->th32OwnerProcessID = (DWORD)(ULONG_PTR)thread->ClientId.UniqueProcess;
    }
}

static BOOL add_module(void *context, const struct process_module *module)
{
    struct filling *filling = context;
    MODULEENTRY32W *row = next_row(filling, MODULES);
    if (!row) return TRUE;
    *row = (MODULEENTRY32W){.dwSize = sizeof *row, .th32ModuleID = 1, .GlblcntUsage = 0xFFFF,
        .ProccntUsage = 0xFFFF};
    row->th32ProcessID = filling->process_id;
    row->modBaseAddr = module->base;
    row->modBaseSize = module->size;
    row->hModule = (HMODULE)module->base;
    lstrcpynW(row->szModule, module->name, COUNT(row->szModule));
    lstrcpynW(row->szExePath, module->path, COUNT(row->szExePath));
    return TRUE;
}

static void add_heaps(struct filling *filling)
{
    HANDLE heaps[64];
    DWORD count = GetProcessHeaps(COUNT(heaps), heaps);
    if (filling->process_id != GetCurrentProcessId()) return;
    for (DWORD i = 0; i < count && i < COUNT(heaps); i++) {
        HEAPLIST32 *row = next_row(filling, HEAPS);
        if (row)
            *row = (HEAPLIST32){sizeof *row, filling->process_id, (ULONG_PTR)heaps[i],
                heaps[i] == GetProcessHeap() ? HF32_DEFAULT : 0};
    }
}

static BOOL fill(struct filling *filling, DWORD flags, const struct system_process *first,
    HANDLE process)
{
    memset(filling->counts, 0, sizeof filling->counts);
    for (const struct system_process *row = first; row; row = next_process(row)) {
        if (flags & TH32CS_SNAPPROCESS) add_process(filling, row);
        if (flags & TH32CS_SNAPTHREAD) add_threads(filling, row);
    }
    if (flags & TH32CS_SNAPHEAPLIST) add_heaps(filling);
    if (!(flags & (TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32))) return TRUE;
    return for_each_module(process, add_module, filling);
}

static HANDLE make_section(struct filling *filling, BOOL inherit, struct snapshot **view)
{
    SECURITY_ATTRIBUTES security = {sizeof security, NULL, inherit};
    DWORD size = sizeof(struct snapshot);
    HANDLE section;
    struct rows kinds[KINDS];
    for (int i = 0; i < KINDS; i++) {
        kinds[i] = (struct rows){size, filling->counts[i], 0};
        size += filling->counts[i] * row_size[i];
    }
    section = CreateFileMappingW(INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, size, NULL);
    if (!section) return NULL;
    *view = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!*view) {
        CloseHandle(section);
        return NULL;
    }
    memcpy((*view)->kinds, kinds, sizeof kinds);
    return section;
}

static HANDLE take(DWORD flags, HANDLE process, DWORD id, const struct system_process *first)
{
    struct filling filling = {.process_id = id};
    struct snapshot *view;
    HANDLE section = NULL;
    if (fill(&filling, flags, first, process))
        section = make_section(&filling, (flags & TH32CS_INHERIT) != 0, &view);
    if (!section) return INVALID_HANDLE_VALUE;
    filling.snapshot = view;
    fill(&filling, flags, first, process);
    UnmapViewOfFile(view);
    return section;
}

HANDLE WINAPI CreateToolhelp32Snapshot(DWORD flags, DWORD id)
{
    DWORD of_process = TH32CS_SNAPMODULE | TH32CS_SNAPMODULE32 | TH32CS_SNAPHEAPLIST;
    struct system_process *first = NULL;
    HANDLE process = NtCurrentProcess(), snapshot = INVALID_HANDLE_VALUE;
    if (!(flags & ~TH32CS_INHERIT)) {
        set_error(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    if (!id) id = GetCurrentProcessId();
    if (flags & of_process && id != GetCurrentProcessId()) {
        process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, id);
        if (!process) return INVALID_HANDLE_VALUE;
    }
    if (!(flags & (TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD)) || (first = system_processes()))
        snapshot = take(flags, process, id, first);
    if (first) release(first);
    if (process != NtCurrentProcess()) CloseHandle(process);
    return snapshot;
}

/* Copies the first or the next row; the caller's dwSize must be large enough. */
static BOOL copy_row(HANDLE section, enum kind kind, BOOL restart, void *row, SIZE_T given)
{
    struct snapshot *snapshot;
    struct rows *rows;
    BOOL found;
    if (given < row_size[kind]) return set_error(ERROR_INSUFFICIENT_BUFFER);
    snapshot = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (!snapshot) return FALSE;
    rows = &snapshot->kinds[kind];
    if (restart) rows->next = 0;
    found = rows->next < rows->count;
    if (found)
        memcpy(row, (char *)snapshot + rows->offset + rows->next++ * row_size[kind],
            row_size[kind]);
    UnmapViewOfFile(snapshot);
    return found || set_error(ERROR_NO_MORE_FILES);
}

#define WALK(first, next, type, kind) \
    BOOL WINAPI first(HANDLE snapshot, type *row) \
    { \
        return copy_row(snapshot, kind, TRUE, row, row->dwSize); \
    } \
    BOOL WINAPI next(HANDLE snapshot, type *row) \
    { \
        return copy_row(snapshot, kind, FALSE, row, row->dwSize); \
    }
WALK(Process32FirstW, Process32NextW, PROCESSENTRY32W, PROCESSES)
WALK(Thread32First, Thread32Next, THREADENTRY32, THREADS)
WALK(Module32FirstW, Module32NextW, MODULEENTRY32W, MODULES)
WALK(Heap32ListFirst, Heap32ListNext, HEAPLIST32, HEAPS)

#undef PROCESSENTRY32
#undef MODULEENTRY32
#undef Process32First
#undef Process32Next
#undef Module32First
#undef Module32Next

static void narrow(const WCHAR *wide, char *text, int size)
{
    WideCharToMultiByte(CP_ACP, 0, wide, -1, text, size, NULL, NULL);
    text[size - 1] = 0;
}

static BOOL process_row(HANDLE snapshot, BOOL restart, PROCESSENTRY32 *row)
{
    PROCESSENTRY32W wide;
    if (row->dwSize < sizeof *row) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!copy_row(snapshot, PROCESSES, restart, &wide, sizeof wide)) return FALSE;
    memcpy(row, &wide, offsetof(PROCESSENTRY32, szExeFile));
    row->dwSize = sizeof *row;
    narrow(wide.szExeFile, row->szExeFile, sizeof row->szExeFile);
    return TRUE;
}

BOOL WINAPI Process32First(HANDLE snapshot, PROCESSENTRY32 *row)
{
    return process_row(snapshot, TRUE, row);
}

BOOL WINAPI Process32Next(HANDLE snapshot, PROCESSENTRY32 *row)
{
    return process_row(snapshot, FALSE, row);
}

static BOOL module_row(HANDLE snapshot, BOOL restart, MODULEENTRY32 *row)
{
    MODULEENTRY32W wide;
    if (row->dwSize < sizeof *row) return set_error(ERROR_INSUFFICIENT_BUFFER);
    if (!copy_row(snapshot, MODULES, restart, &wide, sizeof wide)) return FALSE;
    memcpy(row, &wide, offsetof(MODULEENTRY32, szModule));
    row->dwSize = sizeof *row;
    narrow(wide.szModule, row->szModule, sizeof row->szModule);
    narrow(wide.szExePath, row->szExePath, sizeof row->szExePath);
    return TRUE;
}

BOOL WINAPI Module32First(HANDLE snapshot, MODULEENTRY32 *row)
{
    return module_row(snapshot, TRUE, row);
}

BOOL WINAPI Module32Next(HANDLE snapshot, MODULEENTRY32 *row)
{
    return module_row(snapshot, FALSE, row);
}

BOOL WINAPI Toolhelp32ReadProcessMemory(DWORD id, LPCVOID base, LPVOID buffer, SIZE_T size,
    SIZE_T *done)
{
    HANDLE process = id ? OpenProcess(PROCESS_VM_READ, FALSE, id) : NtCurrentProcess();
    BOOL read = process && ReadProcessMemory(process, base, buffer, size, done);
    if (process && id) CloseHandle(process);
    return read;
}
