/* Writes lines for as long as somebody reads them; 1 when a write fails. */
#include <stdio.h>

int main(void)
{
    for (;;)
        if (puts("one more line") < 0 || fflush(stdout) != 0)
            return 1;
}
