/* A program that never gets to main: the module it imports does not start. */
#include <stdio.h>

__declspec(dllimport) int NEEDS(void);

int main(void)
{
    printf("main %d\n", NEEDS());
    return 0;
}
