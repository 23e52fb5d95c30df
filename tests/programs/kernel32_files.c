/* Files: dispositions, positions, sizes, attributes, times, directories, searching, moving.
 * Expected output recorded on Wine 8.0 (native i386), but unlocking twice is ERROR_NOT_LOCKED. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

static const char *made(HANDLE file)
{
    static char text[64];
    DWORD error = GetLastError();
    snprintf(text, sizeof text, "%s %lu", file == INVALID_HANDLE_VALUE ? "fails" : "opens", error);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    return text;
}

static HANDLE file(DWORD access, DWORD disposition)
{
    SetLastError(12345);
    return CreateFileA("d\\f.txt", access, FILE_SHARE_READ, NULL, disposition, 0, NULL);
}

static void dispositions(void)
{
    printf("hostile name: %s\n", made(CreateFileA("", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL)));
    printf("hostile path: %s\n", made(CreateFileA("no\\such\\f", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL)));
    printf("disposition 9: %s\n", made(file(GENERIC_READ, 9)));
    printf("open missing: %s\n", made(file(GENERIC_READ, OPEN_EXISTING)));
    printf("truncate missing: %s\n", made(file(GENERIC_WRITE, TRUNCATE_EXISTING)));
    printf("create new: %s\n", made(file(GENERIC_WRITE, CREATE_NEW)));
    printf("create new again: %s\n", made(file(GENERIC_WRITE, CREATE_NEW)));
    printf("create always: %s\n", made(file(GENERIC_WRITE, CREATE_ALWAYS)));
    printf("open always: %s\n", made(file(GENERIC_WRITE, OPEN_ALWAYS)));
    printf("truncate: %s\n", made(file(GENERIC_WRITE, TRUNCATE_EXISTING)));
    printf("directory as file: %s\n", made(CreateFileA("d", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL)));
    printf("directory: %s\n", made(CreateFileA("d", 0, 7, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL)));
}

static void contents(void)
{
    char buffer[64];
    DWORD n = 99, high = 99;
    LARGE_INTEGER big, zero = {.QuadPart = 0};
    HANDLE f = CreateFileA("d\\f.txt", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    printf("type %lu\n", GetFileType(f));
    printf("write %d", WriteFile(f, "hello, world", 12, &n, NULL));
    printf(" %lu\n", n);
    printf("seek %lu\n", SetFilePointer(f, 7, NULL, FILE_BEGIN));
    printf("read %d", ReadFile(f, buffer, sizeof buffer, &n, NULL));
    printf(" %lu %.*s\n", n, (int)n, buffer);
    printf("read at end %d", ReadFile(f, buffer, sizeof buffer, &n, NULL));
    printf(" %lu\n", n);
    SetLastError(0);
    printf("seek before start %lx", SetFilePointer(f, -1, NULL, FILE_BEGIN));
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    printf("seek before start %lx", SetFilePointer(f, -100, NULL, FILE_CURRENT));
    printf(" error %lu\n", GetLastError());
    printf("size %lu", GetFileSize(f, &high));
    printf(" high %lu\n", high);
    SetFilePointer(f, 5, NULL, FILE_BEGIN);
    printf("set end %d", SetEndOfFile(f));
    GetFileSizeEx(f, &big);
    printf(" size %d\n", (int)big.QuadPart);
    SetFilePointerEx(f, zero, &big, FILE_END);
    printf("end at %d\n", (int)big.QuadPart);
    OVERLAPPED o = {.Offset = 1};
    printf("read at 1: %d", ReadFile(f, buffer, 3, &n, &o));
    printf(" %lu %.*s\n", n, (int)n, buffer);
    o.Offset = 100;
    SetLastError(0);
    printf("read beyond: %d", ReadFile(f, buffer, 3, &n, &o));
    printf(" %lu error %lu\n", n, GetLastError());
    printf("lock %d,", LockFile(f, 0, 0, 10, 0));
    printf(" unlock %d\n", UnlockFile(f, 0, 0, 10, 0));
    SetLastError(0);
    printf("unlock again %d", UnlockFile(f, 0, 0, 10, 0));
    printf(" error %lu\n", GetLastError());
    printf("flush %d\n", FlushFileBuffers(f));
    printf("second opener: %s\n", made(file(GENERIC_READ, OPEN_EXISTING)));
    CloseHandle(f);
    SetLastError(0);
    printf("closed: %d", ReadFile(INVALID_HANDLE_VALUE, buffer, 1, &n, NULL));
    printf(" error %lu\n", GetLastError());
}

static void facts(void)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    BY_HANDLE_FILE_INFORMATION info;
    FILETIME t = {0x12345678, 0x01C00000}, got;
    HANDLE f = CreateFileA("d\\f.txt", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    printf("set time %d\n", SetFileTime(f, NULL, NULL, &t));
    GetFileTime(f, NULL, NULL, &got);
    printf("time %08lx %08lx\n", got.dwHighDateTime, got.dwLowDateTime & ~0xFFu);
    GetFileInformationByHandle(f, &info);
    printf("info %lx size %lu links %lu\n", info.dwFileAttributes, info.nFileSizeLow, info.nNumberOfLinks);
    CloseHandle(f);
    printf("attributes %lx %lx\n", GetFileAttributesA("d\\f.txt"), GetFileAttributesA("d"));
    SetLastError(0);
    printf("missing %lx", GetFileAttributesA("d\\none"));
    printf(" error %lu\n", GetLastError());
    printf("read only %d", SetFileAttributesA("d\\f.txt", FILE_ATTRIBUTE_READONLY));
    printf(" %lx\n", GetFileAttributesA("d\\f.txt") & FILE_ATTRIBUTE_READONLY);
    SetLastError(0);
    printf("delete read only %d", DeleteFileA("d\\f.txt"));
    printf(" error %lu\n", GetLastError());
    SetFileAttributesA("d\\f.txt", FILE_ATTRIBUTE_NORMAL);
    printf("ex %d", GetFileAttributesExA("d\\f.txt", GetFileExInfoStandard, &data));
    printf(" size %lu\n", data.nFileSizeLow);
}

static void search(const char *pattern)
{
    WIN32_FIND_DATAA data;
    char names[16][64];
    int count = 0;
    SetLastError(0);
    HANDLE h = FindFirstFileA(pattern, &data);
    if (h == INVALID_HANDLE_VALUE) {
        printf("%s: error %lu\n", pattern, GetLastError());
        return;
    }
    do snprintf(names[count++], 64, "%s%s", data.cFileName, data.dwFileAttributes & 16 ? "/" : "");
    while (count < 16 && FindNextFileA(h, &data));
    DWORD error = GetLastError();
    FindClose(h);
    for (int i = 0; i < count; i++)
        for (int j = i + 1; j < count; j++)
            if (strcmp(names[i], names[j]) > 0) {
                char swap[64];
                memcpy(swap, names[i], 64);
                memcpy(names[i], names[j], 64);
                memcpy(names[j], swap, 64);
            }
    printf("%s:", pattern);
    for (int i = 0; i < count; i++) printf(" %s", names[i]);
    printf(" then %lu\n", error);
}

static void directories(void)
{
    SetLastError(0);
    printf("create again %d", CreateDirectoryA("d", NULL));
    printf(" error %lu\n", GetLastError());
    printf("sub %d\n", CreateDirectoryA("d\\sub", NULL));
    SetLastError(0);
    printf("in missing %d", CreateDirectoryA("x\\y", NULL));
    printf(" error %lu\n", GetLastError());
    CloseHandle(CreateFileA("d\\a.c", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
    CloseHandle(CreateFileA("d\\noext", GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL));
    search("d\\*");
    search("d\\*.*");
    search("d\\*.c");
    search("d\\F.TXT");
    search("d\\?.c");
    search("d\\none");
    search("none\\*");
    search("d\\");
    SetLastError(0);
    printf("remove full %d", RemoveDirectoryA("d"));
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    printf("remove file %d", RemoveDirectoryA("d\\a.c"));
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    printf("delete directory %d", DeleteFileA("d\\sub"));
    printf(" error %lu\n", GetLastError());
}

static void moves(void)
{
    printf("copy %d\n", CopyFileA("d\\f.txt", "d\\g.txt", TRUE));
    SetLastError(0);
    printf("copy again %d", CopyFileA("d\\f.txt", "d\\g.txt", TRUE));
    printf(" error %lu\n", GetLastError());
    SetLastError(0);
    printf("move onto %d", MoveFileA("d\\f.txt", "d\\g.txt"));
    printf(" error %lu\n", GetLastError());
    printf("replace %d\n", MoveFileExA("d\\f.txt", "d\\g.txt", MOVEFILE_REPLACE_EXISTING));
    SetLastError(0);
    printf("move missing %d", MoveFileA("d\\f.txt", "d\\h.txt"));
    printf(" error %lu\n", GetLastError());
    printf("move directory %d\n", MoveFileA("d\\sub", "d\\sub2"));
    SetLastError(0);
    printf("clean %d", DeleteFileA("d\\g.txt"));
    printf(" error %lu", GetLastError());
    printf(" %d", DeleteFileA("d\\a.c"));
    printf(" %d", DeleteFileA("d\\noext"));
    printf(" %d", RemoveDirectoryA("d\\sub2"));
    printf(" %d\n", RemoveDirectoryA("d"));
}

int main(void)
{
    CreateDirectoryA("d", NULL);
    dispositions();
    contents();
    facts();
    directories();
    moves();
    return 0;
}
