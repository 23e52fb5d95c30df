/* Sorting, searching and pseudo-random numbers. */
#include "crt.h"

typedef int(__cdecl *order)(const void *, const void *);
typedef int(__cdecl *order_s)(void *, const void *, const void *);

struct sorting {
    order plain;
    order_s with_context;
    void *context;
    size_t size;
};

static int compare(const struct sorting *s, const void *a, const void *b)
{
    return s->plain ? s->plain(a, b) : s->with_context(s->context, a, b);
}

static void swap(char *a, char *b, size_t size)
{
    for (; size >= 4; size -= 4, a += 4, b += 4) {
        uint32_t x, y;
        __builtin_memcpy(&x, a, 4);
        __builtin_memcpy(&y, b, 4);
        __builtin_memcpy(a, &y, 4);
        __builtin_memcpy(b, &x, 4);
    }
    for (; size; size--, a++, b++) {
        char x = *a;
        *a = *b;
        *b = x;
    }
}

static void insertion(const struct sorting *s, char *first, char *last)
{
    for (char *end = first + s->size; end <= last; end += s->size)
        for (char *at = end; at > first && compare(s, at - s->size, at) > 0; at -= s->size)
            swap(at - s->size, at, s->size);
}

static void sift(const struct sorting *s, char *base, size_t root, size_t count)
{
    for (size_t child; (child = root * 2 + 1) < count; root = child) {
        if (child + 1 < count &&
            compare(s, base + child * s->size, base + (child + 1) * s->size) < 0)
            child++;
        if (compare(s, base + root * s->size, base + child * s->size) >= 0)
            break;
        swap(base + root * s->size, base + child * s->size, s->size);
    }
}

static void heap_sort(const struct sorting *s, char *base, size_t count)
{
    for (size_t root = count / 2; root-- > 0;)
        sift(s, base, root, count);
    while (--count > 0) {
        swap(base, base + count * s->size, s->size);
        sift(s, base, 0, count);
    }
}

/* Quicksort on the median of three; heapsort when a bad order of input makes it too deep. */
static void sort(const struct sorting *s, char *first, char *last, int depth)
{
    while ((size_t)(last - first) > 8 * s->size) {
        char *middle = first + (size_t)(last - first) / s->size / 2 * s->size;
        char *low = first, *high = last;

        if (!depth--) {
            heap_sort(s, first, (size_t)(last - first) / s->size + 1);
            return;
        }
        if (compare(s, first, middle) > 0)
            swap(first, middle, s->size);
        if (compare(s, first, last) > 0)
            swap(first, last, s->size);
        if (compare(s, middle, last) > 0)
            swap(middle, last, s->size);
        for (;;) {
            do
                low += s->size;
            while (low < last && low != middle && compare(s, low, middle) < 0);
            do
                high -= s->size;
            while (high > first && high != middle && compare(s, middle, high) < 0);
            if (low >= high)
                break;
            swap(low, high, s->size);
            middle = middle == low ? high : middle == high ? low : middle;
        }
        if (low < middle) {
            swap(low, middle, s->size);
            middle = low;
        } else if (high > middle) {
            swap(high, middle, s->size);
            middle = high;
        }
        if (middle - first < last - middle) {
            sort(s, first, middle - (middle > first ? s->size : 0), depth);
            first = middle + s->size;
        } else {
            sort(s, middle + s->size, last, depth);
            last = middle - (middle > first ? s->size : 0);
        }
        if (first > last)
            return;
    }
    insertion(s, first, last);
}

static void sort_all(void *base, size_t count, struct sorting *s)
{
    int depth = 4;

    if ((!base && count) || !s->size || (!s->plain && !s->with_context)) {
        crt_invalid(EINVAL);
        return;
    }
    if (count < 2)
        return;
    for (size_t n = count; n; n >>= 1)
        depth += 2;
    sort(s, base, (char *)base + (count - 1) * s->size, depth);
}

void qsort(void *base, size_t count, size_t size, order by)
{
    sort_all(base, count, &(struct sorting){.plain = by, .size = size});
}

void qsort_s(void *base, size_t count, size_t size, order_s by, void *context)
{
    sort_all(base, count, &(struct sorting){.with_context = by, .context = context, .size = size});
}

static void *halve(const void *key, const void *base, size_t count, const struct sorting *s)
{
    const char *from = base;

    if ((!base && count) || !s->size || (!s->plain && !s->with_context)) {
        crt_invalid(EINVAL);
        return NULL;
    }
    while (count) {
        const char *middle = from + count / 2 * s->size;
        int side = compare(s, key, middle);

        if (!side)
            return (void *)middle;
        if (side > 0) {
            from = middle + s->size;
            count--;
        }
        count /= 2;
    }
    return NULL;
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, order by)
{
    return halve(key, base, count, &(struct sorting){.plain = by, .size = size});
}

void *bsearch_s(const void *key, const void *base, size_t count, size_t size, order_s by,
                void *context)
{
    return halve(key, base, count,
                 &(struct sorting){.with_context = by, .context = context, .size = size});
}

static void *linear(const void *key, void *base, unsigned *count, const struct sorting *s, bool add)
{
    char *at = base;

    if (!key || !base || !count || !s->size || (!s->plain && !s->with_context)) {
        crt_invalid(EINVAL);
        return NULL;
    }
    for (unsigned i = 0; i < *count; i++, at += s->size)
        if (!compare(s, key, at))
            return at;
    if (!add)
        return NULL;
    ++*count;
    return memcpy(at, key, s->size);
}

void *_lfind(const void *key, const void *base, unsigned *count, unsigned size, order by)
{
    return linear(key, (void *)base, count, &(struct sorting){.plain = by, .size = size}, false);
}

void *_lsearch(const void *key, void *base, unsigned *count, unsigned size, order by)
{
    return linear(key, base, count, &(struct sorting){.plain = by, .size = size}, true);
}

void *_lfind_s(const void *key, const void *base, unsigned *count, size_t size, order_s by,
               void *context)
{
    struct sorting s = {.with_context = by, .context = context, .size = size};

    return linear(key, (void *)base, count, &s, false);
}

void *_lsearch_s(const void *key, void *base, unsigned *count, size_t size, order_s by,
                 void *context)
{
    struct sorting s = {.with_context = by, .context = context, .size = size};

    return linear(key, base, count, &s, true);
}

/* The generator that every Microsoft runtime has; programs depend on its sequence. */
int rand(void)
{
    struct thread_data *data = crt_thread();

    data->random = data->random * 214013 + 2531011;
    return (int)(data->random >> 16 & 0x7FFF);
}

void srand(unsigned seed)
{
    crt_thread()->random = seed;
}

/* Random bits from the system, found as the UCRT finds it. */
int rand_s(unsigned *out)
{
    typedef BOOLEAN(WINAPI * generator)(void *, ULONG);
    generator random;
    HMODULE advapi;

    if (!out)
        return crt_invalid(EINVAL);
    advapi = LoadLibraryW(L"advapi32.dll");
    random = advapi ? (generator)(void *)GetProcAddress(advapi, "SystemFunction036") : NULL;
    if (random && random(out, sizeof *out))
        return 0;
    *out = 0;
    return errno = EINVAL;
}
