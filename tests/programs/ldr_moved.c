/* Images that cannot lie where they would like to. `first` and `second` are linked for one base;
 * the test links the program itself for several. Output recorded on Wine 8.0, which does not
 * correct the header of a moved module; Windows does. */
#include <stdio.h>
#include <windows.h>

typedef int (*function)(void);

static int numbers[3] = {1, 2, 3};
static int *const pointers[] = {&numbers[2], &numbers[0]};

static ULONG_PTR preferred(HMODULE module)
{
    const char *base = (const char *)module;
    const IMAGE_NT_HEADERS *headers =
        (const void *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
    return headers->OptionalHeader.ImageBase;
}

int main(void)
{
    HMODULE first = LoadLibraryA("moved_a"), second = LoadLibraryA("moved_b");
    printf("pointers %d %d\n", *pointers[0], *pointers[1]);
    printf("asks %d %d\n", ((function)GetProcAddress(first, "named"))(),
           ((function)GetProcAddress(second, "named"))());
    printf("apart %d, headers tell the truth %d %d %d\n", first != second,
           preferred(first) == (ULONG_PTR)first, preferred(second) == (ULONG_PTR)second,
           preferred(GetModuleHandleA(NULL)) == (ULONG_PTR)GetModuleHandleA(NULL));
    return 0;
}
