/* Readable names of types, type_info::name(): ".?AVlist@std@@" is "class std::list". The encoding
   is that of decorated names in Microsoft's linker reference; local types keep the decorated one. */
#include "crt.h"

#define DEPTH 40
#define REMEMBERED 10

struct table {                                /* what a digit later stands for */
    const char *text[REMEMBERED];
    int count;
};
struct reader {
    const char *at;
    char *free, *end;                         /* room for texts */
    struct table names, types;
    int depth;
    bool failed;
};

static const char *fail(struct reader *r)
{
    r->failed = true;
    return "";
}

static const char *join(struct reader *r, const char *a, const char *b, const char *c)
{
    size_t sizes[3] = {strlen(a), strlen(b), strlen(c)};
    char *text = r->free;

    if (sizes[0] + sizes[1] + sizes[2] >= (size_t)(r->end - r->free))
        return fail(r);
    __builtin_memcpy(text, a, sizes[0]);
    __builtin_memcpy(text + sizes[0], b, sizes[1]);
    __builtin_memcpy(text + sizes[0] + sizes[1], c, sizes[2] + 1);
    r->free += sizes[0] + sizes[1] + sizes[2] + 1;
    return text;
}

static const char *remember(struct table *table, const char *text)
{
    if (table->count < REMEMBERED)
        table->text[table->count++] = text;
    return text;
}

static const char *recall(struct reader *r, const struct table *table)
{
    int index = *r->at++ - '0';
    return index < table->count ? table->text[index] : fail(r);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool skip(struct reader *r, const char *prefix)
{
    size_t size = strlen(prefix);

    for (size_t i = 0; i < size; i++)
        if (r->at[i] != prefix[i])
            return false;
    r->at += size;
    return true;
}

/* "0" to "9" are 1 to 10; other numbers are in hexadecimal with the digits A to P, and an @. */
static int number(struct reader *r)
{
    int sign = skip(r, "?") ? -1 : 1;
    unsigned value = 0;

    if (digit(*r->at))
        return sign * (*r->at++ - '0' + 1);
    while (*r->at >= 'A' && *r->at <= 'P')
        value = value * 16 + (*r->at++ - 'A');
    if (!skip(r, "@"))
        fail(r);
    return sign * (int)value;
}

static const char *digits(struct reader *r, int value)
{
    char text[16], *end = text + sizeof text - 1;
    unsigned rest = value < 0 ? -(unsigned)value : (unsigned)value;

    *end = 0;
    do
        *--end = '0' + rest % 10;
    while (rest /= 10);
    return join(r, value < 0 ? "-" : "", end, "");
}

static const char *type(struct reader *r, const char *declarator);

static const char *argument(struct reader *r)
{
    const char *start = r->at, *text;

    if (digit(*r->at))
        return recall(r, &r->types);
    if (skip(r, "$0"))
        return digits(r, number(r));
    text = type(r, "");
    return r->at - start > 1 ? remember(&r->types, text) : text;
}

/* Up to "@" in template arguments, and "Z" or "@" in a function's. */
static const char *arguments(struct reader *r, bool function)
{
    const char *text = "";

    if (function && skip(r, "X"))
        return "void";
    while (!r->failed && !skip(r, "@")) {
        if (skip(r, "$$V") || skip(r, "$$Z"))
            continue;
        if (function && skip(r, "Z"))
            return join(r, text, *text ? ",..." : "...", "");
        text = join(r, text, *text ? "," : "", argument(r));
    }
    return text;
}

static const char *identifier(struct reader *r)
{
    const char *start = r->at;
    char *text = r->free;

    while (*r->at && *r->at != '@')
        r->at++;
    if (*r->at != '@' || r->at == start || r->at - start >= r->end - r->free)
        return fail(r);
    __builtin_memcpy(text, start, r->at - start);
    text[r->at++ - start] = 0;
    r->free = text + (r->at - start);
    return text;
}

static const char *template(struct reader *r)
{
    struct table names = r->names, types = r->types;
    const char *text, *list;

    r->names.count = r->types.count = 0;
    text = remember(&r->names, identifier(r));
    list = arguments(r, false);
    r->names = names;
    r->types = types;
    text = join(r, text, "<", list);
    return join(r, text, *list && list[strlen(list) - 1] == '>' ? " " : "", ">");
}

static const char *name(struct reader *r)
{
    const char *text = "";

    do {
        const char *part;

        if (digit(*r->at))
            part = recall(r, &r->names);
        else if (skip(r, "?$"))
            part = remember(&r->names, template(r));
        else if (skip(r, "?A"))
            part = (identifier(r), remember(&r->names, "`anonymous namespace'"));
        else
            part = *r->at == '?' ? fail(r) : remember(&r->names, identifier(r));
        text = *text ? join(r, part, "::", text) : part;
    } while (!r->failed && !skip(r, "@"));
    return text;
}

static const char *declare(struct reader *r, const char *base, const char *declarator)
{
    return join(r, base, *declarator ? " " : "", declarator);
}

/* The rest of a function's type, behind its calling convention's place; `inside` is what stands
   between the convention and the arguments. */
static const char *function(struct reader *r, const char *inside, const char *qualifiers)
{
    static const char *const conventions[] = {"__cdecl", "__pascal", "__thiscall", "__stdcall",
                                              "__fastcall"};
    unsigned convention = (unsigned)(*r->at++ - 'A') / 2;
    const char *start, *returned, *list;
    bool bare = !*inside;

    if (convention >= COUNT_OF(conventions))
        return fail(r);
    start = r->at;
    type(r, "");                              /* only to get behind it */
    list = arguments(r, true);
    if (!skip(r, "Z"))
        return fail(r);
    inside = join(r, bare ? "" : "(", conventions[convention], inside);
    inside = join(r, inside, bare ? "(" : ")(", join(r, list, ")", qualifiers));
    returned = r->at;
    r->at = start;
    inside = type(r, inside);
    r->at = returned;
    return inside;
}

static const char *const qualifier[] = {"", " const", " volatile", " const volatile"};

/* Pointers and references; `mark` is how they are written. */
static const char *pointer(struct reader *r, const char *mark, const char *declarator)
{
    const char *owner;
    char kind = *r->at++;

    mark = join(r, mark, *declarator == '*' || *declarator == '&' ? " " : "", declarator);
    if (kind == '6')
        return function(r, mark, "");
    if (kind == '8') {
        owner = join(r, " ", name(r), "::");
        kind = *r->at++;
        if (kind < 'A' || kind > 'D')
            return fail(r);
        return function(r, join(r, owner, mark, ""), qualifier[kind - 'A'] + (kind > 'A'));
    }
    if (kind >= 'Q' && kind <= 'T') {
        mark = join(r, name(r), "::", mark);
        kind = 'A' + (kind - 'Q');
    }
    if (kind < 'A' || kind > 'D')
        return fail(r);
    if (*r->at == 'Y')
        return type(r, join(r, "(", mark, ")"));
    if (*r->at >= 'P' && *r->at <= 'S')
        return type(r, mark);
    return type(r, *qualifier[kind - 'A'] ? join(r, qualifier[kind - 'A'] + 1, " ", mark) : mark);
}

static const char *array(struct reader *r, const char *declarator)
{
    for (int dimensions = number(r); dimensions > 0 && !r->failed; dimensions--)
        declarator = join(r, declarator, "[", join(r, digits(r, number(r)), "]", ""));
    return type(r, declarator);
}

static const char *basic(char letter, bool extended)
{
    static const char plain[] = "CDEFGHIJKMNOX", more[] = "NJKWSUQ";
    static const char *const plain_names[] = {
        "signed char", "char", "unsigned char", "short", "unsigned short", "int", "unsigned int",
        "long", "unsigned long", "float", "double", "long double", "void"};
    static const char *const more_names[] = {"bool", "__int64", "unsigned __int64", "wchar_t",
                                             "char16_t", "char32_t", "char8_t"};
    const char *letters = extended ? more : plain;

    for (size_t i = 0; letters[i]; i++)
        if (letters[i] == letter)
            return (extended ? more_names : plain_names)[i];
    return NULL;
}

static const char *special(struct reader *r, const char *declarator)
{
    char kind;

    if (skip(r, "$$T"))
        return declare(r, "std::nullptr_t", declarator);
    if (skip(r, "$$A6"))
        return function(r, declarator, "");
    if (skip(r, "$$Q"))
        return pointer(r, "&&", declarator);
    if (skip(r, "$$B"))
        return type(r, declarator);
    if (!skip(r, "$$C") && !skip(r, "?"))
        return fail(r);
    kind = *r->at++;
    if (kind < 'A' || kind > 'D')
        return fail(r);
    if (kind == 'A')
        return type(r, declarator);
    return type(r, declare(r, qualifier[kind - 'A'] + 1, declarator));
}

static const char *one(struct reader *r, const char *declarator)
{
    static const char *const marks[] = {"*", "* const", "* volatile", "* const volatile"};
    char letter = *r->at;
    const char *text;

    if (letter == '$' || letter == '?')
        return special(r, declarator);
    r->at += letter != 0;
    if (letter >= 'P' && letter <= 'S')
        return pointer(r, marks[letter - 'P'], declarator);
    switch (letter) {
    case 'A': return pointer(r, "&", declarator);
    case 'B': return pointer(r, "& volatile", declarator);
    case 'Y': return array(r, declarator);
    case 'T': return declare(r, join(r, "union ", name(r), ""), declarator);
    case 'U': return declare(r, join(r, "struct ", name(r), ""), declarator);
    case 'V': return declare(r, join(r, "class ", name(r), ""), declarator);
    case 'W':
        if (!skip(r, "4"))
            return fail(r);
        return declare(r, join(r, "enum ", name(r), ""), declarator);
    }
    text = letter == '_' && *r->at ? basic(*r->at++, true) : basic(letter, false);
    return text ? declare(r, text, declarator) : fail(r);
}

static const char *type(struct reader *r, const char *declarator)
{
    const char *text;

    if (r->failed || r->depth == DEPTH)
        return fail(r);
    r->depth++;
    text = one(r, declarator);
    r->depth--;
    return text;
}

/* Allocated with malloc; NULL when there is no memory. */
char *crt_readable_type(const char *decorated)
{
    size_t room = 4096 + 32 * strlen(decorated);
    struct reader r = {.at = decorated + 1, .free = malloc(room)};
    char *start = r.free, *copy;
    const char *text;

    if (!start)
        return NULL;
    r.end = start + room;
    text = type(&r, "");
    copy = _strdup(r.failed || *r.at ? decorated + 1 : text);
    free(start);
    return copy;
}

/* The UCRT's type_info::name(): the text is kept in the first word of what it is given, behind the
   link of the list by which the program's end frees it. */
struct type_data {
    char *readable;
    char decorated[];
};
struct link {
    struct link *next;
};

const char *__std_type_info_name(struct type_data *data, struct link *list)
{
    char *text = NULL;
    struct link *link;

    if (data->readable)
        return data->readable;
    text = crt_readable_type(data->decorated);
    link = malloc(sizeof *link + (text ? strlen(text) + 1 : 0));
    if (!text || !link) {
        free(text);
        free(link);
        return NULL;
    }
    __builtin_memcpy(link + 1, text, strlen(text) + 1);
    free(text);
    if (InterlockedCompareExchangePointer((void **)&data->readable, link + 1, NULL)) {
        free(link);
        return data->readable;
    }
    do
        link->next = list->next;
    while (InterlockedCompareExchangePointer((void **)&list->next, link, link->next) != link->next);
    return data->readable;
}

void __std_type_info_destroy_list(struct link *list)
{
    struct link *link = InterlockedExchangePointer((void **)&list->next, NULL);

    while (link) {
        struct link *next = link->next;
        free(link);
        link = next;
    }
}
