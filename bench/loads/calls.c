/* Calls and returns, direct and through a pointer. */
#include "load.h"

__attribute__((noinline)) static unsigned twice(unsigned x) { return x * 2 + 1; }

__attribute__((noinline)) static unsigned third(unsigned x) { return x / 3 + twice(x); }

unsigned load(unsigned scale, unsigned char *room) {
    unsigned (*volatile step[2])(unsigned) = {twice, third};
    unsigned sum = (unsigned)(room != 0);
    for (unsigned i = 0; i < scale * 1000; i++)
        sum = step[i & 1](sum + i);
    return sum;
}
