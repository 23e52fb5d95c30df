/* Four stores in a round, to data pages. */
#include "load.h"

unsigned load(unsigned scale, unsigned char *room) {
    volatile unsigned *words = (volatile unsigned *)room;
    for (unsigned i = 0; i < scale * 1000; i++) {
        unsigned at = i & 0xFFF;
        words[at] = i;
        words[at + 1] = i + 1;
        words[at + 2] = i + 2;
        words[at + 3] = i + 3;
    }
    return words[5] + words[0xFFF];
}
