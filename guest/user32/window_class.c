/* Window classes: those that programs register, and the system's, whose windows do nothing. */
#include "user32.h"
#include "wide.h"

static const WCHAR *const system_classes[] = {L"Button", L"ComboBox", L"Edit", L"ListBox",
    L"MDIClient", L"ScrollBar", L"Static", L"#32770"};
static struct window_class *classes;
static BOOL has_system_classes;

static struct window_class *add(const WNDCLASSEXW *info, const WCHAR *name, BOOL unicode)
{
    struct window_class *class = user_allocate(sizeof *class);
    if (!class) return NULL;
    class->info = *info;
    class->unicode = unicode;
    class->atom = GlobalAddAtomW(name);
    class->info.lpszClassName = IS_INTRESOURCE(name) ? NULL : user_copy(name);
    class->next = classes;
    classes = class;
    return class;
}

static void add_system_classes(void)
{
    has_system_classes = TRUE;
    for (SIZE_T i = 0; i < ARRAYSIZE(system_classes); i++) {
        WNDCLASSEXW info = {.cbSize = sizeof info, .style = CS_GLOBALCLASS,
            .lpfnWndProc = DefWindowProcW, .cbWndExtra = DLGWINDOWEXTRA};
        add(&info, system_classes[i], TRUE);
    }
}

/* One of the module before those of all. */
struct window_class *class_find(LPCWSTR name, HINSTANCE instance)
{
    struct window_class *global = NULL;
    ATOM atom = GlobalFindAtomW(name);
    if (!has_system_classes) add_system_classes();
    if (!atom) atom = GlobalFindAtomW(name);
    for (struct window_class *class = classes; atom && class; class = class->next) {
        if (class->atom != atom) continue;
        if (class->info.hInstance == instance) return class;
        if (class->info.style & CS_GLOBALCLASS) global = class;
    }
    return global;
}

static ATOM add_class(const WNDCLASSEXW *info, const WCHAR *name, BOOL unicode)
{
    WNDCLASSEXW own = *info;
    struct window_class *class;
    ATOM atom = 0;
    if (!name || !info->lpfnWndProc || info->cbClsExtra < 0 || info->cbWndExtra < 0)
        return (ATOM)user_fail(ERROR_INVALID_PARAMETER);
    if (!own.hInstance) own.hInstance = GetModuleHandleW(NULL);
    own.lpszMenuName = NULL;
    RtlAcquireSRWLockExclusive(&user_lock);
    class = class_find(name, own.hInstance);
    if (class && class->info.hInstance == own.hInstance) {
        user_fail(ERROR_CLASS_ALREADY_EXISTS);
    } else {
        class = add(&own, name, unicode);
        if (class) atom = class->atom;
        else user_fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    user_unlock();
    return atom;
}

ATOM WINAPI RegisterClassExW(const WNDCLASSEXW *class)
{
    if (class->cbSize != sizeof *class) return (ATOM)user_fail(ERROR_INVALID_PARAMETER);
    return add_class(class, class->lpszClassName, TRUE);
}

ATOM WINAPI RegisterClassExA(const WNDCLASSEXA *class)
{
    WNDCLASSEXW wide = *(const WNDCLASSEXW *)class;
    if (class->cbSize != sizeof *class) return (ATOM)user_fail(ERROR_INVALID_PARAMETER);
    if (IS_INTRESOURCE(class->lpszClassName)) return add_class(&wide, wide.lpszClassName, FALSE);
    WIDE(name, class->lpszClassName);
    return add_class(&wide, name, FALSE);
}


/* WNDCLASS is WNDCLASSEX without its first and its last member. */
ATOM WINAPI RegisterClassW(const WNDCLASSW *class)
{
    WNDCLASSEXW extended = {.cbSize = sizeof extended};
    memcpy(&extended.style, class, sizeof *class);
    return RegisterClassExW(&extended);
}

ATOM WINAPI RegisterClassA(const WNDCLASSA *class)
{
    WNDCLASSEXA extended = {.cbSize = sizeof extended};
    memcpy(&extended.style, class, sizeof *class);
    return RegisterClassExA(&extended);
}

BOOL WINAPI UnregisterClassW(LPCWSTR name, HINSTANCE instance)
{
    struct window_class **link = &classes, *class;
    DWORD error = 0;
    if (!instance) instance = GetModuleHandleW(NULL);
    RtlAcquireSRWLockExclusive(&user_lock);
    class = class_find(name, instance);
    if (!class || class->info.hInstance != instance) error = ERROR_CLASS_DOES_NOT_EXIST;
    else if (class->windows) error = ERROR_CLASS_HAS_WINDOWS;
    if (!error) {
        while (*link != class) link = &(*link)->next;
        *link = class->next;
        user_free((PVOID)class->info.lpszClassName);
        user_free(class);
    }
    user_unlock();
    if (error) user_fail(error);
    return !error;
}

BOOL WINAPI UnregisterClassA(LPCSTR name, HINSTANCE instance)
{
    if (IS_INTRESOURCE(name)) return UnregisterClassW((LPCWSTR)name, instance);
    WIDE(wide, name);
    return UnregisterClassW(wide, instance);
}

BOOL WINAPI GetClassInfoExW(HINSTANCE instance, LPCWSTR name, LPWNDCLASSEXW info)
{
    struct window_class *class;
    ATOM atom = 0;
    if (!info) return (BOOL)user_fail(ERROR_NOACCESS);
    RtlAcquireSRWLockExclusive(&user_lock);
    class = class_find(name, instance ? instance : GetModuleHandleW(NULL));
    if (class) {
        *info = class->info;
        info->cbSize = sizeof *info;
        info->lpszClassName = name;
        atom = class->atom;
    }
    user_unlock();
    return atom ? atom : (BOOL)user_fail(ERROR_CLASS_DOES_NOT_EXIST);
}

BOOL WINAPI GetClassInfoExA(HINSTANCE instance, LPCSTR name, LPWNDCLASSEXA info)
{
    BOOL found;
    if (IS_INTRESOURCE(name))
        return GetClassInfoExW(instance, (LPCWSTR)name, (LPWNDCLASSEXW)info);
    WIDE(wide, name);
    found = GetClassInfoExW(instance, wide, (LPWNDCLASSEXW)info);
    if (found) info->lpszClassName = name;
    return found;
}

BOOL WINAPI GetClassInfoW(HINSTANCE instance, LPCWSTR name, LPWNDCLASSW info)
{
    WNDCLASSEXW extended;
    BOOL found = GetClassInfoExW(instance, name, &extended);
    if (found) memcpy(info, &extended.style, sizeof *info);
    return found;
}

BOOL WINAPI GetClassInfoA(HINSTANCE instance, LPCSTR name, LPWNDCLASSA info)
{
    WNDCLASSEXA extended;
    BOOL found = GetClassInfoExA(instance, name, &extended);
    if (found) memcpy(info, &extended.style, sizeof *info);
    return found;
}

int WINAPI GetClassNameW(HWND handle, LPWSTR buffer, int size)
{
    struct window *window = window_lock(handle);
    int length = 0;
    if (!window) return 0;
    if (window->class->info.lpszClassName && size > 0) {
        length = (int)wcslen(window->class->info.lpszClassName);
        if (length >= size) length = size - 1;
        memcpy(buffer, window->class->info.lpszClassName, (SIZE_T)length * sizeof(WCHAR));
        buffer[length] = 0;
    }
    user_unlock();
    return size > 0 ? length : (int)user_fail(ERROR_INSUFFICIENT_BUFFER);
}

int WINAPI GetClassNameA(HWND handle, LPSTR buffer, int size)
{
    WCHAR name[256];
    int length = GetClassNameW(handle, name, ARRAYSIZE(name));
    if (size <= 0) return (int)user_fail(ERROR_INSUFFICIENT_BUFFER);
    length = WideCharToMultiByte(CP_ACP, 0, name, length, buffer, size - 1, NULL, NULL);
    buffer[length] = 0;
    return length;
}
