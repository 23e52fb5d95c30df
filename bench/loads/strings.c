/* Strings built in blocks from a free list: short loops over bytes, many allocations. */
#include "load.h"

#define BLOCK 64u
#define BLOCKS 4096u

struct block {
    struct block *next;
    char text[BLOCK - sizeof(void *)];
};

static struct block *list_blocks(unsigned char *room) {
    struct block *first = 0;
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct block *block = (struct block *)(room + i * BLOCK);
        block->next = first;
        first = block;
    }
    return first;
}

static char *append(char *at, const char *text) {
    while (*text)
        *at++ = *text++;
    return at;
}

static unsigned write_line(char *text, unsigned number) {
    char digits[12], *digit = digits + 11, *at = append(text, "line ");
    *digit = 0;
    do
        *--digit = (char)('0' + number % 10);
    while (number /= 10);
    at = append(append(at, digit), ": the quick brown fox\n");
    unsigned hash = 2166136261u;
    for (char *c = text; c < at; c++)
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    return hash;
}

unsigned load(unsigned scale, unsigned char *room) {
    struct block *spare = list_blocks(room), *kept[16] = {0};
    unsigned sum = 0;
    for (unsigned i = 0; i < scale * 10; i++) {
        struct block *block = spare, **place = &kept[i & 15];
        spare = block->next;
        sum += write_line(block->text, i);
        if (*place) {
            (*place)->next = spare;
            spare = *place;
        }
        *place = block;
    }
    return sum;
}
