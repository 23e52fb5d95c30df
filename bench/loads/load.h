/* A load: freestanding work that any 32-bit x86 system or bare CPU can run.
 *
 * `scale` is how much of it; the time is linear in it. `room` is ROOM_BYTES of memory that may be
 * written, and executed where a load needs that. The result depends on all of the work. */

#define ROOM_BYTES (16u << 20)

unsigned load(unsigned scale, unsigned char *room);
