/* Resources as a list that is sorted as the tree in an image is: by type, name and language, names
 * before numbers. */
#pragma once
#include "kernel32.h"

struct resource_key {
    WCHAR *name; /* NULL: a number */
    WORD number;
};

struct resource {
    struct resource *next;
    struct resource_key type, name;
    WORD language;
    DWORD code_page, size;
    BYTE *data;
};

/* From a caller's name, number or "#number"; FALSE: no memory. */
BOOL make_key(const WCHAR *name, struct resource_key *key);
void free_key(struct resource_key *key);
/* Puts a copy of the data into its place, or takes the resource out where data is NULL. The keys
 * are the list's from then on. FALSE, with the error stored: no memory. */
BOOL put_resource(struct resource **list, struct resource_key type, struct resource_key name,
    WORD language, DWORD code_page, const void *data, DWORD size);
void free_resources(struct resource **list);
BOOL same_key(const struct resource_key *left, const struct resource_key *right);

/* Adds what the image's tree has (resource_read.c). FALSE, with the error stored: no image, or no
 * memory; a tree that leads out of its section is taken as far as it does not. */
BOOL read_resources(const BYTE *file, DWORD size, struct resource **list);
/* The image with another tree, on the heap (resource_write.c). NULL, with the error stored. */
BYTE *with_resources(const BYTE *file, DWORD size, const struct resource *list, DWORD *new_size);
/* The headers of a 32-bit or 64-bit image that lie in the file whole; NULL: none. */
IMAGE_NT_HEADERS32 *image_headers(const BYTE *file, DWORD size);
IMAGE_DATA_DIRECTORY *image_directory(IMAGE_NT_HEADERS32 *headers, int index);
