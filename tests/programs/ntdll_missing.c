/* A call that Windows has and picorun's kernel does not: the program starts, and is told so. */
#include <windows.h>
#include <stdio.h>

__declspec(dllimport) LONG NTAPI NtDrawText(void *text);

int main(void)
{
    printf("%#lx\n", NtDrawText(NULL));
    return 0;
}
