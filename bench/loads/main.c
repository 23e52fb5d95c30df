/* A load as a program: `load SCALE` prints the result in hexadecimal. */
#include <stdio.h>
#include <stdlib.h>

#include "load.h"

#ifdef _WIN32
#include <windows.h>

static void *take_room(void) {
    return VirtualAlloc(NULL, ROOM_BYTES, MEM_RESERVE | MEM_COMMIT, ROOM_PROTECTION);
}
#else
#include <sys/mman.h>

static void *take_room(void) {
    void *room = mmap(NULL, ROOM_BYTES, ROOM_PROTECTION, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room == MAP_FAILED ? NULL : room;
}
#endif

int main(int count, char **words) {
    unsigned char *room = take_room();
    if (count != 2 || room == NULL)
        return 2;
    printf("%08x\n", load((unsigned)strtoul(words[1], NULL, 10), room));
    return 0;
}
