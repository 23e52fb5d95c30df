/* RtlCreateProcessParametersEx: strings given and left out, offsets and addresses.
 * Output recorded on Wine 8.0. */
#include <stdio.h>
#include <windows.h>
#include <winternl.h>

typedef NTSTATUS NTAPI create(char **, UNICODE_STRING *, UNICODE_STRING *, UNICODE_STRING *,
                              UNICODE_STRING *, WCHAR *, UNICODE_STRING *, UNICODE_STRING *,
                              UNICODE_STRING *, UNICODE_STRING *, ULONG);
typedef char *NTAPI normalize(char *);

static UNICODE_STRING string(const WCHAR *text)
{
    USHORT length = (USHORT)(wcslen(text) * sizeof(WCHAR));
    return (UNICODE_STRING){length, length + sizeof(WCHAR), (WCHAR *)text};
}

static void show(const char *name, char *block, int offset)
{
    UNICODE_STRING *value = (UNICODE_STRING *)(block + offset);
    printf("%s: %u of %u inside %d [%.*ls]\n", name, value->Length, value->MaximumLength,
           (char *)value->Buffer > block && (char *)value->Buffer < block + *(ULONG *)block,
           (int)(value->Length / sizeof(WCHAR)), value->Buffer ? value->Buffer : L"");
}

static void show_all(char *block)
{
    show("directory", block, 0x24);
    show("image", block, 0x38);
    show("command", block, 0x40);
    show("title", block, 0x70);
    show("desktop", block, 0x78);
    show("runtime", block, 0x88);
    printf("environment [%ls] flags %lu\n", *(WCHAR **)(block + 0x48), *(ULONG *)(block + 8) & 1);
}

int main(void)
{
    HMODULE ntdll = GetModuleHandleA("ntdll");
    create *make = (create *)GetProcAddress(ntdll, "RtlCreateProcessParametersEx");
    normalize *settle = (normalize *)GetProcAddress(ntdll, "RtlNormalizeProcessParams");
    UNICODE_STRING image = string(L"C:\\a.exe"), directory = string(L"C:\\d\\"),
                   command = string(L"a \"b c\""), title = string(L"t"),
                   runtime = {4, 4, (WCHAR *)L"rt"};
    WCHAR environment[] = L"A=1\0B=2\0";
    char *block = NULL;
    printf("%lx\n", make(&block, &image, NULL, &directory, &command, environment, &title, NULL,
                         NULL, &runtime, 1));
    show_all(block);
    printf("%lx\n", make(&block, &image, NULL, &directory, NULL, environment, NULL, NULL, NULL,
                         NULL, 0));
    printf("offsets %d flags %lu\n", *(ULONG *)(block + 0x3C) < *(ULONG *)block,
           *(ULONG *)(block + 8) & 1);
    printf("same block %d\n", settle(block) == block);
    show("image", block, 0x38);
    show("command", block, 0x40);
    return 0;
}
