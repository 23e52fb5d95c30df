/* Arithmetic in registers: no memory, one branch in a round. */
#include "load.h"

unsigned load(unsigned scale, unsigned char *room) {
    (void)room;
    unsigned a = 1, b = 2463534242u;
    for (unsigned i = 0; i < scale * 1000; i++) {
        b ^= b << 13;
        b ^= b >> 17;
        b ^= b << 5;
        a = a * 1664525u + b;
    }
    return a;
}
