/* Quicksort of 20,000 words. */
#include "load.h"

#define COUNT 20000

static void sort(int *words, int low, int high) {
    while (low < high) {
        int pivot = words[(low + high) / 2], i = low, j = high;
        while (i <= j) {
            while (words[i] < pivot)
                i++;
            while (words[j] > pivot)
                j--;
            if (i <= j) {
                int word = words[i];
                words[i++] = words[j];
                words[j--] = word;
            }
        }
        sort(words, low, j);
        low = i;
    }
}

unsigned load(unsigned scale, unsigned char *room) {
    int *words = (int *)room;
    unsigned seed = 1, sum = 0;
    for (unsigned i = 0; i < scale; i++) {
        for (int j = 0; j < COUNT; j++) {
            seed = seed * 1103515245u + 12345u;
            words[j] = (int)seed;
        }
        sort(words, 0, COUNT - 1);
        sum = sum * 31 + (unsigned)words[COUNT / 2];
    }
    return sum;
}
