/* Paths of any length: PathAllocCanonicalize and its relatives, as kernelbase has them. */
#include <windows.h>
#include <stdio.h>

static HRESULT(WINAPI *canonicalize)(PCWSTR, ULONG, PWSTR *);
static HRESULT(WINAPI *combine)(PWSTR, SIZE_T, PCWSTR, PCWSTR, ULONG);
static HRESULT(WINAPI *cut)(PWSTR, SIZE_T);

static const WCHAR *const paths[] = {L"", L"C:", L"C:\\", L"C:\\a\\..\\b", L"C:\\..\\a", L"a\\.\\b",
    L"a\\..", L"\\a", L"\\\\s\\h\\f\\..", L"\\\\?\\C:\\a\\.\\b", L"\\\\?\\UNC\\s\\h\\x", L"a\\b\\", L"C:a"};

static void all(const WCHAR *path)
{
    WCHAR text[300], *result = NULL;
    HRESULT status = canonicalize(path, 0, &result);
    printf("[%ls]: %08lx [%ls]", path, status, status ? L"" : result);
    LocalFree(result);
    wcscpy(text, path);
    status = cut(text, 300);
    printf(" cut %08lx [%ls]\n", status, text);
}

int main(void)
{
    HMODULE module = LoadLibraryA("kernelbase.dll");
    WCHAR text[600], joined[600], *result = NULL;
    HRESULT status;
    canonicalize = (void *)GetProcAddress(module, "PathAllocCanonicalize");
    combine = (void *)GetProcAddress(module, "PathCchCombineEx");
    cut = (void *)GetProcAddress(module, "PathCchRemoveFileSpec");
    for (int i = 0; i < (int)(sizeof paths / sizeof *paths); i++) all(paths[i]);
    for (int i = 1; i < 8; i++) {
        status = combine(joined, 600, L"C:\\x\\y", paths[i], 0);
        printf("x\\y + [%ls]: %08lx [%ls]\n", paths[i], status, joined);
    }
    status = combine(joined, 4, L"C:\\x", L"y", 0);
    printf("short %08lx [%ls]\n", status, joined);
    wcscpy(text, L"C:\\");
    for (int i = 3; i < 400; i++) text[i] = 'a';
    text[400] = 0;
    printf("long %08lx", canonicalize(text, 0, &result));
    status = canonicalize(text, 1, &result);
    printf(" %08lx %d %.8ls\n", status, (int)wcslen(result), result);
    printf("%08lx %08lx\n", canonicalize(NULL, 0, &result), cut(NULL, 1));
    return 0;
}
