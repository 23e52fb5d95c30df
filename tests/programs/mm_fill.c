/* Fills 256 MB with pseudo-random words and reads them back in another order. */
#include <stdio.h>
#include <windows.h>

#define PAGES 65536u
#define WORDS 1024u

static unsigned first_word(unsigned page)
{
    return (page + 1) * 2654435761u;
}

static unsigned next_word(unsigned word)
{
    return word * 1664525u + 1013904223u;
}

int main(void)
{
    unsigned *memory = VirtualAlloc(NULL, PAGES * WORDS * 4, MEM_RESERVE | MEM_COMMIT,
        PAGE_READWRITE);
    unsigned page, i, word, wrong = 0;
    if (!memory) {
        printf("no memory: %lu\n", GetLastError());
        return 1;
    }
    for (page = 0; page < PAGES; page++)
        for (i = 0, word = first_word(page); i < WORDS; i++, word = next_word(word))
            memory[page * WORDS + i] = word;
    for (i = 0; i < PAGES; i++) {
        unsigned j;
        page = i * 40503u % PAGES;
        for (j = 0, word = first_word(page); j < WORDS; j++, word = next_word(word))
            wrong += memory[page * WORDS + j] != word;
    }
    printf("%u wrong words\n", wrong);
    return wrong != 0;
}
