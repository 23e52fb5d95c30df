/* Locales: "C", and UTF-8 ones (".UTF8", "en_US.UTF-8", "") that differ from it in LC_CTYPE. */
#include "crt.h"

struct lconv {
    char *text[10];
    char digits[8];
    wchar_t *wide_text[8];
};

#define NONE CHAR_MAX
static struct lconv conventions = {
    {".", "", "", "", "", "", "", "", "", ""},
    {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
    {L".", L"", L"", L"", L"", L"", L"", L""},
};
crt_locale crt_global_locale = {0, 1, 0, "C"};
int __mb_cur_max = 1;
static wchar_t wide_name[sizeof crt_global_locale.name];

int __lconv_init(void)
{
    conventions.digits[0] = conventions.digits[1] = (char)255;
    for (int i = 0; i < 8; i++)
        conventions.digits[i] = (char)255;
    return 0;
}

void __initialize_lconv_for_unsigned_char(void)
{
    __lconv_init();
}

struct lconv *localeconv(void)
{
    return &conventions;
}

static bool ends_in_utf8(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot && (!_stricmp(dot, ".utf8") || !_stricmp(dot, ".utf-8") || !lstrcmpA(dot, ".65001"));
}

/* The name that setlocale reports for one it accepts; NULL for the others. */
static const char *accepted(const char *name)
{
    if (!lstrcmpA(name, "C") || !lstrcmpA(name, "POSIX"))
        return "C";
    if (!*name)
        return "English_United States.1252";
    if (ends_in_utf8(name) && !_MSVCRT)
        return *name == '.' ? "English_United States.utf8" : name;
    if (!_stricmp(name, "English_United States.1252") || !_stricmp(name, "English") ||
        !_stricmp(name, "en-US") || !_stricmp(name, "American") || !lstrcmpA(name, ".1252") ||
        !_stricmp(name, ".ACP") || !_stricmp(name, "English_United States"))
        return lstrlenA(name) && name[2] == '-' ? name : "English_United States.1252";
    return NULL;
}

char *setlocale(int category, const char *name)
{
    const char *full;

    if (category < 0 || category > 5) {
        crt_invalid(EINVAL);
        return NULL;
    }
    if (!name)
        return crt_global_locale.name;
    full = accepted(name);
    if (!full || strlen(full) >= sizeof crt_global_locale.name)
        return NULL;
    if (category > 2)                         /* only LC_ALL, LC_COLLATE and LC_CTYPE matter */
        return (char *)full;
    if (category != 1) {
        crt_global_locale.utf8 = ends_in_utf8(full);
        crt_global_locale.code_page = crt_global_locale.utf8 ? CP_UTF8 : *full == 'C' ? 0 : 1252;
        __mb_cur_max = crt_global_locale.max_bytes = crt_global_locale.utf8 ? 4 : 1;
    }
    lstrcpyA(crt_global_locale.name, full);
    return crt_global_locale.name;
}

wchar_t *_wsetlocale(int category, const wchar_t *name)
{
    char narrow[64], *result;

    if (name && !WideCharToMultiByte(CP_ACP, 0, name, -1, narrow, sizeof narrow, NULL, NULL))
        return NULL;
    result = setlocale(category, name ? narrow : NULL);
    if (!result)
        return NULL;
    MultiByteToWideChar(CP_ACP, 0, result, -1, wide_name, COUNT_OF(wide_name));
    return wide_name;
}

int _configthreadlocale(int type)
{
    return type == 0 || type == 1 || type == 2 ? 2 /* _DISABLE_PER_THREAD_LOCALE */
                                                : (crt_invalid(EINVAL), -1);
}

/* A locale object: pointers to the data that inlined functions of old headers read. */
struct locale_object {
    void *information, *multibyte;
    crt_locale data;
};
static struct locale_object global_object;

void *_get_current_locale(void)
{
    struct locale_object *object = calloc(1, sizeof *object);

    if (object)
        object->data = crt_global_locale;
    return object;
}

void *_create_locale(int category, const char *name)
{
    struct locale_object *object;

    if (category < 0 || category > 5 || !name || !accepted(name))
        return NULL;
    object = _get_current_locale();
    if (object) {
        object->data.utf8 = ends_in_utf8(name);
        object->data.max_bytes = object->data.utf8 ? 4 : 1;
    }
    return object;
}

void *_wcreate_locale(int category, const wchar_t *name)
{
    char narrow[64];

    if (!name || !WideCharToMultiByte(CP_ACP, 0, name, -1, narrow, sizeof narrow, NULL, NULL))
        return NULL;
    return _create_locale(category, narrow);
}

void _free_locale(void *locale)
{
    if (locale != &global_object)
        free(locale);
}

unsigned ___lc_codepage_func(void)
{
    return crt_global_locale.code_page;
}

unsigned ___lc_collate_cp_func(void)
{
    return crt_global_locale.code_page;
}

static LCID handles[6];
static wchar_t *names[6];

LCID *___lc_handle_func(void)
{
    return handles;
}

wchar_t **___lc_locale_name_func(void)
{
    return names;
}

int ___mb_cur_max_func(void)
{
    return __mb_cur_max;
}

int ___mb_cur_max_l_func(void *locale)
{
    return locale ? ((struct locale_object *)locale)->data.max_bytes : __mb_cur_max;
}

int *__p___mb_cur_max(void)
{
    return &__mb_cur_max;
}

void _lock_locales(void)
{
    _lock(12);
}

void _unlock_locales(void)
{
    _unlock(12);
}
