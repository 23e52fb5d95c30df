/* SHFileOperation, SHGetFileInfo and FindExecutable in the current directory. */
#include <stdio.h>
#include <windows.h>
#include <shellapi.h>

static void put(const char *name)
{
    HANDLE file = CreateFileA(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD count;
    WriteFile(file, name, (DWORD)strlen(name), &count, NULL);
    CloseHandle(file);
}

static void look(const char *name)
{
    DWORD attributes = GetFileAttributesA(name);
    printf(" %s:%s", name, attributes == INVALID_FILE_ATTRIBUTES    ? "-"
                           : attributes & FILE_ATTRIBUTE_DIRECTORY ? "directory"
                                                                   : "file");
}

static void operate(UINT what, const char *from, const char *to, FILEOP_FLAGS flags)
{
    SHFILEOPSTRUCTA operation = {.wFunc = what, .pFrom = from, .pTo = to,
        .fFlags = flags | FOF_NO_UI};
    printf("%u %s ->%s: %s;", what, from, to ? to : "", SHFileOperationA(&operation) ? "error" : "0");
    look("a.txt"), look("b.txt"), look("d"), look("d\\a.txt"), look("d\\e\\c.txt"), look("f");
    look("f\\a.txt"), look("f\\d\\e\\c.txt");
    printf("\n");
}

int main(void)
{
    char self[MAX_PATH], found[MAX_PATH];
    SHFILEINFOA info = {0};
    put("a.txt"), put("b.txt");
    CreateDirectoryA("d", NULL), CreateDirectoryA("d\\e", NULL);
    put("d\\e\\c.txt");
    operate(FO_COPY, "a.txt\0", "d\0", 0);
    operate(FO_COPY, "*.txt\0", "d\0", 0);
    CreateDirectoryA("f", NULL);
    operate(FO_COPY, "a.txt\0d\0", "f\0", 0);
    operate(FO_MOVE, "b.txt\0", "moved.txt\0", 0);
    operate(FO_RENAME, "moved.txt\0", "b.txt\0", 0);
    operate(FO_COPY, "absent.txt\0", "d\0", 0);
    operate(FO_DELETE, "absent.txt\0", NULL, 0);
    operate(FO_DELETE, "f\\*.txt\0", NULL, FOF_FILESONLY);
    SetFileAttributesA("f\\d\\e\\c.txt", FILE_ATTRIBUTE_READONLY);
    operate(FO_DELETE, "f\0a.txt\0", NULL, 0);
    operate(FO_DELETE, "d\0", NULL, 0);
    GetModuleFileNameA(NULL, self, MAX_PATH);
    printf("type %#lx\n", (unsigned long)SHGetFileInfoA(self, 0, NULL, 0, SHGFI_EXETYPE));
    printf("type of a text %#lx\n", (unsigned long)SHGetFileInfoA("b.txt", 0, NULL, 0, SHGFI_EXETYPE));
    printf("name %lu", (unsigned long)SHGetFileInfoA("b.txt", 0, &info, sizeof info, SHGFI_DISPLAYNAME));
    printf(" %s\n", info.szDisplayName);
    printf("program %d", (int)(INT_PTR)FindExecutableA(self, NULL, found) > 32);
    printf(" %d\n", lstrcmpiA(found, self));
    printf("absent %d\n", (int)(INT_PTR)FindExecutableA("absent.txt", NULL, found));
    put("b.nothing");
    printf("no class %d\n", (int)(INT_PTR)FindExecutableA("b.nothing", NULL, found));
    return 0;
}
