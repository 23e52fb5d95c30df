/* Full names of paths with dots at their end. */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    static const char *const paths[] = {".", "c:.", "..", "foo\\.", "c:\\foo\\.", "//./foo/.",
        "\\\\server\\share", "\\\\server\\share\\x", "c:\\.", "\\.", "c:\\foo\\..", ".\\",
        "foo\\.\\"};
    char full[MAX_PATH], *part;
    SetCurrentDirectoryA("C:\\windows");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        DWORD length = GetFullPathNameA(paths[i], sizeof full, full, &part);
        printf("%s -> %s (%lu), %s\n", paths[i], full, length, part ? part : "none");
    }
    return 0;
}
