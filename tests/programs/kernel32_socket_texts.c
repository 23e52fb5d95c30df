/* The texts of errors of sockets, as the "System Error Codes" pages of Microsoft's give them. */
#include <stdio.h>
#include <windows.h>

int main(void)
{
    static const DWORD errors[] = {10009, 10038, 10051, 10054, 10061, 10109, 11001, 11004, 11005};
    char text[400];
    for (int i = 0; i < 9; i++) {
        DWORD count = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
            NULL, errors[i], 0, text, sizeof text, NULL);
        printf("%lu: %s", errors[i], count ? text : "no text\n");
    }
    return 0;
}
