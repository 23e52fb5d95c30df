/* A pipe in text mode. Recorded as crt_printf.c. */
#include <fcntl.h>
#include <io.h>
#include <stdio.h>

int main(void)
{
    char line[64];
    int fds[2];

    printf("%d\n", _pipe(fds, 512, _O_TEXT));
    printf("%d %d", _write(fds[1], "a\nb\n", 4), _close(fds[1]));
    printf(" %d\n", _read(fds[0], line, 64));
    return 0;
}
