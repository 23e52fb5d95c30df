/* Thousands of files: made, renamed, locked, listed, watched and deleted.  Prints counts and sums. */
#include <stdio.h>
#include <windows.h>

#define FILES 1500

static const char *directory = "many";

static void path(char *out, const char *form, int number)
{
    int length = sprintf(out, "%s\\", directory);
    sprintf(out + length, form, number);
}

static int count(const char *pattern, unsigned *sum)
{
    char name[MAX_PATH];
    WIN32_FIND_DATAA found;
    int files = 0;
    HANDLE search;
    sprintf(name, "%s\\%s", directory, pattern);
    search = FindFirstFileA(name, &found);
    *sum = 0;
    if (search == INVALID_HANDLE_VALUE) return -(int)GetLastError();
    do {
        if (found.cFileName[0] == '.') continue;
        files++;
        for (const char *c = found.cFileName; *c; c++) *sum = *sum * 31 + (unsigned char)*c;
        *sum += found.nFileSizeLow;
    } while (FindNextFileA(search, &found));
    FindClose(search);
    return files;
}

static void show(const char *what, const char *pattern)
{
    unsigned sum;
    int files = count(pattern, &sum);
    printf("%s %s: %d %08x\n", what, pattern, files, sum);
}

static void make(void)
{
    char name[MAX_PATH];
    int made = 0;
    for (int i = 0; i < FILES; i++) {
        HANDLE file;
        DWORD done;
        path(name, i % 3 ? "File%04d.txt" : "file %04d.data", i);
        file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
        if (file == INVALID_HANDLE_VALUE) continue;
        made += WriteFile(file, name, (DWORD)(i % 40), &done, NULL) && done == (DWORD)(i % 40);
        CloseHandle(file);
    }
    printf("made %d\n", made);
}

static void move(void)
{
    char from[MAX_PATH], to[MAX_PATH];
    int moved = 0, taken = 0, replaced = 0;
    for (int i = 1; i < FILES; i += 3) {
        path(from, "FILE%04d.TXT", i);
        path(to, "moved%04d.txt", i);
        moved += MoveFileA(from, to);
        path(from, "File%04d.txt", i + 1);
        if (!MoveFileA(from, to)) taken += GetLastError() == ERROR_ALREADY_EXISTS;
        if (i % 2) replaced += MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING);
    }
    printf("moved %d, taken %d, replaced %d\n", moved, taken, replaced);
}

static void lock(void)
{
    char name[MAX_PATH];
    int locked = 0, refused = 0, barred = 0;
    HANDLE first, second;
    path(name, "locked%d", 1);
    first = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 3, NULL, CREATE_ALWAYS, 0, NULL);
    second = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 3, NULL, OPEN_EXISTING, 0, NULL);
    for (DWORD i = 0; i < 1000; i++) {
        DWORD done;
        locked += LockFile(first, i * 10, 0, 5, 0);
        refused += !LockFile(second, i * 10 + 4, 0, 2, 0);
        SetFilePointer(second, (LONG)(i * 10), NULL, FILE_BEGIN);
        barred += !WriteFile(second, "x", 1, &done, NULL) && GetLastError() == ERROR_LOCK_VIOLATION;
    }
    for (DWORD i = 0; i < 1000; i += 2) locked -= UnlockFile(first, i * 10, 0, 5, 0);
    CloseHandle(first);
    printf("locked %d, refused %d, barred %d, ", locked, refused, barred);
    printf("free %d\n", LockFile(second, 0, 0, 10000, 0));
    CloseHandle(second);
    DeleteFileA(name);
}

static void attributes(void)
{
    char name[MAX_PATH];
    int kept = 0, stuck = 0;
    for (int i = 0; i < FILES; i += 30) {
        path(name, "file %04d.data", i);
        SetFileAttributesA(name, FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN);
        kept += (GetFileAttributesA(name) & 3) == 1 + 2 * !!(GetFileAttributesA(name) & 2);
        stuck += !DeleteFileA(name) && GetLastError() == ERROR_ACCESS_DENIED;
        SetFileAttributesA(name, FILE_ATTRIBUTE_NORMAL);
    }
    printf("kept %d, stuck %d\n", kept, stuck);
}

static void on_close(void)
{
    char name[MAX_PATH];
    int gone = 0, pending = 0;
    for (int i = 0; i < 200; i++) {
        HANDLE file, other;
        path(name, "brief%04d", i);
        file = CreateFileA(name, GENERIC_WRITE | DELETE, 7, NULL, CREATE_NEW,
            FILE_FLAG_DELETE_ON_CLOSE, NULL);
        other = CreateFileA(name, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
        CloseHandle(file);
        file = CreateFileA(name, GENERIC_READ, 7, NULL, OPEN_EXISTING, 0, NULL);
        pending += file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_ACCESS_DENIED;
        if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
        CloseHandle(other);
        gone += GetFileAttributesA(name) == INVALID_FILE_ATTRIBUTES;
    }
    printf("pending %d, gone %d\n", pending, gone);
}

static void delete_all(void)
{
    char name[MAX_PATH];
    int deleted = 0;
    for (int i = 0; i < FILES; i++) {
        path(name, i % 3 ? "file%04d.txt" : "FILE %04d.DATA", i);
        deleted += DeleteFileA(name);
        path(name, "moved%04d.txt", i);
        deleted += DeleteFileA(name);
    }
    printf("deleted %d, ", deleted);
    printf("directory %d\n", RemoveDirectoryA(directory));
}

int main(void)
{
    printf("directory %d\n", CreateDirectoryA(directory, NULL));
    make();
    show("all", "*");
    show("some", "*.data");
    show("some", "file?2??.txt");
    move();
    show("all", "*");
    show("some", "moved*7.*");
    lock();
    attributes();
    on_close();
    show("all", "*");
    delete_all();
    return 0;
}
