/* Commits memory until the system refuses; then ends with 3, or with a crash. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

int main(int argc, char **argv)
{
    char *block;

    do
        block = VirtualAlloc(NULL, 1 << 20, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    while (block);
    puts("full");
    fflush(stdout);
    if (argc > 1 && !strcmp(argv[1], "crash"))
        *(volatile char *)block = 1;
    return 3;
}
