/* Message boxes of a process without a desktop. */
#include <windows.h>
#include <stdio.h>

int main(void)
{
    MSGBOXPARAMSW box = {.cbSize = sizeof box, .lpszText = L"indirect", .dwStyle = MB_YESNOCANCEL};
    printf("%d\n", MessageBoxA(NULL, "Hello text", "My title", MB_YESNO));
    printf("%d\n", MessageBoxW(NULL, L"two\r\nlines", NULL, MB_OKCANCEL | MB_DEFBUTTON2));
    printf("%d\n", MessageBoxIndirectW(&box));
    printf("%d\n", MessageBoxA(NULL, NULL, "t", MB_RETRYCANCEL));
    printf("%d\n", OpenClipboard(NULL));
    return 0;
}
