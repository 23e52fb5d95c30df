/* The sorted list of resources. */
#include "resource_tree.h"

BOOL make_key(const WCHAR *name, struct resource_key *key)
{
    SIZE_T length;
    *key = (struct resource_key){NULL, 0};
    if (IS_INTRESOURCE(name)) {
        key->number = (WORD)(ULONG_PTR)name;
        return TRUE;
    }
    if (*name == '#') {
        while (*++name >= '0' && *name <= '9') key->number = key->number * 10 + *name - '0';
        return TRUE;
    }
    length = wcslen(name);
    key->name = allocate((length + 1) * sizeof *key->name);
    if (!key->name) return FALSE;
    for (SIZE_T i = 0; i <= length; i++) key->name[i] = RtlUpcaseUnicodeChar(name[i]);
    return TRUE;
}

void free_key(struct resource_key *key)
{
    if (key->name) release(key->name);
}

static int compare_keys(const struct resource_key *left, const struct resource_key *right)
{
    if (left->name && right->name) return wcscmp(left->name, right->name);
    if (left->name || right->name) return left->name ? -1 : 1;
    return (int)left->number - (int)right->number;
}

BOOL same_key(const struct resource_key *left, const struct resource_key *right)
{
    return !compare_keys(left, right);
}

static int compare(const struct resource *resource, const struct resource_key *type,
    const struct resource_key *name, WORD language)
{
    int order = compare_keys(&resource->type, type);
    if (!order) order = compare_keys(&resource->name, name);
    return order ? order : (int)resource->language - (int)language;
}

static void free_resource(struct resource *resource)
{
    free_key(&resource->type);
    free_key(&resource->name);
    release(resource);
}

BOOL put_resource(struct resource **list, struct resource_key type, struct resource_key name,
    WORD language, DWORD code_page, const void *data, DWORD size)
{
    struct resource *resource, *old;
    while (*list && compare(*list, &type, &name, language) < 0) list = &(*list)->next;
    old = *list && !compare(*list, &type, &name, language) ? *list : NULL;
    if (old) {
        *list = old->next;
        free_resource(old);
    }
    if (!data) {
        free_key(&type);
        free_key(&name);
        return old != NULL || set_error(ERROR_RESOURCE_DATA_NOT_FOUND);
    }
    resource = allocate(sizeof *resource + size);
    if (!resource) {
        free_key(&type);
        free_key(&name);
        return FALSE;
    }
    *resource = (struct resource){*list, type, name, language, code_page, size,
        (BYTE *)(resource + 1)};
    memcpy(resource->data, data, size);
    *list = resource;
    return TRUE;
}

void free_resources(struct resource **list)
{
    while (*list) {
        struct resource *first = *list;
        *list = first->next;
        free_resource(first);
    }
}
