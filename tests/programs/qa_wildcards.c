/* Which names a pattern finds: the rules of MS-DOS, as FindFirstFile has kept them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static const char *const names[] = {"a.txt", "B.TXT", "c.c", "noext", "x.y.z", "long name.text"};
static const char *const patterns[] = {"*", "*.*", "*.txt", "*.t*", "no*", "*.", "a.txt", "?.*"};

static int compare(const void *left, const void *right)
{
    return strcmp(left, right);
}

static void list(const char *pattern)
{
    char found[20][MAX_PATH];
    int count = 0;
    WIN32_FIND_DATAA data;
    HANDLE search = FindFirstFileA(pattern, &data);
    if (search != INVALID_HANDLE_VALUE) {
        do strcpy(found[count++], data.cFileName);
        while (FindNextFileA(search, &data));
        FindClose(search);
    }
    qsort(found, count, sizeof found[0], compare);
    printf("%s:", pattern);
    for (int i = 0; i < count; i++) printf(" [%s]", found[i]);
    printf("\n");
}

int main(void)
{
    CreateDirectoryA("dir", NULL);
    SetCurrentDirectoryA("dir");
    CreateDirectoryA("sub", NULL);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) fclose(fopen(names[i], "w"));
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) list(patterns[i]);
    return 0;
}
