/* Says that it runs, then computes until it is stopped. */
#include <stdio.h>

int main(void)
{
    volatile unsigned long long count = 0;

    puts("running");
    fflush(stdout);
    for (;;)
        count++;
}
