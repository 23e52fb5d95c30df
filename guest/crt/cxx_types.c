/* Run-time type information: typeid, dynamic_cast, and what the UCRT asks of a std::type_info. */
#include "cxx.h"

enum { BASE_PRIVATE = 1, BASE_AMBIGUOUS = 2, BASE_NOT_PUBLIC_IN_WHOLE = 8 };
struct base {
    const struct type_descriptor *type;
    int contained;                            /* bases that follow and are its own */
    struct displacement place;
    unsigned flags;
};
struct hierarchy {
    unsigned signature, flags;
    int count;
    const struct base *const *bases;          /* the class itself is the first */
};
struct locator {                              /* in the word before a virtual function table */
    unsigned signature;
    int offset;                               /* of the table's pointer in the whole object */
    int constructor_offset;                   /* of the displacement while it is constructed */
    const struct type_descriptor *type;
    const struct hierarchy *hierarchy;
};

static bool readable(const void *address)
{
    return address && !IsBadReadPtr(address, sizeof(void *));
}

static const struct locator *locator_of(const void *object)
{
    const struct locator *found = NULL;

    if (readable(object) && readable(*(const void ***)object - 1))
        found = ((const struct locator **)*(void **)object)[-1];
    if (!readable(found) || !readable(found->type))
        crt_throw_no_rtti("Access violation - no RTTI data!");
    return found;
}

static char *whole(char *object, const struct locator *locator)
{
    char *start = object - locator->offset;

    if (locator->constructor_offset)
        start -= *(int *)(object - locator->constructor_offset);
    return start;
}

const void *__RTtypeid(const void *object)
{
    if (!object)
        crt_throw_bad_typeid("Attempted a typeid of NULL pointer!");
    return locator_of(object)->type;
}

void *__RTCastToVoid(void *object)
{
    return object ? whole(object, locator_of(object)) : NULL;
}

/* Where the source, at `at`, is a public base of a target class: a cast down. */
static const struct base *below(const struct hierarchy *all, char *start, const char *at,
                                const struct type_descriptor *source,
                                const struct type_descriptor *target)
{
    for (int i = 0; i < all->count; i++) {
        const struct base *base = all->bases[i];

        if (!crt_same_type(base->type, target))
            continue;
        for (int j = i + 1; j <= i + base->contained && j < all->count; j++) {
            const struct base *inner = all->bases[j];

            if (crt_same_type(inner->type, source) && __AdjustPointer(start, &inner->place) == at &&
                !(inner->flags & BASE_PRIVATE && !(base->flags & BASE_PRIVATE)))
                return base;
        }
    }
    return NULL;
}

/* The source is a public base of the whole object, and so is one target: a cast across. */
static const struct base *across(const struct hierarchy *all, char *start, const char *at,
                                 const struct type_descriptor *source,
                                 const struct type_descriptor *target)
{
    const struct base *found = NULL;
    bool visible = false;

    for (int i = 0; i < all->count; i++) {
        const struct base *base = all->bases[i];

        if (base->flags & BASE_PRIVATE)
            continue;
        if (crt_same_type(base->type, source) && __AdjustPointer(start, &base->place) == at)
            visible = true;
        if (!crt_same_type(base->type, target))
            continue;
        if (base->flags & BASE_AMBIGUOUS || (found && __AdjustPointer(start, &found->place) !=
                                                          __AdjustPointer(start, &base->place)))
            return NULL;
        found = base;
    }
    return visible ? found : NULL;
}

void *__RTDynamicCast(char *object, int displacement, const struct type_descriptor *source,
                      const struct type_descriptor *target, int reference)
{
    const struct locator *locator;
    const struct base *found;
    char *start;

    if (!object)
        return NULL;
    locator = locator_of(object);
    start = whole(object, locator);
    object -= displacement;
    found = below(locator->hierarchy, start, object, source, target);
    if (!found)
        found = across(locator->hierarchy, start, object, source, target);
    if (!found && reference)
        crt_throw_bad_cast("Bad dynamic_cast!");
    return found ? __AdjustPointer(start, &found->place) : NULL;
}

/* The UCRT's: what it is given starts at the word that keeps the readable name. */
struct type_data {
    char *readable;
    char name[];
};

int __std_type_info_compare(const struct type_data *a, const struct type_data *b)
{
    return a == b ? 0 : strcmp(a->name + 1, b->name + 1);
}

/* FNV-1a of the name without its leading dot, 32 bits. */
size_t __std_type_info_hash(const struct type_data *type)
{
    size_t hash = 2166136261u;

    for (const char *c = type->name + 1; *c; c++)
        hash = (hash ^ (uchar)*c) * 16777619u;
    return hash;
}
