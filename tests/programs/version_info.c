/* The program's own version resource (version_info.rc) through version.dll. */
#include <windows.h>
#include <stdio.h>

static void query(const void *data, const char *path)
{
    void *value = NULL;
    UINT length = 99;
    BOOL found = VerQueryValueA(data, path, &value, &length);
    printf("%s: %d %u", path, found, length);
    if (found && length == 4 && path[1] == 'V') printf(" %08lx", *(DWORD *)value);
    else if (found && path[1] == 'S' && length)
        for (UINT i = 0; i < length; i++) printf(" %02x", ((BYTE *)value)[i]);
    printf("\n");
}

int main(void)
{
    char name[MAX_PATH];
    DWORD size, handle = 7;
    BYTE data[4096];
    void *value;
    UINT length;
    VS_FIXEDFILEINFO *fixed;
    GetModuleFileNameA(NULL, name, MAX_PATH);
    size = GetFileVersionInfoSizeA(name, &handle);
    printf("%d %lu\n", size > 300 && size <= sizeof data, handle);
    printf("%d\n", GetFileVersionInfoA(name, 0, size, data));
    query(data, "\\");
    query(data, "\\StringFileInfo\\040904E4\\ProductName");
    query(data, "\\StringFileInfo\\040904e4\\fileversion");
    query(data, "\\VarFileInfo\\Translation");
    query(data, "\\StringFileInfo\\nosuch");
    printf("%lu\n", GetLastError());
    printf("%d", VerQueryValueW(data, L"\\", (void **)&fixed, &length));
    printf(" %lx %lx\n", fixed->dwFileVersionMS, fixed->dwFileVersionLS);
    printf("%d", VerQueryValueW(data, L"\\StringFileInfo\\040904E4\\ProductName", &value, &length));
    printf(" %u %04x\n", length, ((WCHAR *)value)[2]);
    printf("%lu", GetFileVersionInfoSizeA("nosuch.exe", NULL));
    printf(" %lu\n", GetLastError());
    return 0;
}
