/* Paths and strings as shlwapi takes them apart and puts them together. */
#include <windows.h>
#include <shlwapi.h>
#include <stdio.h>

static const WCHAR *const paths[] = {L"", L"\\", L"C:", L"C:\\", L"C:\\a", L"C:\\a\\", L"C:\\a\\b.txt",
    L"a", L"a\\b", L"\\a", L"\\\\s\\h", L"\\\\s\\h\\f", L"a.b\\c", L"x.tar.gz", L"a b.c d", L"..\\x",
    L".\\x\\..\\y", L"C:\\..\\a", L"a/b.c", L"C:a.b"};

static void parts(const WCHAR *path)
{
    WCHAR cut[MAX_PATH], plain[MAX_PATH];
    BOOL done;
    wcscpy(cut, path);
    done = PathRemoveFileSpecW(cut);
    printf("[%ls] cut %d [%ls]", path, done, cut);
    done = PathCanonicalizeW(plain, path);
    printf(" plain %d [%ls]", done, plain);
    printf(" name [%ls] suffix [%ls] relative %d root %d unc %d\n", PathFindFileNameW(path),
        PathFindExtensionW(path), PathIsRelativeW(path), PathIsRootW(path), PathIsUNCW(path));
}

static void combine(const WCHAR *directory, const WCHAR *file)
{
    WCHAR out[MAX_PATH];
    LPWSTR result = PathCombineW(out, directory, file);
    printf("[%ls] + [%ls] = [%ls]\n", directory, file, result ? result : L"NULL");
}

int main(void)
{
    static const WCHAR *const second[] = {L"", L"x", L"\\x", L"D:\\x", L"..\\x", L"x\\.\\y"};
    WCHAR path[MAX_PATH] = L"C:\\a", text[64] = L"Hello World";
    DWORD size;
    for (int i = 0; i < (int)(sizeof paths / sizeof *paths); i++) parts(paths[i]);
    for (int i = 0; i < 6; i++) {
        combine(L"C:\\a\\b", second[i]);
        combine(L"C:\\", second[i]);
        combine(L"a", second[i]);
    }
    printf("append %d [%ls]\n", PathAppendW(path, L"b\\c"), path);
    PathAddBackslashW(path);
    printf("[%ls]\n", path);
    PathRemoveBackslashW(path);
    PathRemoveExtensionW(path);
    PathStripPathW(path);
    printf("[%ls]\n", path);
    printf("%d %d %d\n", PathFileExistsW(L"C:\\windows"), PathFileExistsA("nosuch"),
        PathIsDirectoryW(L"C:\\windows") != 0);
    printf("[%ls] [%ls] %p\n", StrStrIW(text, L"WOR"), StrStrW(text, L"lo"),
        (void *)StrStrW(text, L"WOR"));
    printf("[%s] [%s]\n", StrStrIA("abCDe", "cd"), StrStrA("abCDe", "CD"));
    printf("%d %d %d\n", StrCmpIW(L"abc", L"ABC"), StrCmpIW(L"a", L"b") < 0, StrCmpW(L"b", L"a") > 0);
    printf("[%ls] [%ls]\n", StrChrW(text, 'o'), StrRChrW(text, NULL, 'o'));
    size = MAX_PATH;
    printf("%08lx", PathCreateFromUrlW(L"file:///C:/a%20b/c.txt", path, &size, 0));
    printf(" [%ls] %lu\n", path, size);
    size = MAX_PATH;
    printf("%08lx\n", PathCreateFromUrlW(L"http://x/y", path, &size, 0));
    printf("%d %d %d\n", UrlIsW(L"file:///x", URLIS_FILEURL), UrlIsW(L"http://x", URLIS_FILEURL),
        UrlIsW(L"http://x", URLIS_URL));
    return 0;
}
