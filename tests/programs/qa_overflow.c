/* Undefined behaviour, which a debug build of zig reports with the line of its source. */
#include <limits.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    (void)argv;
    int sum = INT_MAX;
    printf("before\n");
    fflush(stdout);
    sum += argc;
    printf("%d\n", sum);
    return 0;
}
