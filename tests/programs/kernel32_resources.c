/* Resources written into a copy of this program and read back; Wine 8.0 keeps an empty resource
 * where one is taken out: that line is by UpdateResource's documentation. */
#include <windows.h>
#include <stdio.h>

static BOOL CALLBACK show(HMODULE module, LPCSTR type, LPSTR name, LONG_PTR unused)
{
    HRSRC found = FindResourceA(module, name, type);
    (void)unused;
    if ((ULONG_PTR)name >> 16) printf("  %s", name);
    else printf("  #%d", (int)(ULONG_PTR)name);
    printf(" %lu [%.*s]\n", SizeofResource(module, found), (int)SizeofResource(module, found),
        (char *)LockResource(LoadResource(module, found)));
    return TRUE;
}

static void list(void)
{
    HMODULE module = LoadLibraryExA("copy.exe", NULL, LOAD_LIBRARY_AS_DATAFILE);
    printf("list %d\n", EnumResourceNamesA(module, "MINE", show, 0));
    printf("data %d\n", EnumResourceNamesA(module, (LPCSTR)10, show, 0));
    FreeLibrary(module);
}

static void change(BOOL anew, BOOL discard)
{
    HANDLE update = BeginUpdateResourceA("copy.exe", anew);
    printf("%d", update != NULL);
    printf(" %d", UpdateResourceA(update, "MINE", "second", 0x409, "two", 3));
    printf(" %d", UpdateResourceA(update, "MINE", "#7", 0x409, "seven", 5));
    printf(" %d", UpdateResourceA(update, "mine", "first", 0, "one", 3));
    printf(" %d", UpdateResourceA(update, (LPCSTR)10, (LPCSTR)3, 0x409, "raw data", 8));
    printf(" %d\n", EndUpdateResourceA(update, discard));
}

int main(void)
{
    char name[MAX_PATH];
    HANDLE update, file;
    DWORD written;
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    if (GetEnvironmentVariableA("CHILD", name, sizeof name)) return 42;
    GetModuleFileNameA(NULL, name, MAX_PATH);
    CopyFileA(name, "copy.exe", FALSE);
    change(FALSE, TRUE);
    list();
    change(TRUE, FALSE);
    list();
    update = BeginUpdateResourceA("copy.exe", FALSE);
    printf("%d", UpdateResourceA(update, "MINE", "first", 0, NULL, 0));
    printf(" %d", UpdateResourceA(update, "MINE", "second", 0x409, "a longer second one", 19));
    printf(" %d\n", EndUpdateResourceA(update, FALSE));
    list();
    SetEnvironmentVariableA("CHILD", "1");
    printf("%d", CreateProcessA("copy.exe", NULL, NULL, NULL, FALSE, 0, NULL, NULL, &startup,
        &process));
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &written);
    printf(" %lu\n", written);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    file = CreateFileA("junk.exe", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    WriteFile(file, "MZ junk", 7, &written, NULL);
    CloseHandle(file);
    printf("%d\n", BeginUpdateResourceA("nosuch.exe", FALSE) != NULL);
    DeleteFileA("junk.exe");
    DeleteFileA("copy.exe");
    return 0;
}
