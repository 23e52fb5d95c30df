/* A small virtual machine: each of its instructions is an indirect jump. */
#include "load.h"

enum { PUSH, ADD, SUBTRACT, MULTIPLY, DUPLICATE, SWAP, REPEAT, END };

static unsigned run(unsigned value, unsigned *stack) {
    static const unsigned char program[] = {
        SWAP, DUPLICATE, MULTIPLY, PUSH, 7, ADD, SWAP, PUSH, 1, SUBTRACT, REPEAT, END,
    };
    const unsigned char *next = program;
    unsigned *top = stack;
    *top = value;
    *++top = 100;
    for (;;)
        switch (*next++) {
        case PUSH: *++top = *next++; break;
        case ADD: top--; *top += top[1]; break;
        case SUBTRACT: top--; *top -= top[1]; break;
        case MULTIPLY: top--; *top *= top[1]; break;
        case DUPLICATE: top++; *top = top[-1]; break;
        case SWAP: { unsigned value = *top; *top = top[-1]; top[-1] = value; break; }
        case REPEAT: if (*top) next = program; break;
        case END: return top[-1];
        }
}

unsigned load(unsigned scale, unsigned char *room) {
    unsigned sum = 0;
    for (unsigned i = 0; i < scale; i++)
        sum = sum * 31 + run(i, (unsigned *)room);
    return sum;
}
