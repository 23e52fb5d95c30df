/* Loads and stores all over the room: more pages than a small TLB holds. */
#include "load.h"

#define WORDS (ROOM_BYTES / sizeof(unsigned))

unsigned load(unsigned scale, unsigned char *room) {
    volatile unsigned *words = (volatile unsigned *)room;
    for (unsigned at = 0; at < WORDS; at += 1024)
        words[at] = at;
    unsigned state = 1, sum = 0;
    for (unsigned i = 0; i < scale * 1000; i++) {
        state = state * 1664525 + 1013904223;
        words[(state >> 8) % WORDS] += i;
        sum ^= words[(state >> 9) % WORDS];
    }
    return sum;
}
