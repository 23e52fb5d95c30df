/* The Mandelbrot set in doubles. */
#include "load.h"

unsigned load(unsigned scale, unsigned char *room) {
    unsigned inside = 0;
    for (unsigned i = 0; i < scale * 10; i++) {
        double cx = (double)(i % 97) / 48.0 - 1.5, cy = (double)(i % 89) / 44.0 - 1.0;
        double x = 0, y = 0;
        int round = 0;
        for (; round < 100 && x * x + y * y < 4; round++) {
            double next = x * x - y * y + cx;
            y = 2 * x * y + cy;
            x = next;
        }
        inside += (unsigned)round;
    }
    return inside + (room == 0);
}
