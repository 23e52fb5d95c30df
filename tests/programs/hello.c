/* The sample of `make demo`. Recorded with Wine 8.0; what it prints depends only on its arguments. */
#include <math.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    printf("hello, world: %d arguments\n", argc - 1);
    for (int i = 1; i < argc; i++)
        printf("  %d: \"%s\"\n", i, argv[i]);
    printf("sqrt(2) = %.15f\n", sqrt(2.0));
    return 0;
}
