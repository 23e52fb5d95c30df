/* Makes out.txt and made/inner.txt, adds to in.txt, removes gone.txt.  Tests check the files. */
#include <stdio.h>
#include <windows.h>

static int add(const char *name, const char *text)
{
    FILE *file = fopen(name, "ab");
    if (!file) {
        printf("cannot open %s\n", name);
        return 1;
    }
    fputs(text, file);
    return fclose(file);
}

int main(void)
{
    if (!CreateDirectoryA("made", NULL) || !DeleteFileA("gone.txt"))
        return 2;
    return add("out.txt", "new") || add("in.txt", " and more") || add("made\\inner.txt", "inner");
}
