/* Numbers from the system's random generator. */
#define _CRT_RAND_S
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    for (int i = 0; i < 4; i++) {
        unsigned number;
        if (rand_s(&number))
            return 1;
        printf("%u\n", number);
    }
    return 0;
}
