/* The primes below half a million, again and again. */
#include "load.h"

#define LIMIT 500000u

static unsigned count_primes(unsigned char *composite) {
    unsigned count = 0;
    for (unsigned i = 0; i < LIMIT; i++)
        composite[i] = 0;
    for (unsigned i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        count++;
        for (unsigned j = i * 2; j < LIMIT; j += i)
            composite[j] = 1;
    }
    return count;
}

unsigned load(unsigned scale, unsigned char *room) {
    unsigned sum = 0;
    for (unsigned i = 0; i < scale; i++)
        sum = sum * 31 + count_primes(room);
    return sum;
}
